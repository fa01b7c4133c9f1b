"""Progress events, lesson completion, following editions."""

import uuid
from datetime import UTC, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from courses.editions.models import CourseState
from courses.editions.queries import get_outline
from learners.enrolments.deadlines import end_of_day_after
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState
from learners.progress.models import BlockProgress
from learners.progress.services import (
    ProgressRefusedError,
    ProgressResult,
    complete_lesson,
    follow_current_edition,
    record_progress,
    touch_lesson,
)
from learners.signals import course_completed
from tests.factories.courses import make_edition, make_lesson, make_module, quiz_block, text_block, video_block
from tests.factories.learners import EnrolmentFactory, GrantFactory, UserFactory

pytestmark = pytest.mark.django_db


def enrol_on(state: CourseState, **fields: Any) -> Enrolment:
    return EnrolmentFactory(course=state, **fields)


def lessons_of(state: CourseState) -> list[Any]:
    outline = get_outline(state.edition.pk, state.edition.digest)
    return [lesson for module in outline["modules"] for lesson in module["lessons"]]


def event(lesson: Any, block: Any = None, **changes: Any) -> dict[str, Any]:
    block_id = block["id"] if block else lesson["id"]
    return {"id": str(uuid.uuid4()), "lesson": lesson["id"], "block": block_id} | changes


def send(enrolment: Enrolment, *events: Any) -> ProgressResult:
    return record_progress(user=enrolment.user, enrolment_id=enrolment.pk, events=list(events))


def test_record_progress_completes_a_block_and_counts_it():
    state = make_edition(lessons=3)
    enrolment = enrol_on(state)
    first = lessons_of(state)[0]

    result = send(enrolment, event(first, first["blocks"][0], state="completed"))

    enrolment.refresh_from_db()
    assert [(each.status, each.code) for each in result.events] == [("applied", "")]
    assert (enrolment.state, enrolment.required_done, enrolment.percent) == ("in_progress", 1, 33)
    assert str(enrolment.last_lesson_key) == first["id"]
    assert str(enrolment.last_block_id) == first["blocks"][0]["id"]


def test_record_progress_completes_the_course_once_and_tells_after_commit(django_capture_on_commit_callbacks):
    state = make_edition(lessons=2)
    enrolment = enrol_on(state)
    told: list[int] = []

    def listen(enrolment_id: int, **_kwargs: Any) -> None:
        told.append(enrolment_id)

    course_completed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        first = send(enrolment, *(event(each, each["blocks"][0], state="completed") for each in lessons_of(state)))
        second = send(enrolment, *(event(each, each["blocks"][0], state="completed") for each in lessons_of(state)))
    course_completed.disconnect(listen)

    enrolment.refresh_from_db()
    assert (first.is_newly_completed, second.is_newly_completed) == (True, False)
    assert (enrolment.state, enrolment.percent, enrolment.score) == ("completed", 100, None)
    assert told == [enrolment.pk]


def test_record_progress_applies_a_replayed_event_once():
    state = make_edition(lessons=3)
    enrolment = enrol_on(state)
    first = lessons_of(state)[0]
    sent = event(first, first["blocks"][0], state="completed")

    send(enrolment, sent)
    result = send(enrolment, sent, sent)

    enrolment.refresh_from_db()
    assert [each.status for each in result.events] == ["duplicate", "duplicate"]
    assert enrolment.required_done == 1


def test_record_progress_never_takes_completed_back():
    state = make_edition(lessons=3)
    enrolment = enrol_on(state)
    first = lessons_of(state)[0]

    send(enrolment, event(first, first["blocks"][0], state="completed"))
    send(enrolment, event(first, first["blocks"][0], state="in_progress"))

    assert BlockProgress.objects.get().state == "completed"


def test_record_progress_refuses_bad_events_one_by_one():
    state = make_edition(lessons=1, quiz=True)
    other = make_edition(lessons=1)
    enrolment = enrol_on(state)
    lesson, stranger = lessons_of(state)[0], lessons_of(other)[0]
    text, quiz = lesson["blocks"]

    result = send(
        enrolment,
        "not an object",
        {"id": "no uuid", "lesson": lesson["id"], "block": text["id"], "state": "completed"},
        event(lesson, text, state="not_started"),
        event(lesson, text, position=float("nan")),
        event(lesson, text, position=1),
        event(lesson, text, watched=[[0, "x"]]),
        event(lesson, text, state="completed") | {"block": "a\x00b"},
        event(stranger, stranger["blocks"][0], state="completed"),
        event(lesson, stranger["blocks"][0], state="completed"),
        event(lesson, quiz, state="completed"),
        event(lesson, state="completed"),
        event(lesson, text),
        event(lesson, text, state="in_progress"),
    )

    assert [each.code for each in result.events] == [
        *["malformed"] * 4,
        "not_media",
        *["malformed"] * 2,
        *["unknown_block"] * 2,
        "quiz_is_graded",
        "lesson_has_required_blocks",
        "malformed",
        "",
    ]
    assert list(BlockProgress.objects.values_list("block_id", "state")) == [(uuid.UUID(text["id"]), "in_progress")]


