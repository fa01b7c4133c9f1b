"""A clock is started while more time is granted: real threads, PostgreSQL only."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from learners.accommodations.models import Accommodation
from learners.accommodations.services import grant_accommodation
from learners.enrolments.models import Enrolment
from learners.progress.models import BlockProgress
from learners.progress.services import record_progress
from learners.signals import accommodation_granted
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory, UserFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

TWICE = timedelta(minutes=20)


def start(enrolment: Enrolment, lesson: dict[str, Any]) -> str:
    block = lesson["blocks"][0]["id"]
    event = {"id": str(uuid.uuid4()), "lesson": lesson["id"], "block": block, "state": "in_progress"}
    return record_progress(user=enrolment.user, enrolment_id=enrolment.pk, events=[event]).events[0].status


def time_given() -> timedelta:
    row = BlockProgress.objects.get()
    assert row.deadline_at is not None
    assert row.clock_started_at is not None
    return row.deadline_at - row.clock_started_at


def test_a_clock_started_while_time_is_granted_has_what_was_granted(run_together: Any) -> None:
    for _round in range(20):
        BlockProgress.objects.all().delete()
        lesson = make_lesson(text_block(time_limit=10))
        enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(lesson)]))

        def work(number: int, enrolment: Enrolment = enrolment, lesson: dict[str, Any] = lesson) -> Any:
            if number:
                return start(enrolment, lesson)
            return grant_accommodation(user=enrolment.user, time_factor=2, granted_by=None).time_factor

        assert run_together(2, work) == [2, "applied"]
        assert time_given() == TWICE


def test_fifty_starts_and_a_grant_give_one_clock_with_what_was_granted(run_together: Any) -> None:
    lesson = make_lesson(text_block(time_limit=10))
    enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(lesson)]))

    def work(number: int) -> Any:
        if number == 25:
            return grant_accommodation(user=enrolment.user, time_factor=2, granted_by=None).time_factor
        return start(enrolment, lesson)

    assert run_together(50, work) == [2 if number == 25 else "applied" for number in range(50)]
    assert time_given() == TWICE


def test_somebody_who_enrols_and_starts_during_a_grant_has_what_was_granted() -> None:
    """The grant has looked at the enrolments that there are, and has not been committed yet."""
    user, lesson = UserFactory(), make_lesson(text_block(time_limit=10))
    state = make_edition(modules=[make_module(lesson)])

    def enrol_and_start() -> None:
        try:
            start(EnrolmentFactory(course=state, user=user), lesson)
        finally:
            connection.close()

    thread = threading.Thread(target=enrol_and_start)

    def meanwhile(sender: object, **kwargs: Any) -> None:
        thread.start()
        thread.join(timeout=1)

    accommodation_granted.connect(meanwhile)
    try:
        grant_accommodation(user=user, time_factor=2, granted_by=None)
    finally:
        accommodation_granted.disconnect(meanwhile)
    thread.join(timeout=30)
    assert (Accommodation.objects.count(), time_given()) == (1, TWICE)
