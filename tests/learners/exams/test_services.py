"""Attempts: opening, saving, handing in, closing by the server's clock."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from courses.editions.models import CourseState
from courses.quizzes.definition import Pool
from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt
from learners.exams.services import (
    AttemptRefusedError,
    close_overdue_attempts,
    open_attempt,
    save_answers,
    submit_attempt,
)
from learners.progress.models import BlockProgress
from learners.progress.services import follow_current_edition, record_progress
from tests.factories.courses import (
    RIGHT_ANSWERS,
    every_question,
    make_edition,
    make_lesson,
    make_module,
    quiz_block,
    single_question,
    text_block,
)
from tests.factories.learners import EnrolmentFactory, GrantFactory, UserFactory

pytestmark = pytest.mark.django_db

RIGHT = [{"question": "q1", "choices": ["right"]}]
WRONG = [{"question": "q1", "choices": ["wrong"]}]


def make_exam(**settings: Any) -> tuple[CourseState, Enrolment, dict[str, Any], dict[str, Any]]:
    """A course of one lesson with one quiz, and somebody enrolled: (state, enrolment, lesson, quiz block)."""
    facts = {key: settings.pop(key) for key in ("passing_percentage", "access") if key in settings}
    settings.setdefault("questions", (single_question(id="q1"),))
    quiz = quiz_block(**settings)
    lesson = make_lesson(quiz)
    state = make_edition(modules=[make_module(lesson)], **facts)
    return state, EnrolmentFactory(course=state), lesson, quiz


def sit(enrolment: Enrolment, lesson: Any, quiz: Any) -> Attempt:
    return open_attempt(user=enrolment.user, enrolment=enrolment, lesson_key=lesson["id"], block_id=quiz["id"])


def hand_in(enrolment: Enrolment, attempt: Attempt, answers: Any = None) -> Attempt:
    return submit_attempt(user=enrolment.user, attempt_id=attempt.pk, answers=answers)


def test_what_was_drawn_is_all_that_counts():
    """Two of three questions are on the paper: both right is full marks, whatever the third would have been worth."""
    questions = tuple(single_question(id=key, points=points) for key, points in (("q1", 1), ("q2", 5), ("q3", 5)))
    pool = Pool("pool", "", 1, ("q2", "q3"))
    _state, enrolment, lesson, quiz = make_exam(questions=questions, pools=(pool,), attempts_allowed=2)
    attempt = sit(enrolment, lesson, quiz)
    drawn = [question["id"] for question in attempt.paper["questions"]]
    assert (len(drawn), drawn[0]) == (2, "q1")
    everything = [{"question": question.id, "choices": ["right"]} for question in questions]
    done = hand_in(enrolment, attempt, everything)
    assert (done.score, done.passed, done.results["max_points"]) == (100, True, 6)
    assert [result["question"] for result in done.results["questions"]] == drawn


def test_open_attempt_freezes_edition_paper_and_deadline():
    state, enrolment, lesson, quiz = make_exam(time_limit=20)
    with time_machine.travel(timezone.now(), tick=False):
        attempt = sit(enrolment, lesson, quiz)
        assert attempt.deadline_at == timezone.now() + timedelta(minutes=20)
    assert (attempt.edition, attempt.number, attempt.state) == (state.edition, 1, "open")
    assert attempt.paper == {
        "questions": [
            {
                "id": "q1",
                "type": "single",
                "prompt": "Which one?",
                "points": 1,
                "choices": [{"id": "right", "text": "This"}, {"id": "wrong", "text": "That"}],
            }
        ]
    }


def test_open_attempt_returns_the_running_one():
    _state, enrolment, lesson, quiz = make_exam(attempts_allowed=1)
    assert sit(enrolment, lesson, quiz) == sit(enrolment, lesson, quiz)
    assert Attempt.objects.count() == 1


def test_open_attempt_refuses_when_attempts_are_used_up():
    _state, enrolment, lesson, quiz = make_exam(attempts_allowed=2)
    for _number in range(2):
        hand_in(enrolment, sit(enrolment, lesson, quiz), WRONG)
    with pytest.raises(AttemptRefusedError) as caught:
        sit(enrolment, lesson, quiz)
    assert caught.value.code == "attempts_used_up"


def test_open_attempt_closes_an_overdue_one_even_when_it_refuses_another():
    _state, enrolment, lesson, quiz = make_exam(attempts_allowed=1, time_limit=1)
    sit(enrolment, lesson, quiz)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)), pytest.raises(AttemptRefusedError) as caught:
        sit(enrolment, lesson, quiz)
    assert caught.value.code == "attempts_used_up"
    assert Attempt.objects.get().state == "expired"


@pytest.mark.parametrize("block", ["text", "unknown", "nul", "other course"])
def test_open_attempt_does_not_know_what_is_no_quiz_of_this_course(block):
    text, quiz = text_block(), quiz_block()
    lesson = make_lesson(text, quiz)
    enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(lesson)]))
    _state, _other, _lesson, stranger = make_exam()
    ids = {"text": text["id"], "unknown": str(uuid.uuid4()), "nul": "\x00", "other course": stranger["id"]}
    with pytest.raises(AttemptRefusedError) as caught:
        open_attempt(user=enrolment.user, enrolment=enrolment, lesson_key=lesson["id"], block_id=ids[block])
    assert (caught.value.code, Attempt.objects.count()) == ("not_found", 0)


def test_open_attempt_refuses_somebody_elses_enrolment():
    _state, enrolment, lesson, quiz = make_exam()
    with pytest.raises(AttemptRefusedError) as caught:
        open_attempt(user=UserFactory(), enrolment=enrolment, lesson_key=lesson["id"], block_id=quiz["id"])
    assert caught.value.code == "not_found"


def test_open_attempt_refuses_without_a_grant_in_force():
    state, enrolment, lesson, quiz = make_exam(access="paid")
    with pytest.raises(AttemptRefusedError) as caught:
        sit(enrolment, lesson, quiz)
    assert caught.value.code == "purchase_required"
    GrantFactory(user=enrolment.user, course_key=state.course_key)
    assert sit(enrolment, lesson, quiz).number == 1


def test_open_attempt_refuses_in_a_locked_lesson():
    quiz = quiz_block()
    second = make_lesson(quiz, title="Second")
    state = make_edition(
        modules=[make_module(make_lesson(text_block(), title="First"), second)], progression="in_order"
    )
    enrolment = EnrolmentFactory(course=state)
    with pytest.raises(AttemptRefusedError) as caught:
        sit(enrolment, second, quiz)
    assert caught.value.code == "locked_in_order"


def test_open_attempt_refuses_before_the_lesson_is_released():
    quiz = quiz_block()
    lesson = make_lesson(quiz, release_at="2999-01-01T00:00:00Z")
    enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(lesson)]))
    with pytest.raises(AttemptRefusedError) as caught:
        sit(enrolment, lesson, quiz)
    assert caught.value.code == "not_released_yet"


def test_submit_attempt_grades_every_type_and_completes_the_course():
    _state, enrolment, lesson, quiz = make_exam(questions=every_question())
    attempt = hand_in(enrolment, sit(enrolment, lesson, quiz), RIGHT_ANSWERS)
    enrolment.refresh_from_db()
    assert (attempt.state, attempt.score, attempt.passed) == ("submitted", Decimal("100.00"), True)
    assert (enrolment.state, enrolment.score, enrolment.percent) == ("completed", Decimal("100.00"), 100)
    assert BlockProgress.objects.get(block_id=quiz["id"]).state == "completed"


def test_submit_attempt_without_answers_scores_nothing():
    _state, enrolment, lesson, quiz = make_exam()
    attempt = hand_in(enrolment, sit(enrolment, lesson, quiz))
    assert (attempt.score, attempt.passed) == (Decimal("0.00"), False)


def test_submit_attempt_twice_changes_nothing():
    _state, enrolment, lesson, quiz = make_exam()
    attempt = sit(enrolment, lesson, quiz)
    first = hand_in(enrolment, attempt, WRONG)
    second = hand_in(enrolment, attempt, RIGHT)
    assert (second.score, second.submitted_at) == (first.score, first.submitted_at)
    assert second.results == first.results


def test_submit_attempt_keeps_the_best_score():
    _state, enrolment, lesson, quiz = make_exam(passing_percentage=100, questions=every_question(), pass_percent=50)
    for answers in (RIGHT_ANSWERS[:3], RIGHT_ANSWERS[:1]):
        hand_in(enrolment, sit(enrolment, lesson, quiz), answers)
    enrolment.refresh_from_db()
    row = BlockProgress.objects.get(block_id=quiz["id"])
    assert (row.score, row.state) == (Decimal("66.67"), "completed")
    assert (enrolment.score, enrolment.state, enrolment.percent) == (Decimal("66.67"), "in_progress", 100)


def test_submit_attempt_completes_once_the_score_suffices():
    _state, enrolment, lesson, quiz = make_exam(passing_percentage=100, questions=every_question(), pass_percent=50)
    hand_in(enrolment, sit(enrolment, lesson, quiz), RIGHT_ANSWERS[:3])
    hand_in(enrolment, sit(enrolment, lesson, quiz), RIGHT_ANSWERS)
    enrolment.refresh_from_db()
    completed_at = enrolment.completed_at
    hand_in(enrolment, sit(enrolment, lesson, quiz), [])
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.score) == ("completed", Decimal("100.00"))
    assert enrolment.completed_at == completed_at


def test_submit_attempt_grades_with_the_key_of_its_own_edition():
    state, enrolment, lesson, quiz = make_exam()
    attempt = sit(enrolment, lesson, quiz)
    turned = single_question(id="q1", choices=tuple(reversed(single_question().choices[:1])))
    changed = quiz_block(id=quiz["id"], questions=(turned,), title="Changed")
    state = make_edition(state=state, modules=[make_module(make_lesson(changed, key=lesson["id"]))])
    follow_current_edition(enrolment, state)
    attempt = hand_in(Enrolment.objects.get(), attempt, RIGHT)
    assert attempt.passed is True
    assert attempt.edition.number == 1


def test_save_answers_keeps_them_for_the_next_tab():
    _state, enrolment, lesson, quiz = make_exam(questions=every_question())
    attempt = sit(enrolment, lesson, quiz)
    saved = save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT_ANSWERS[:2])
    save_answers(user=enrolment.user, attempt_id=str(attempt.pk), answers=RIGHT_ANSWERS[2:])
    assert saved.saved == ("q1", "q2")
    assert hand_in(enrolment, attempt).score == Decimal("100.00")


def test_save_answers_after_the_deadline_is_refused_and_what_was_saved_counts():
    _state, enrolment, lesson, quiz = make_exam(time_limit=1)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        attempt = sit(enrolment, lesson, quiz)
    with time_machine.travel(start + timedelta(seconds=70), tick=False):  # within the grace of the network
        save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=WRONG)
    with time_machine.travel(start + timedelta(seconds=76), tick=False):
        with pytest.raises(AttemptRefusedError) as caught:
            save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT)
        attempt = hand_in(enrolment, attempt, RIGHT)
    assert caught.value.code == "time_is_up"
    assert (attempt.state, attempt.score) == ("expired", Decimal("0.00"))
    assert attempt.submitted_at == attempt.deadline_at


def test_save_answers_to_a_submitted_attempt_is_refused():
    _state, enrolment, lesson, quiz = make_exam()
    attempt = hand_in(enrolment, sit(enrolment, lesson, quiz), WRONG)
    with pytest.raises(AttemptRefusedError) as caught:
        save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT)
    assert caught.value.code == "already_submitted"


@pytest.mark.parametrize("write", [save_answers, submit_attempt])
def test_attempts_of_others_do_not_exist(write):
    _state, enrolment, lesson, quiz = make_exam()
    attempt = sit(enrolment, lesson, quiz)
    with pytest.raises(AttemptRefusedError) as caught:
        write(user=UserFactory(), attempt_id=attempt.pk, answers=RIGHT)
    assert caught.value.code == "not_found"
    assert Attempt.objects.get().state == "open"


def test_close_overdue_attempts_grades_what_was_saved_once():
    _state, enrolment, lesson, quiz = make_exam(time_limit=1)
    attempt = sit(enrolment, lesson, quiz)
    save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT)
    assert close_overdue_attempts(timezone.now()) == 0
    later = timezone.now() + timedelta(minutes=10)
    assert (close_overdue_attempts(later), close_overdue_attempts(later)) == (1, 0)
    attempt.refresh_from_db()
    enrolment.refresh_from_db()
    assert (attempt.state, attempt.passed, enrolment.state) == ("expired", True, "completed")


def test_a_quiz_is_not_completed_by_progress_events():
    _state, enrolment, lesson, quiz = make_exam()
    event = {"id": str(uuid.uuid4()), "lesson": lesson["id"], "block": quiz["id"], "state": "completed"}
    result = record_progress(user=enrolment.user, enrolment_id=enrolment.pk, events=[event])
    assert result.events[0].code == "quiz_is_graded"
