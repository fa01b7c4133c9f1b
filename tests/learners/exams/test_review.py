"""The key is shown when it can no longer be used, and not before."""

from typing import Any

import pytest

from learners.exams.models import Attempt
from learners.exams.review import is_key_shown, results_by_question
from learners.exams.services import open_attempt, submit_attempt
from tests.factories.courses import SECRET, make_edition, make_lesson, make_module, quiz_block, single_question
from tests.factories.learners import EnrolmentFactory

pytestmark = pytest.mark.django_db

WRONG = [{"question": "q1", "choices": ["wrong"], "seq": 1}]
RIGHT = [{"question": "q1", "choices": ["right"], "seq": 1}]


class Sitting:
    """Somebody on a course of one quiz, handing in one paper after the other."""

    def __init__(self, attempts_allowed: int | None) -> None:
        self.quiz = quiz_block(questions=(single_question(id="q1"),), attempts_allowed=attempts_allowed)
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
