"""Quiz cards: tries used and left, and whether another may start."""

from decimal import Decimal
from typing import Any, cast

import pytest

from courses.editions.documents import QuizBlock
from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt, AttemptState
from learners.views.quizzes import make_quiz_card
from tests.factories.courses import new_id, quiz_block

ENROLMENT = Enrolment(pk=1)


def card(attempts: list[Attempt], enrolment: Enrolment | None = ENROLMENT, is_passed: bool = False, **settings: Any):
    return make_quiz_card(cast(QuizBlock, quiz_block(**settings)), new_id(), enrolment, attempts, is_passed=is_passed)


def attempt(number: int, score: int | None) -> Attempt:
    state = AttemptState.OPEN if score is None else AttemptState.SUBMITTED
    return Attempt(number=number, state=state, score=None if score is None else Decimal(score), passed=score == 100)


@pytest.mark.parametrize(
    ("attempts", "settings", "can_open", "left", "message"),
    [
        ([], {}, True, None, ""),
        ([], {"attempts_allowed": 1}, True, 1, ""),
        ([attempt(1, 0)], {"attempts_allowed": 1}, False, 0, "You have used all attempts."),
        ([attempt(1, None)], {"attempts_allowed": 1}, True, 0, "You have an attempt in progress."),
        ([], {"questions": ()}, False, None, "This quiz has no questions yet."),
        ([], {"enrolment": None}, False, None, "Enrol to take this quiz."),
    ],
)
def test_make_quiz_card_says_whether_another_attempt_may_start(attempts, settings, can_open, left, message):
    made = card(attempts, **settings)
    assert (made.can_open, made.attempts_left, made.message) == (can_open, left, message)


def test_make_quiz_card_lists_finished_attempts_and_the_best_score():
    made = card([attempt(1, 40), attempt(2, 100), attempt(3, None)], is_passed=True)
    assert (made.best_score, made.passed, made.attempts_used) == (Decimal(100), True, 3)
    assert [each.number for each in made.attempts] == [1, 2]
    assert made.open_attempt_url is not None
