"""Staff open a timed block again from the page of an enrolment in the admin."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from courses.models import CataloguePage
from learners.progress.models import BlockProgress, Reopening
from tests.factories.courses import make_edition, make_lesson, make_module, video_block
from tests.factories.learners import EnrolmentFactory, UserFactory, make_editor


@pytest.fixture
def ended(catalogue: CataloguePage) -> BlockProgress:
    block = video_block(time_limit=10, title="The secret film")
    lesson = make_lesson(block, title="Lesson 1")
    enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(lesson)], title="Calls"))
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


def enrolment_page(row: BlockProgress) -> str:
    return f"/admin/registers/enrolments/inspect/{row.enrolment_id}/"


def address(row: BlockProgress) -> str:
    return f"/admin/registers/enrolments/{row.enrolment_id}/lessons/{row.lesson_key}/blocks/{row.block_id}/reopen/"


def sign_in(client: Client, *codenames: str) -> None:
    editor = make_editor()
    editor.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(editor)


def test_staff_open_it_from_the_page_of_the_enrolment(client: Client, ended: BlockProgress) -> None:
    admin = UserFactory(admin=True)
    client.force_login(admin)
    assert client.get(enrolment_page(ended)).content.decode().count(address(ended)) == 1
    assert "The secret film" in client.get(address(ended)).content.decode()
    response = client.post(address(ended), {"note": "A power cut."}, follow=True)
    assert response.redirect_chain == [(enrolment_page(ended), 302)]
    made = Reopening.objects.get()
    assert (made.progress, made.note, made.reopened_by) == (ended, "A power cut.", admin)
    assert "Open again" not in response.content.decode()


@pytest.mark.parametrize("note", ["", "n" * 501])
def test_a_note_is_asked_for(client: Client, ended: BlockProgress, note: str) -> None:
    client.force_login(UserFactory(admin=True))
    response = client.post(address(ended), {"note": note})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["note"])
    assert Reopening.objects.count() == 0


def test_what_is_still_running_is_refused(client: Client, ended: BlockProgress) -> None:
    BlockProgress.objects.update(deadline_at=timezone.now() + timedelta(minutes=1))
    client.force_login(UserFactory(admin=True))
    assert "There is nothing to open again" in client.get(address(ended)).content.decode()
    response = client.post(address(ended), {"note": "Hurry."})
    assert (list(response.context["form"].errors), Reopening.objects.count()) == (["__all__"], 0)


def test_whoever_may_only_look_sees_it_without_the_button(client: Client, ended: BlockProgress) -> None:
    sign_in(client, "view_enrolment")
    page = client.get(enrolment_page(ended)).content.decode()
    assert (page.count("The secret film"), page.count(address(ended))) == (1, 0)
    assert client.post(address(ended), {"note": "x"}).status_code == 302
    assert Reopening.objects.count() == 0


def test_impossible_addresses_are_not_found(client: Client, ended: BlockProgress) -> None:
    client.force_login(UserFactory(admin=True))
    assert client.get(address(ended).replace(f"/{ended.enrolment_id}/", f"/{2**63}/")).status_code == 404
    other = address(ended).replace(str(ended.block_id), str(ended.lesson_key))
    assert client.post(other, {"note": "x"}).status_code == 404
