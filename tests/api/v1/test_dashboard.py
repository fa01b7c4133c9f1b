"""The learner's home in one call: order, groups, deadlines, constant queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from courses.editions.queries import clear_caches
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from learners.progress.services import touch_lesson
from tests.api.editions import publish
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory


def test_dashboard_groups_what_is_studied(as_learner: APIClient, learner: User) -> None:
    done, due, plain = (enrol(user=learner, state=publish(slug).state)[0] for slug in ("done", "due", "plain"))
    now = timezone.now()
    Enrolment.objects.filter(pk=done.pk).update(state="completed", completed_at=now, percent=100)
    Enrolment.objects.filter(pk=due.pk).update(due_at=now + timedelta(days=3))
    touch_lesson(enrolment=plain, lesson_key=publish("other").lesson_ids[0])
    answer = as_learner.get("/api/v1/me/dashboard/").json()
    assert answer["count"] == 3
    assert answer["continue_with"] == plain.pk
    assert answer["due_soon"] == [due.pk]
    assert sorted(answer["in_progress"]) == sorted([plain.pk, due.pk])
    assert answer["completed"] == [done.pk]
    enrolments = {enrolment["id"]: enrolment for enrolment in answer["enrolments"]}
    assert (enrolments[due.pk]["due_in_days"], enrolments[plain.pk]["due_in_days"]) == (3, None)
    assert (enrolments[due.pk]["minutes_left"], enrolments[done.pk]["minutes_left"]) == (20, 0)
    assert enrolments[due.pk]["next"]["path"] == "/courses/due/module-1/lesson-1/"


def test_dashboard_of_a_newcomer_is_empty(as_learner: APIClient) -> None:
    assert as_learner.get("/api/v1/me/dashboard/").json() == {
        "count": 0,
        "enrolments": [],
        "continue_with": None,
        "due_soon": [],
        "in_progress": [],
        "completed": [],
        "certificates": [],
    }


def test_dashboard_has_nothing_of_others(as_charlie: APIClient, learner: User) -> None:
    enrol(user=learner, state=publish("secret-plan").state)
    assert "secret-plan" not in as_charlie.get("/api/v1/me/dashboard/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_dashboard_needs_nine_queries(
    as_learner: APIClient, learner: User, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        enrol(user=learner, state=publish(f"course-{number}").state)
    clear_caches()
    as_learner.get("/api/v1/me/dashboard/")
    # Session, person, enrolments, courses, completed blocks, certificates; outlines not parsed yet cost one for all.
    with django_assert_num_queries(9):
        as_learner.get("/api/v1/me/dashboard/")


def test_dashboard_continues_where_something_is_open(as_learner: APIClient, learner: User) -> None:
    shut = make_edition(modules=[make_module(make_lesson(text_block(), title="Shut", release_after_days=30))])
    waiting = EnrolmentFactory(user=learner, course=shut, started=True)
    told = as_learner.get("/api/v1/me/dashboard/").json()
    assert told["continue_with"] == waiting.pk
    step = told["enrolments"][0]["next"]
    assert (step["title"], step["lock"]["code"]) == ("Shut", "not_released_yet")
    ready = EnrolmentFactory(user=learner)
    assert as_learner.get("/api/v1/me/dashboard/").json()["continue_with"] == ready.pk
