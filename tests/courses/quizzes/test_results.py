"""Stored results: whole, without the key, and as older versions stored them."""

from decimal import Decimal

from courses.quizzes.definition import Criterion, Question, Quiz
from courses.quizzes.grading import Mark, grade_quiz
from courses.quizzes.results import KEPT_BACK, grade_to_json, read_result

ESSAY = Question("q", "essay", "Why?", 2, rubric=(Criterion("r", "Facts", 2),), explanation="So.")
GRADE = grade_quiz(
    Quiz("quiz", "", "", questions=(ESSAY,)),
    {"q": {"text": "x"}},
    {"q": Mark(comment="Good.", criteria={"r": Decimal(1)})},
)


def test_stored_result_has_everything_a_review_shows() -> None:
    assert grade_to_json(GRADE) == {
        "points": "1.00",
        "max_points": 2,
        "is_pending": False,
        "questions": [
            {
                "question": "q",
                "points": "1.00",
                "max_points": 2,
                "is_correct": False,
                "is_pending": False,
                "chosen": [],
                **KEPT_BACK,
                "explanation": "So.",
                "comment": "Good.",
                "criteria": [{"title": "Facts", "points": "1.00", "max_points": 2}],
            }
        ],
    }


def test_result_without_its_key_keeps_marks_and_comment() -> None:
    [stored] = grade_to_json(GRADE)["questions"]
    assert read_result(stored, is_key_shown=True) == stored
    assert read_result(stored, is_key_shown=False) == stored | {"explanation": ""}


def test_result_stored_by_an_older_version_gets_the_fields_of_today() -> None:
    old = {"question": "q", "points": "1.00", "max_points": 2, "is_correct": False, "chosen": ["a"]}
    assert read_result(old, is_key_shown=True) == {
        **KEPT_BACK,
        "is_pending": False,
        "comment": "",
        "criteria": [],
        **old,
    }