@pytest.mark.parametrize("events", [None, "text", {"id": 1}, 7])
def test_record_progress_refuses_what_is_no_list(events):
    enrolment = EnrolmentFactory()
    with pytest.raises(ProgressRefusedError) as caught:
        record_progress(user=enrolment.user, enrolment_id=enrolment.pk, events=events)
    assert caught.value.code == "malformed"


def test_record_progress_refuses_more_than_200_events():
    state = make_edition(lessons=1)
    enrolment = enrol_on(state)
    lesson = lessons_of(state)[0]
    batch = [event(lesson, lesson["blocks"][0], state="in_progress") for _number in range(201)]

    with pytest.raises(ProgressRefusedError) as caught:
        send(enrolment, *batch)

    assert caught.value.code == "too_many_events"
    assert {each.status for each in send(enrolment, *batch[:200]).events} == {"applied"}
    assert len(BlockProgress.objects.get().recent_events) == 100


def test_record_progress_does_not_know_somebody_elses_enrolment():
    state = make_edition(lessons=1)
    enrolment = enrol_on(state)
    lesson = lessons_of(state)[0]

    with pytest.raises(ProgressRefusedError) as caught:
        record_progress(
            user=UserFactory(),
            enrolment_id=enrolment.pk,
            events=[event(lesson, lesson["blocks"][0], state="completed")],
        )

    assert caught.value.code == "not_found"
    assert BlockProgress.objects.count() == 0


def test_record_progress_refuses_when_the_grant_has_ended():
    state = make_edition(lessons=1, access="paid")
    enrolment = enrol_on(state)
    lesson = lessons_of(state)[0]
    GrantFactory(user=enrolment.user, course_key=state.course_key, expired=True)

    with pytest.raises(ProgressRefusedError) as caught:
        send(enrolment, event(lesson, lesson["blocks"][0], state="completed"))
    assert caught.value.code == "purchase_required"

    GrantFactory(user=enrolment.user, course_key=state.course_key, reference="again")
    assert send(enrolment, event(lesson, lesson["blocks"][0], state="completed")).is_newly_completed is True


def test_record_progress_keeps_later_lessons_locked_in_order():
    state = make_edition(lessons=3, progression="in_order")
    enrolment = enrol_on(state)
    first, second, third = lessons_of(state)

    refused = send(enrolment, event(third, third["blocks"][0], state="completed"))
    send(enrolment, event(first, first["blocks"][0], state="completed"))
    opened = send(enrolment, event(second, second["blocks"][0], state="completed"))

    assert [each.code for each in refused.events] == ["locked_in_order"]
    assert [each.status for each in opened.events] == ["applied"]


def test_record_progress_is_refused_in_a_lesson_that_waits_for_another():
    block = text_block()
    first = make_lesson(block)
    second = make_lesson(text_block(), requires=[{"id": first["id"], "minimum_score": None}])
    third = make_lesson(text_block(), release_at="2999-01-01T00:00:00Z")
    enrolment = enrol_on(make_edition(modules=[make_module(first, second, third)]))

    refused = [send(enrolment, event(lesson, lesson["blocks"][0], state="completed")) for lesson in (second, third)]
    send(enrolment, event(first, block, state="completed"))
    opened = send(enrolment, event(second, second["blocks"][0], state="completed"))

    assert [result.events[0].code for result in refused] == ["prerequisite_lesson", "not_released_yet"]
    assert [each.status for each in opened.events] == ["applied"]


@pytest.mark.parametrize(("changes", "queries"), [({"active": 1}, 4), ({"state": "in_progress"}, 5)])
@pytest.mark.parametrize("batch", [1, 50])
@pytest.mark.parametrize("lessons", [2, 60])
def test_record_progress_takes_four_queries_and_one_where_a_clock_may_start(
    django_assert_num_queries, lessons, batch, changes, queries
):
    state = make_edition(lessons=lessons)
    enrolment = enrol_on(state)
    first = lessons_of(state)[0]
    send(enrolment, event(first, first["blocks"][0], state="in_progress"))
    with django_assert_num_queries(queries + 2):  # SAVEPOINT and RELEASE stand for BEGIN and COMMIT
        send(enrolment, *(event(first, first["blocks"][0], **changes) for _number in range(batch)))


