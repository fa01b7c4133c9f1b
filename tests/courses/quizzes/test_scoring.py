"""Digests of quizzes: a corrected key is told from a corrected typo."""

from dataclasses import replace
from typing import Any

import pytest

from courses.quizzes.definition import Choice, Pool, Quiz
from courses.quizzes.scoring import digest_quiz
from courses.quizzes.stored import quiz_to_json
from tests.factories.courses import every_question, part_questions

QUIZ = Quiz("z1", "Check", "Before you go on.", questions=(*every_question(), *part_questions()))


def changed(question_id: str, **values: Any) -> Quiz:
    return replace(
        QUIZ, questions=tuple(replace(each, **values) if each.id == question_id else each for each in QUIZ.questions)
    )


def scoring(quiz: Quiz) -> str:
    return digest_quiz(quiz_to_json(quiz)).scoring


def text(quiz: Quiz) -> str:
    return digest_quiz(quiz_to_json(quiz)).text


@pytest.mark.parametrize(
    "quiz",
    [
        changed("q1", prompt="Which of them?"),
        changed("q1", explanation="Because."),
        changed("q1", choices=(Choice("right", "This one", True, "Yes"), Choice("wrong", "That", False))),
        changed("q5", unit="kilograms"),
        changed("q9", guidance="Look for the reason."),
        replace(QUIZ, title="Checked"),
        replace(QUIZ, introduction="Now."),
    ],
)
def test_wording_changes_the_text_and_not_the_scoring(quiz: Quiz) -> None:
    assert scoring(quiz) == scoring(QUIZ)
    assert text(quiz) != text(QUIZ)


@pytest.mark.parametrize(
    "quiz",
    [
        changed("q1", choices=(Choice("right", "This", False), Choice("wrong", "That", True))),
        changed("q1", points=2),
        changed("q4", accepted=("Paris", "Lutetia")),
        changed("q4", is_case_sensitive=True),
        changed("q5", tolerance=0.2),
        changed("q5", number=1.6),
        changed("q6", pairs=QUIZ.questions[5].pairs[::-1][:1]),
        changed("q7", items=QUIZ.questions[6].items[::-1]),
        changed("q8", blanks=QUIZ.questions[7].blanks[:1]),
        changed("q9", rubric=QUIZ.questions[8].rubric[:1]),
        replace(QUIZ, pass_percent=80),
        replace(QUIZ, score_policy="last"),
        replace(QUIZ, pools=(Pool("p", "Some", 1, ("q1", "q2")),)),
        replace(QUIZ, questions=QUIZ.questions[1:]),
    ],
)
def test_what_decides_a_result_changes_the_scoring(quiz: Quiz) -> None:
    assert scoring(quiz) != scoring(QUIZ)


@pytest.mark.parametrize(
    "quiz",
    [
        replace(QUIZ, attempts_allowed=1, time_limit=5, cooldown_minutes=3),
        replace(QUIZ, questions=QUIZ.questions[::-1]),
        changed("q2", choices=QUIZ.questions[1].choices[::-1]),
    ],
)
def test_order_and_limits_leave_the_scoring_alone(quiz: Quiz) -> None:
    assert scoring(quiz) == scoring(QUIZ)
