"""Managers over the API: their people, and more time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from learners.accounts.models import User
from learners.enrolments.models import DeadlineExtension, Enrolment
from learners.enrolments.services import enrol
from learners.progress.models import BlockProgress, Reopening
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory, MembershipFactory

LATER = timezone.localdate() + timedelta(days=60)


@pytest.fixture
def enrolment(learner: User) -> Enrolment:
    """Of somebody whom the API's signed-in learner manages."""
    manages = MembershipFactory(user=learner, manager=True)
    person = MembershipFactory(company=manages.company, user__name="Nadia", user__email="nadia@example.com").user
    return enrol(user=person, state=make_edition(title="Selling", completion_days=7))[0]


def test_team_lists_people_with_their_enrolments(as_learner: APIClient, enrolment: Enrolment) -> None:
    answer = as_learner.get("/api/v1/team/").json()
    listed = answer["results"][0]["enrolments"][0]
    assert (answer["count"], answer["results"][0]["name"], listed["id"], listed["course"]) == (
        1,
        "Nadia",
        enrolment.pk,
        "Selling",
    )
    assert [reason["code"] for reason in listed["deadline"]["reasons"]] == ["course_days"]
    assert sorted(listed) == [
        *("completed_at", "course", "cycle", "deadline", "due_at", "edition", "enrolled_at", "id", "is_expired"),
        *("is_overdue", "last_accessed_at", "percent", "score", "state"),
    ]


@pytest.mark.parametrize(
    ("query", "count"), [("status=not_started", 1), ("status=completed", 0), ("q=nadia", 1), ("q=lucas", 0)]
)
def test_team_is_filtered(as_learner: APIClient, enrolment: Enrolment, query: str, count: int) -> None:
    assert as_learner.get(f"/api/v1/team/?{query}").json()["count"] == count


@pytest.mark.parametrize("query", ["status=late", f"q={'x' * 101}", "limit=x"])
def test_team_refuses_nonsense(as_learner: APIClient, enrolment: Enrolment, query: str) -> None:
    response = as_learner.get(f"/api/v1/team/?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_team_of_somebody_else_is_empty_and_not_extended(as_charlie: APIClient, enrolment: Enrolment) -> None:
    assert as_charlie.get("/api/v1/team/").json()["results"] == []
    body = {"due_on": str(LATER), "note": "x"}
    assert as_charlie.post(f"/api/v1/enrolments/{enrolment.pk}/extensions/", body, format="json").status_code == 404
    assert DeadlineExtension.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_team_needs_eight_queries(
    as_learner: APIClient, enrolment: Enrolment, django_assert_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        EnrolmentFactory(user=MembershipFactory(company=enrolment.user.memberships.get().company).user)
    as_learner.get("/api/v1/team/")
    with django_assert_num_queries(8):
        as_learner.get("/api/v1/team/")


def test_extending_answers_the_promise(as_learner: APIClient, enrolment: Enrolment) -> None:
    path, body = f"/api/v1/enrolments/{enrolment.pk}/extensions/", {"due_on": str(LATER), "note": "parental leave"}
    first, again = (as_learner.post(path, body, format="json") for _click in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert (first.json()["due_at"], first.json()["note"]) == (f"{LATER}T23:59:59Z", "parental leave")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"note": "x"}, 400, "malformed"),
        ({"due_on": "2020-01-01", "note": "x"}, 400, "past"),
        ({"due_on": "soon", "note": "x"}, 400, "invalid"),
        ({"due_at": (timezone.now() + timedelta(hours=1)).isoformat(), "note": "x"}, 409, "not_later"),
    ],
)
def test_extending_refuses_what_makes_no_sense(
    as_learner: APIClient, enrolment: Enrolment, body: dict[str, str], status: int, code: str
) -> None:
    response = as_learner.post(f"/api/v1/enrolments/{enrolment.pk}/extensions/", body, format="json")
    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.fixture
def ended(enrolment: Enrolment) -> BlockProgress:
    """A timed block of the followed person that ended half an hour ago."""
    start = timezone.now() - timedelta(minutes=40)
    return BlockProgress.objects.create(
        enrolment=enrolment,
        lesson_key=uuid4(),
        block_id=uuid4(),
        started_at=start,
        last_accessed_at=start,
        clock_started_at=start,
        deadline_at=start + timedelta(minutes=10),
    )


def ask_to_reopen(client: APIClient, row: BlockProgress, **changes: str) -> Any:
    body = {"lesson": str(row.lesson_key), "block": str(row.block_id), "note": "A power cut."} | changes
    return client.post(f"/api/v1/enrolments/{row.enrolment_id}/reopenings/", body, format="json")


def test_reopening_answers_what_was_opened(as_learner: APIClient, ended: BlockProgress) -> None:
    first, again = (ask_to_reopen(as_learner, ended) for _click in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    made = Reopening.objects.get()
    told = first.json()
    assert (told["id"], told["enrolment"], told["block"]) == (made.pk, ended.enrolment_id, str(ended.block_id))
    assert (told["note"], datetime.fromisoformat(told["deadline_at"])) == ("A power cut.", ended.deadline_at)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"note": ""}, 400, "invalid"),
        ({"note": "n" * 501}, 400, "invalid"),
        ({"block": "x"}, 400, "invalid"),
        ({"block": str(uuid4())}, 404, "not_found"),
    ],
    ids=["no note", "long note", "no id", "never begun"],
)
def test_reopening_refuses_what_makes_no_sense(
    as_learner: APIClient, ended: BlockProgress, changes: dict[str, str], status: int, code: str
) -> None:
    response = ask_to_reopen(as_learner, ended, **changes)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_reopening_refuses_a_clock_that_runs(as_learner: APIClient, ended: BlockProgress) -> None:
    BlockProgress.objects.update(deadline_at=timezone.now() + timedelta(minutes=1))
    response = ask_to_reopen(as_learner, ended)
    assert (response.status_code, response.json()["code"]) == (409, "still_running")


def test_reopening_is_not_for_the_learner_nor_for_strangers(as_charlie: APIClient, ended: BlockProgress) -> None:
    assert ask_to_reopen(as_charlie, ended).status_code == 404
    as_charlie.force_login(ended.enrolment.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert ask_to_reopen(as_charlie, ended).status_code == 404
    assert ask_to_reopen(APIClient(), ended).status_code == 401
    assert Reopening.objects.count() == 0
