"""Answer keys of editions. Only grading may import this module; an import contract sees to it."""

import json
from typing import Any

from courses.editions.models import AnswerKey
from courses.editions.queries import get_contents
from courses.quizzes.definition import Quiz
from courses.quizzes.stored import quiz_from_json


def get_quiz(edition_id: int, lesson_key: str, block_id: str) -> Quiz | None:
    """The quiz with its key as it was in that edition; ``None`` where the lesson has no such quiz."""
    digest = get_contents(edition_id)["answers"].get(str(lesson_key))
    if digest is None:
        return None
    quizzes: dict[str, Any] = json.loads(AnswerKey.objects.values_list("body", flat=True).get(pk=digest))
    raw = quizzes.get(str(block_id))
    return quiz_from_json(raw) if raw is not None else None
