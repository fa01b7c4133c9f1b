"""Counters and completion."""

from decimal import Decimal

import pytest
from django.utils import timezone

from learners.progress.completion import add_completed, finish_if_complete, recount, save_enrolment
from learners.progress.models import BlockProgress
from tests.factories.courses import make_edition, make_lesson, make_module, quiz_block, text_block
from tests.factories.learners import EnrolmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    lesson = make_lesson(text_block(), quiz_block(), text_block(is_required=False))
    return EnrolmentFactory(course=make_edition(modules=[make_module(lesson)])), lesson


def note(enrolment, lesson, number, state="completed", score=None):
    now = timezone.now()
    BlockProgress.objects.create(
        enrolment=enrolment,
        lesson_key=lesson["id"],
        block_id=lesson["blocks"][number]["id"],
        state=state,
        score=score,
        started_at=now,
        last_accessed_at=now,
    )


def test_recount_counts_required_blocks_of_the_edition_only(course):
    enrolment, lesson = course
    note(enrolment, lesson, 0)
    note(enrolment, lesson, 1, "in_progress", Decimal("40.00"))
    note(enrolment, lesson, 2)
    note(enrolment, make_lesson(text_block()), 0)
    recount(enrolment)
    assert (enrolment.required_done, enrolment.percent, enrolment.score) == (1, 50, Decimal("40.00"))


def test_finish_if_complete_believes_rows_not_counters(course):
    enrolment, lesson = course
    note(enrolment, lesson, 0)
    enrolment.required_done, enrolment.percent = 2, 100
    assert finish_if_complete(enrolment, 70, timezone.now()) is False
    assert (enrolment.state, enrolment.required_done, enrolment.percent) == ("not_started", 1, 50)


def test_finish_if_complete_completes_once(course):
    enrolment, lesson = course
    note(enrolment, lesson, 0)
    note(enrolment, lesson, 1, score=Decimal(100))
    recount(enrolment)
    now = timezone.now()
    assert [finish_if_complete(enrolment, 70, now) for _number in range(2)] == [True, False]
    save_enrolment(enrolment)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.completed_at) == ("completed", now)


def test_add_completed_leaves_completed_enrolments_alone(course):
    _enrolment, lesson = course
    done = EnrolmentFactory(completed=True, required_done=7)
    add_completed(done, [(lesson["id"], lesson["blocks"][0]["id"])])
    assert (done.required_done, done.percent) == (7, 100)