def test_record_progress_measures_time_by_the_servers_clock():
    state = make_edition(lessons=1)
    enrolment = enrol_on(state)
    lesson = lessons_of(state)[0]
    start = timezone.now()
    for seconds in (0, 20, 40, 3600):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            send(enrolment, event(lesson, lesson["blocks"][0], state="in_progress"))

    enrolment.refresh_from_db()
    assert enrolment.seconds_spent == 20 + 20 + 60
    assert BlockProgress.objects.get().seconds_spent == 100


class TestMedia:
    """A film of 100 seconds, opened on the lesson page."""

    @pytest.fixture
    def film(self):
        state = make_edition(modules=[make_module(make_lesson(video_block(duration=100.0), text_block()))])
        enrolment = enrol_on(state)
        lesson = lessons_of(state)[0]
        self.start = timezone.now()
        with time_machine.travel(self.start, tick=False):
            touch_lesson(enrolment=enrolment, lesson_key=lesson["id"])
        return enrolment, lesson, lesson["blocks"][0]

    def at(self, seconds: float) -> Any:
        return time_machine.travel(self.start + timedelta(seconds=seconds), tick=False)

    def row(self, block: Any) -> BlockProgress:
        return BlockProgress.objects.get(block_id=block["id"])

    def test_watching_nine_tenths_completes(self, film):
        enrolment, lesson, block = film
        for second in range(10, 90, 10):
            with self.at(second):
                send(enrolment, event(lesson, block, position=second, watched=[[second - 10, second]]))
        assert self.row(block).state == "in_progress"
        with self.at(90):
            send(enrolment, event(lesson, block, position=90, watched=[[80, 90]]))
        row = self.row(block)
        assert (row.state, row.watched, row.position) == ("completed", [[0.0, 90.0]], 90.0)

    def test_forged_watch_time_is_capped_by_the_clock(self, film):
        enrolment, lesson, block = film
        with self.at(10):
            send(enrolment, event(lesson, block, watched=[[0, 3600]]))
        row = self.row(block)
        assert (row.state, row.watched) == ("in_progress", [[0.0, 35.0]])
        with self.at(10):
            send(enrolment, *(event(lesson, block, watched=[[0, 100]]) for _number in range(50)))
        assert self.row(block).watched == [[0.0, 35.0]]

    def test_a_queue_sent_late_is_believed_as_one_span(self, film):
        enrolment, lesson, block = film
        with self.at(100):
            send(enrolment, *(event(lesson, block, watched=[[second, second + 10]]) for second in range(0, 100, 10)))
        assert self.row(block).state == "completed"

    def test_a_queue_sent_late_in_two_batches_loses_nothing(self, film):
        enrolment, lesson, block = film
        for half in (range(0, 50, 10), range(50, 100, 10)):
            with self.at(100):
                send(enrolment, *(event(lesson, block, watched=[[second, second + 10]]) for second in half))
        assert self.row(block).state == "completed"

    def test_media_of_known_length_is_not_completed_by_saying_so(self, film):
        enrolment, lesson, block = film
        result = send(enrolment, event(lesson, block, state="completed"))
        assert [each.code for each in result.events] == ["media_is_measured"]

    def test_position_beyond_the_end_is_the_end(self, film):
        enrolment, lesson, block = film
        send(enrolment, event(lesson, block, position=5000))
        assert self.row(block).position == 100.0

    def test_watching_again_from_the_start_adds_nothing(self, film):
        enrolment, lesson, block = film
        with self.at(30):
            send(enrolment, event(lesson, block, watched=[[0, 30]]))
        with self.at(60):
            send(enrolment, event(lesson, block, watched=[[0, 30]]))
        assert self.row(block).watched == [[0.0, 30.0]]


def test_media_of_unknown_length_is_completed_by_saying_so():
    state = make_edition(modules=[make_module(make_lesson(video_block(duration=None)))])
    enrolment = enrol_on(state)
    lesson = lessons_of(state)[0]
    result = send(enrolment, event(lesson, lesson["blocks"][0], state="completed"))
    assert result.is_newly_completed is True


