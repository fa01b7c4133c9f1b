"""Graded results as attempts store them, and the same without the key."""

from collections.abc import Mapping
from typing import Any

from courses.quizzes.grading import Grade, QuestionResult

# What gives the right answers away, as it looks while it is kept back. A new field of the key belongs here, too.
KEPT_BACK: dict[str, Any] = {
    "feedback": {},
    "correct_choices": [],
    "accepted": [],
    "explanation": "",
    "right_parts": [],
    "right_pairs": {},
    "right_order": [],
    "right_blanks": {},
}
# What results stored before a question could wait for a person do not have.
_LATER: dict[str, Any] = {"is_pending": False, "comment": "", "criteria": []}


def grade_to_json(grade: Grade) -> dict[str, Any]:
    """What the learner may review, as graded. ``points`` are text: JSON has no decimals."""
    return {
        "points": str(grade.points),
        "max_points": grade.max_points,
        "is_pending": grade.is_pending,
        "questions": [_result_to_json(result) for result in grade.results],
    }


def read_result(stored: Mapping[str, Any], *, is_key_shown: bool) -> dict[str, Any]:
    """A stored result with every field there is today, the key blanked unless it may be shown."""
    return {**KEPT_BACK, **_LATER, **stored, **({} if is_key_shown else KEPT_BACK)}


def _result_to_json(result: QuestionResult) -> dict[str, Any]:
    return {
        "question": result.question_id,
        "points": str(result.points),
        "max_points": result.max_points,
        "is_correct": result.is_correct,
        "is_pending": result.is_pending,
        "chosen": list(result.chosen),
        "feedback": result.feedback,
        "correct_choices": list(result.correct_choices),
        "accepted": list(result.accepted),
        "right_parts": list(result.right_parts),
        "right_pairs": result.right_pairs,
        "right_order": list(result.right_order),
        "right_blanks": {blank: list(accepted) for blank, accepted in result.right_blanks.items()},
        "explanation": result.explanation,
        "comment": result.comment,
        "criteria": [
            {"title": item.title, "points": str(item.points), "max_points": item.max_points} for item in result.criteria
        ],
    }
