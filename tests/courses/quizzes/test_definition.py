"""The canonical JSON of quizzes."""

import json

from hypothesis import given

from courses.quizzes.definition import Choice, Question, Quiz, quiz_from_json, quiz_to_json, true_false_choices
from tests.courses.quizzes.strategies import quizzes


@given(quizzes())
def test_quiz_json_round_trips(quiz: Quiz) -> None:
    assert quiz_from_json(json.loads(json.dumps(quiz_to_json(quiz)))) == quiz


def test_quiz_from_json_ignores_keys_of_later_versions() -> None:
    quiz = Quiz("q", "Title", "", questions=(Question("1", "short_text", "Why?", accepted=("because",)),))
    assert quiz_from_json(quiz_to_json(quiz) | {"colour": "red"}) == quiz


def test_quiz_points_add_up_the_questions() -> None:
    quiz = Quiz(
        "q", "", "", questions=(Question("1", "numeric", "?", points=2), Question("2", "numeric", "?", points=3))
    )
    assert quiz.points == 5


def test_true_false_choices_have_fixed_ids() -> None:
    assert true_false_choices(False, feedback_true="No.") == (
        Choice("true", "True", False, "No."),
        Choice("false", "False", True, ""),
    )