def test_complete_lesson_completes_what_a_learner_may_and_names_the_rest():
    state = make_edition(modules=[make_module(make_lesson(text_block(), video_block(), quiz_block()))])
    enrolment = enrol_on(state)
    lesson = lessons_of(state)[0]

    result = complete_lesson(user=enrolment.user, enrolment=enrolment, lesson_key=lesson["id"])

    assert result.is_complete is False
    assert [(each.type, each.title, each.reason) for each in result.missing] == [
        ("video", "A film", "watch the video"),
        ("quiz", "Check", "pass the quiz"),
    ]
    assert BlockProgress.objects.get(block_id=lesson["blocks"][0]["id"]).state == "completed"
    assert (result.enrolment.required_done, result.enrolment.percent) == (1, 33)


def test_complete_lesson_refuses_a_locked_lesson():
    state = make_edition(lessons=2, progression="in_order")
    enrolment = enrol_on(state)
    with pytest.raises(ProgressRefusedError) as caught:
        complete_lesson(user=enrolment.user, enrolment=enrolment, lesson_key=lessons_of(state)[1]["id"])
    assert caught.value.code == "locked_in_order"


def test_course_without_required_blocks_completes_by_marking_every_lesson():
    optional = [make_lesson(text_block(is_required=False), title=f"Lesson {number}") for number in (1, 2)]
    state = make_edition(modules=[make_module(*optional)])
    enrolment = enrol_on(state)
    first, second = lessons_of(state)

    send(enrolment, event(first, first["blocks"][0], state="completed"))
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.percent) == ("in_progress", 0)
    send(enrolment, event(first, state="completed"))
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.percent) == ("in_progress", 50)
    result = complete_lesson(user=enrolment.user, enrolment=enrolment, lesson_key=second["id"])
    assert (result.is_course_completed, result.enrolment.percent) == (True, 100)


def test_course_without_lessons_never_completes():
    state = make_edition(modules=[])
    enrolment = enrol_on(state)
    with pytest.raises(ProgressRefusedError):
        complete_lesson(user=enrolment.user, enrolment=enrolment, lesson_key=uuid.uuid4())
    assert send(enrolment).is_newly_completed is False


def test_touch_lesson_writes_once_in_thirty_seconds(django_assert_num_queries):
    state = make_edition(lessons=1)
    enrolment = enrol_on(state)
    lesson = lessons_of(state)[0]
    touched = touch_lesson(enrolment=enrolment, lesson_key=lesson["id"])
    with django_assert_num_queries(0):
        touch_lesson(enrolment=touched, lesson_key=lesson["id"])
    assert (touched.state, str(touched.last_lesson_key)) == ("in_progress", lesson["id"])


def test_follow_current_edition_carries_progress_over():
    keep, drop = text_block(), text_block()
    state = make_edition(modules=[make_module(make_lesson(keep, drop))])
    enrolment = enrol_on(state)
    lesson = lessons_of(state)[0]
    send(enrolment, event(lesson, keep, state="completed"))
    state = make_edition(
        state=state, modules=[make_module(make_lesson(keep, text_block(), text_block(), key=lesson["id"]))]
    )

    moved = follow_current_edition(enrolment, state)

    assert moved.edition == state.edition
    assert (moved.required_done, moved.percent, moved.state) == (1, 33, "in_progress")


def test_follow_current_edition_completes_when_the_last_missing_block_is_gone():
    keep = text_block()
    first = make_lesson(keep, text_block())
    state = make_edition(modules=[make_module(first)])
    enrolment = enrol_on(state)
    send(enrolment, event(first, keep, state="completed"))
    state = make_edition(state=state, modules=[make_module(make_lesson(keep, key=first["id"]))])

    assert follow_current_edition(Enrolment.objects.get(), state).state == ProgressState.COMPLETED


def test_follow_current_edition_leaves_completed_enrolments_where_they_were():
    state = make_edition(lessons=1)
    enrolment = enrol_on(state, completed=True)
    old = enrolment.edition
    state = make_edition(state=state, lessons=2)
    assert follow_current_edition(enrolment, state).edition == old


def test_follow_current_edition_moves_the_due_date_only_when_the_deadline_changed():
    state = make_edition(lessons=1, completion_days=10)
    later = timezone.now() + timedelta(days=99)
    enrolment = enrol_on(state, due_at=later)
    state = make_edition(state=state, lessons=2, completion_days=10)
    assert follow_current_edition(enrolment, state).due_at == later
    state = make_edition(state=state, lessons=2, completion_days=20)
    moved = follow_current_edition(Enrolment.objects.get(), state)
    assert moved.due_at == end_of_day_after(moved.enrolled_at, 20, UTC)
