"""The page on which a manager opens a timed block again: theirs alone, and only what has ended."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from learners.companies.models import Membership
from learners.progress.models import BlockProgress, Reopening
from tests.factories.courses import make_edition, make_lesson, make_module, video_block
from tests.factories.learners import EnrolmentFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended() -> BlockProgress:
    """A film of ten minutes' time that ended half an hour ago."""
    learner = MembershipFactory(user__name="Lee Learner", company__name="Northwind").user
    block = video_block(time_limit=10, title="The secret film")
    lesson = make_lesson(block, title="Lesson 1")
    enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(lesson)], title="Calls"), user=learner)
    start = timezone.now() - timedelta(minutes=40)
    return BlockProgress.objects.create(
        enrolment=enrolment,
        lesson_key=lesson["id"],
        block_id=block["id"],
        started_at=start,
        last_accessed_at=start,
        clock_started_at=start,
        deadline_at=start + timedelta(minutes=10),
    )


@pytest.fixture
def manager(client: Client, ended: BlockProgress) -> Client:
    client.force_login(MembershipFactory(company=Membership.objects.get().company, manager=True).user)
    return client


def address(row: BlockProgress) -> str:
    return f"/team/enrolments/{row.enrolment_id}/lessons/{row.lesson_key}/blocks/{row.block_id}/reopen/"


def test_page_of_a_person_leads_to_what_has_ended(manager: Client, ended: BlockProgress) -> None:
    page = manager.get(f"/team/people/{ended.enrolment.user_id}/").content.decode()
    assert [page.count(words) for words in (address(ended), "Calls · Lesson 1")] == [1, 1]
    assert "Video: The secret film: the time was over on" in page


def test_evidence_leads_there_for_those_who_may(manager: Client, ended: BlockProgress) -> None:
    evidence = f"/evidence/{ended.enrolment_id}/"
    assert manager.get(evidence).content.decode().count(address(ended)) == 1
    manager.force_login(ended.enrolment.user)
    assert manager.get(evidence).content.decode().count(address(ended)) == 0


def test_manager_opens_it_again_and_says_why(manager: Client, ended: BlockProgress) -> None:
    assert "The secret film" in manager.get(address(ended)).content.decode()
    response = manager.post(address(ended), {"note": "A power cut."})
    assert response["Location"] == f"/team/people/{ended.enrolment.user_id}/"
    made = Reopening.objects.get()
    assert (made.progress, made.note, made.deadline_at) == (ended, "A power cut.", ended.deadline_at)
    ended.refresh_from_db()
    assert (ended.clock_started_at, ended.deadline_at) == (None, None)
    assert "There is nothing to open again" in manager.get(address(ended)).content.decode()


@pytest.mark.parametrize("note", ["", " ", "n" * 501])
def test_a_note_that_will_not_do_is_refused_on_the_page(manager: Client, ended: BlockProgress, note: str) -> None:
    response = manager.post(address(ended), {"note": note})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["note"])
    assert Reopening.objects.count() == 0


def test_what_is_still_running_is_refused_on_the_page(manager: Client, ended: BlockProgress) -> None:
    BlockProgress.objects.update(deadline_at=timezone.now() + timedelta(minutes=1))
    response = manager.post(address(ended), {"note": "Hurry."})
    assert (response.status_code, Reopening.objects.count()) == (422, 0)


def test_nobody_else_finds_the_page(client: Client, ended: BlockProgress) -> None:
    assert client.get(address(ended))["Location"] == f"/accounts/login/?next={address(ended)}"
    colleague = MembershipFactory(company=Membership.objects.get().company).user
    for stranger in (ended.enrolment.user, colleague, MembershipFactory(manager=True).user):
        client.force_login(stranger)
        assert (client.get(address(ended)).status_code, client.post(address(ended), {"note": "x"}).status_code) == (
            404,
            404,
        )
    assert Reopening.objects.count() == 0


def test_a_block_that_nobody_began_is_not_found(manager: Client, ended: BlockProgress) -> None:
    other = address(ended).replace(str(ended.block_id), str(ended.lesson_key))
    assert manager.post(other, {"note": "x"}).status_code == 404
    assert manager.get(address(ended).replace(f"/{ended.enrolment_id}/", f"/{2**63}/")).status_code == 404
