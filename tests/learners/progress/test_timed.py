"""Blocks and courses with a time limit: the server's clock, more time for whom it was granted, starting again."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from learners.accommodations.services import grant_accommodation
from learners.enrolments.access import is_study_time_up
from learners.progress.models import BlockProgress
from learners.progress.queries import get_course_map
from learners.progress.services import ProgressRefusedError, complete_lesson, record_progress, touch_lesson
from tests.factories.courses import make_edition, make_lesson, make_module, text_block, video_block
from tests.factories.learners import AccommodationFactory, EnrolmentFactory

pytestmark = pytest.mark.django_db

START = timezone.now().replace(microsecond=0)


class Desk:
    """A learner in a lesson whose only block may be studied for ten minutes."""

    def __init__(self, *, time_limit=10, block=None, **facts):
        self.block = block or text_block(time_limit=time_limit)
        self.lesson = make_lesson(self.block)
        self.enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(self.lesson)], **facts))

    def send(self, minutes, **changes):
        event = {"id": str(uuid.uuid4()), "lesson": self.lesson["id"], "block": self.block["id"]} | changes
        with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
            return record_progress(user=self.enrolment.user, enrolment_id=self.enrolment.pk, events=[event]).events[0]

    @property
    def row(self):
        return BlockProgress.objects.get(enrolment=self.enrolment, block_id=self.block["id"])


def test_timed_block_counts_nothing_before_it_is_started():
    desk = Desk()
    assert [desk.send(0, **what).code for what in ({"state": "completed"}, {"active": 5})] == ["not_started"] * 2
    assert BlockProgress.objects.count() == 0


def test_timed_block_starts_once_and_completes_in_time():
    desk = Desk()
    desk.send(0, state="in_progress")
    desk.send(5, state="in_progress")
    assert (desk.row.clock_started_at, desk.row.deadline_at) == (START, START + timedelta(minutes=10))
    assert desk.send(10, state="completed").status == "applied"
    assert desk.row.state == "completed"


@pytest.mark.parametrize(("seconds", "code"), [(15, ""), (16, "time_is_up")])
def test_timed_block_refuses_after_its_time_and_the_grace(seconds, code):
    desk = Desk()
    desk.send(0, state="in_progress")
    assert desk.send(10 + seconds / 60, state="completed").code == code
    assert desk.row.state == ("in_progress" if code else "completed")


def test_timed_block_credits_no_time_once_it_is_over():
    desk = Desk()
    desk.send(0, state="in_progress")
    assert desk.send(11, active=600).code == "time_is_up"
    assert desk.row.seconds_spent == 0


def test_timed_block_that_is_completed_stays_open():
    desk = Desk()
    desk.send(0, state="in_progress")
    desk.send(1, state="completed")
    assert desk.send(60, active=5).status == "applied"


def test_timed_block_repeated_after_its_time_is_a_duplicate():
    desk = Desk()
    event_id = str(uuid.uuid4())
    desk.send(0, id=event_id, state="in_progress")
    assert desk.send(60, id=event_id, state="in_progress").status == "duplicate"


def test_complete_lesson_names_the_timed_block_that_was_not_started():
    desk = Desk()
    result = complete_lesson(user=desk.enrolment.user, enrolment=desk.enrolment, lesson_key=desk.lesson["id"])
    assert [each.reason for each in result.missing] == ["start the part with limited time"]


def test_timed_block_starts_with_the_time_that_was_granted():
    desk = Desk()
    AccommodationFactory(user=desk.enrolment.user, time_factor=Decimal("1.5"))
    desk.send(0, state="in_progress")
    assert desk.row.deadline_at == START + timedelta(minutes=15)


def test_timed_block_has_no_end_for_whom_no_clock_runs():
    desk = Desk()
    AccommodationFactory(user=desk.enrolment.user, is_untimed=True)
    desk.send(0, state="in_progress")
    assert (desk.row.clock_started_at, desk.row.deadline_at) == (START, None)
    assert desk.send(600, state="completed").status == "applied"


def test_a_timed_film_is_watched_since_it_was_started_and_not_since_its_lesson_was_opened():
    desk = Desk(block=video_block(time_limit=10, duration=600.0))
    with time_machine.travel(START - timedelta(hours=1), tick=False):
        touch_lesson(enrolment=desk.enrolment, lesson_key=desk.lesson["id"])
    desk.send(0, state="in_progress")
    desk.send(0, watched=[[0, 600]])
    assert (desk.row.started_at, desk.row.watched, desk.row.state) == (START, [[0.0, 10.0]], "in_progress")
    desk.send(4, watched=[[0, 600]])
    assert desk.row.state == "completed"


def grant(desk, minutes, **what):
    with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
        grant_accommodation(user=desk.enrolment.user, granted_by=None, **what)


def test_running_block_is_extended_when_more_time_is_granted():
    desk = Desk()
    other = Desk()
    desk.send(0, state="in_progress")
    other.send(0, state="in_progress")
    grant(desk, 5, time_factor=2)
    assert (desk.row.deadline_at, other.row.deadline_at) == (
        START + timedelta(minutes=20), START + timedelta(minutes=10)
    )  # fmt: skip
    assert desk.send(19, state="completed").status == "applied"


def test_block_whose_time_is_over_is_not_extended():
    desk = Desk()
    desk.send(0, state="in_progress")
    grant(desk, 11, time_factor=2)
    assert desk.row.deadline_at == START + timedelta(minutes=10)


@pytest.fixture
def two_minutes():
    """A course of at most two minutes of study, opened at the start."""
    lesson = make_lesson(text_block(), text_block())
    enrolment = EnrolmentFactory(
        course=make_edition(modules=[make_module(lesson)], time_limit=2), last_accessed_at=START, started_at=START
    )

    def send(minutes, place=0, **changes):
        event = {"id": str(uuid.uuid4()), "lesson": lesson["id"], "block": lesson["blocks"][place]["id"]} | changes
        with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
            record_progress(user=enrolment.user, enrolment_id=enrolment.pk, events=[event])
        enrolment.refresh_from_db()

    return enrolment, send


def test_study_time_that_is_used_up_closes_the_course(two_minutes):
    enrolment, send = two_minutes
    send(1, active=60)
    send(3, active=60, state="completed")
    assert enrolment.seconds_spent == 120
    with pytest.raises(ProgressRefusedError) as caught:
        send(4, place=1, state="completed")
    enrolment.refresh_from_db()
    assert (caught.value.code, enrolment.required_done) == ("time_is_up", 1)


def test_more_study_time_granted_later_opens_the_course_again(two_minutes):
    enrolment, send = two_minutes
    send(3, active=120)
    with pytest.raises(ProgressRefusedError):
        send(4, state="completed")
    AccommodationFactory(user=enrolment.user, time_factor=Decimal("2"))
    send(5, state="completed")
    assert enrolment.required_done == 1


def test_study_time_is_stretched_by_what_was_granted(two_minutes):
    enrolment, send = two_minutes
    AccommodationFactory(user=enrolment.user, time_factor=Decimal("1.5"))
    send(2, active=120)
    send(3, active=60)
    with pytest.raises(ProgressRefusedError) as caught:
        send(4, active=60)
    assert (caught.value.code, enrolment.seconds_spent) == ("time_is_up", 180)


def test_study_time_never_closes_what_is_completed(two_minutes):
    enrolment, send = two_minutes
    send(1, state="completed", active=60)
    send(2, place=1, state="completed", active=60)
    assert (enrolment.state, enrolment.seconds_spent) == ("completed", 120)
    send(3, active=60)


def test_study_time_asks_no_query_before_the_limit(two_minutes, django_assert_num_queries):
    enrolment, _send = two_minutes
    outline = get_course_map(enrolment.edition_id, enrolment.edition.digest).outline
    with django_assert_num_queries(0):
        assert is_study_time_up(enrolment, outline) is False
