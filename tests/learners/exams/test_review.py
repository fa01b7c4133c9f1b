"""The key is shown when it can no longer be used, and not before."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt
from learners.exams.review import is_key_shown, results_by_question
from learners.exams.services import open_attempt, submit_attempt
from tests.factories.courses import SECRET, make_edition, make_lesson, make_module, quiz_block, single_question
from tests.factories.learners import AccommodationFactory, EnrolmentFactory

pytestmark = pytest.mark.django_db

WRONG = [{"question": "q1", "choices": ["wrong"], "seq": 1}]
RIGHT = [{"question": "q1", "choices": ["right"], "seq": 1}]


class Sitting:
    """Somebody on a course of one quiz, handing in one paper after the other."""

    def __init__(self, attempts_allowed: int | None, **settings: Any) -> None:
        questions = (single_question(id="q1"),)
        self.quiz = quiz_block(questions=questions, attempts_allowed=attempts_allowed, **settings)
        self.lesson = make_lesson(self.quiz)
        self.enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(self.lesson)]))

    def open(self) -> Attempt:
        return open_attempt(
            user=self.enrolment.user,
            enrolment=self.enrolment,
            lesson_key=self.lesson["id"],
            block_id=self.quiz["id"],
        )

    def hand_in(self, answers: Any) -> Attempt:
        return submit_attempt(user=self.enrolment.user, attempt_id=self.open().pk, answers=answers)


def test_open_attempt_shows_nothing() -> None:
    attempt = Sitting(None).open()
    assert (results_by_question(attempt), is_key_shown(attempt)) == ({}, False)
    assert SECRET not in str(attempt.paper)


def test_empty_paper_does_not_buy_the_answers() -> None:
    attempt = Sitting(2).hand_in([])
    assert is_key_shown(attempt) is False
    result = results_by_question(attempt)["q1"]
    assert (result["points"], result["is_correct"]) == ("0.00", False)
    assert (result["correct_choices"], result["accepted"]) == ([], [])
    assert (result["explanation"], result["feedback"]) == ("", {})
    assert SECRET not in str(result)


def test_passing_shows_the_key_of_every_attempt() -> None:
    sitting = Sitting(3)
    failed = sitting.hand_in(WRONG)
    passed = sitting.hand_in(RIGHT)
    assert (is_key_shown(passed), is_key_shown(failed)) == (True, True)
    assert results_by_question(passed)["q1"]["explanation"] == SECRET


def test_last_attempt_shows_the_key() -> None:
    sitting = Sitting(2)
    first = sitting.hand_in(WRONG)
    assert is_key_shown(first) is False
    running = sitting.open()
    assert is_key_shown(first) is False
    submit_attempt(user=sitting.enrolment.user, attempt_id=running.pk, answers=WRONG)
    assert is_key_shown(first) is True
    assert results_by_question(first)["q1"]["correct_choices"] == ["right"]


def test_practice_without_a_limit_shows_everything_at_once() -> None:
    result = results_by_question(Sitting(None).hand_in(WRONG))["q1"]
    assert (result["explanation"], result["correct_choices"]) == (SECRET, ["right"])


def test_extra_attempts_keep_the_key_back() -> None:
    sitting = Sitting(1)
    attempt = sitting.hand_in(WRONG)
    assert is_key_shown(attempt) is True
    held = AccommodationFactory(user=sitting.enrolment.user, extra_attempts=1)
    assert is_key_shown(attempt) is False
    held.extra_attempts = 0
    held.save()
    assert is_key_shown(attempt) is True


def test_after_submission_shows_the_key_at_once() -> None:
    sitting = Sitting(3, review_policy="after_submission")
    assert is_key_shown(sitting.open()) is False
    assert is_key_shown(sitting.hand_in(WRONG)) is True


def test_after_passing_shows_the_key_to_nobody_who_failed_all_attempts() -> None:
    sitting = Sitting(2, review_policy="after_passing")
    assert [is_key_shown(sitting.hand_in(WRONG)) for _number in range(2)] == [False, False]
    other = Sitting(None, review_policy="after_passing")
    failed = other.hand_in(WRONG)
    assert is_key_shown(failed) is False
    assert (is_key_shown(other.hand_in(RIGHT)), is_key_shown(failed)) == (True, True)


def test_never_shows_no_key_to_whoever_passed() -> None:
    attempt = Sitting(1, review_policy="never").hand_in(RIGHT)
    assert is_key_shown(attempt) is False
    assert results_by_question(attempt)["q1"]["explanation"] == ""


def test_after_deadline_shows_the_key_when_the_due_date_has_passed_and_nobody_is_sitting() -> None:
    sitting = Sitting(None, review_policy="after_deadline")
    due_at = timezone.now() + timedelta(days=3)
    Enrolment.objects.update(due_at=due_at)
    attempt = sitting.hand_in(RIGHT)
    assert is_key_shown(attempt, due_at - timedelta(seconds=1)) is False
    assert is_key_shown(attempt, due_at) is True
    sitting.open()
    assert is_key_shown(attempt, due_at) is False


def test_after_deadline_without_a_due_date_waits_until_the_key_is_useless() -> None:
    sitting = Sitting(2, review_policy="after_deadline")
    attempt = sitting.hand_in(WRONG)
    assert is_key_shown(attempt) is False
    sitting.hand_in(WRONG)
    assert is_key_shown(attempt) is True
