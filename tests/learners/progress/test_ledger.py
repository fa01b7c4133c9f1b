"""Progress under the lock of its enrolment. Real threads, PostgreSQL only."""

import uuid

import pytest

from learners.enrolments.models import Enrolment
from learners.progress.models import BlockProgress
from learners.progress.services import record_progress
from learners.signals import course_completed
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def course():
    lesson = make_lesson(*[text_block() for _number in range(20)])
    return EnrolmentFactory(course=make_edition(modules=[make_module(lesson)])), lesson


@pytest.fixture
def told():
    heard: list[int] = []

    def listen(enrolment_id, **_kwargs):
        heard.append(enrolment_id)

    course_completed.connect(listen)
    yield heard
    course_completed.disconnect(listen)


def test_twenty_threads_completing_the_last_blocks_complete_the_course_once(course, told, run_together):
    enrolment, lesson = course

    def complete(number):
        block = lesson["blocks"][number]["id"]
        event = {"id": str(uuid.uuid4()), "lesson": lesson["id"], "block": block, "state": "completed"}
        return record_progress(user=enrolment.user, enrolment_id=enrolment.pk, events=[event]).is_newly_completed

    results = run_together(20, complete)

    enrolment = Enrolment.objects.get()
    assert sorted(results) == [False] * 19 + [True]
    assert (enrolment.state, enrolment.required_done, enrolment.percent) == ("completed", 20, 100)
    assert told == [enrolment.pk]


def test_one_event_sent_twenty_times_at_once_is_applied_once(course, run_together):
    enrolment, lesson = course
    event = {
        "id": str(uuid.uuid4()),
        "lesson": lesson["id"],
        "block": lesson["blocks"][0]["id"],
        "state": "completed",
    }
    results = run_together(
        20, lambda _number: record_progress(user=enrolment.user, enrolment_id=enrolment.pk, events=[event])
    )
    assert sorted(result.events[0].status for result in results) == ["applied"] + ["duplicate"] * 19
    assert (Enrolment.objects.get().required_done, BlockProgress.objects.count()) == (1, 1)
