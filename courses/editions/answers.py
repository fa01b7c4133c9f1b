"""Answer keys of editions. Only grading and comparing editions may import this; a contract sees to it."""

import json
from collections.abc import Iterable
from typing import Any

from courses.editions.models import AnswerKey
from courses.editions.queries import get_contents
from courses.quizzes.definition import Quiz
from courses.quizzes.scoring import QuizDigests, digest_quiz
from courses.quizzes.stored import quiz_from_json


def get_quiz(edition_id: int, lesson_key: str, block_id: str) -> Quiz | None:
    """The quiz with its key as it was in that edition; ``None`` where the lesson has no such quiz."""
    digest = get_contents(edition_id)["answers"].get(str(lesson_key))
    if digest is None:
        return None
    quizzes: dict[str, Any] = json.loads(AnswerKey.objects.values_list("body", flat=True).get(pk=digest))
    raw = quizzes.get(str(block_id))
    return quiz_from_json(raw) if raw is not None else None


def read_quizzes(text: str) -> dict[str, Quiz]:
    """The quizzes of a compiled key that is not stored yet, by block id."""
    return {block_id: quiz_from_json(raw) for block_id, raw in json.loads(text).items()}


def digest_keys(digests: Iterable[str]) -> dict[str, dict[str, QuizDigests]]:
    """By digest of a stored key: the digests of its quizzes, by block id. One query, no answers."""
    bodies = AnswerKey.objects.filter(digest__in=set(digests)).values_list("digest", "body")
    return {digest: digest_key_text(body) for digest, body in bodies}


def digest_key_text(body: str) -> dict[str, QuizDigests]:
    """The same for the text of a key that is not stored yet."""
    return {block: digest_quiz(quiz) for block, quiz in json.loads(body).items()}
