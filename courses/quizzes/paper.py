"""Draws the paper of an attempt: the questions as a learner may see them, in the order of a seed, without the key."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from courses.quizzes.definition import CHOICE_TYPES, Choice, Question, Quiz

Part = TypeVar("Part")


def draw_paper(quiz: Quiz, seed: int) -> dict[str, Any]:
    """Same quiz and seed, same paper, on every machine and Python version. True/false is never shuffled; right sides
    and items to order always are, whatever the settings."""
    questions = draw_questions(quiz, seed)
    if quiz.shuffle_questions:
        questions.sort(key=lambda question: _rank(seed, question.id))
    return {"questions": [_draw_question(question, quiz, seed) for question in questions]}


def draw_questions(quiz: Quiz, seed: int) -> list[Question]:
    """The fixed questions and the drawn ones, in the quiz's order. What one pool has drawn no other one draws again."""
    drawn = {question.id for question in quiz.fixed_questions}
    for pool in quiz.pools:
        left = [key for key in pool.question_ids if key not in drawn]
        left.sort(key=lambda key, pool_id=pool.id: _rank(seed, "pool", pool_id, key))  # type: ignore[misc]
        drawn.update(left[: max(0, pool.count)])
    return [question for question in quiz.questions if question.id in drawn]


def _draw_question(question: Question, quiz: Quiz, seed: int) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "id": question.id,
        "type": question.type,
        "prompt": question.prompt,
        "points": question.points,
        "choices": [{"id": choice.id, "text": choice.text} for choice in _order_choices(question, quiz, seed)],
    }
    return drawn | _PARTS.get(question.type, _nothing)(question, seed)


def _order_choices(question: Question, quiz: Quiz, seed: int) -> list[Choice]:
    if question.type not in CHOICE_TYPES:
        return []
    if question.type == "true_false":
        return sorted(question.choices, key=lambda choice: choice.id != "true")
    if not quiz.shuffle_choices:
        return list(question.choices)
    return sorted(question.choices, key=lambda choice: _rank(seed, question.id, choice.id))


def _nothing(question: Question, seed: int) -> dict[str, Any]:
    return {}


def _numeric(question: Question, seed: int) -> dict[str, Any]:
    return {"unit": question.unit} if question.unit else {}


def _matching(question: Question, seed: int) -> dict[str, Any]:
    rights = _shuffle(question.rights, lambda right: _rank(seed, question.id, right.id))
    return {
        "lefts": [{"id": pair.id, "text": pair.left} for pair in question.pairs],
        "rights": [{"id": right.id, "text": right.text} for right in rights],
    }


def _ordering(question: Question, seed: int) -> dict[str, Any]:
    items = _shuffle(question.items, lambda item: _rank(seed, question.id, item.id))
    return {"items": [{"id": item.id, "text": item.text} for item in items]}


def _blanks(question: Question, seed: int) -> dict[str, Any]:
    """The text as parts in reading order, each {text} or {blank}."""
    parts: list[dict[str, str]] = []
    for place, text in enumerate(question.texts):
        if text:
            parts.append({"text": text})
        if place < len(question.blanks):
            parts.append({"blank": question.blanks[place].id})
    return {"parts": parts}


def _essay(question: Question, seed: int) -> dict[str, Any]:
    return {"min_words": question.min_words, "max_words": question.max_words}


_PARTS: dict[str, Callable[[Question, int], dict[str, Any]]] = {
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "blanks": _blanks,
    "essay": _essay,
}


def _shuffle(parts: Sequence[Part], rank: Callable[[Part], bytes]) -> list[Part]:
    """Never the right order as it stands. Of two, both orders occur: were they always swapped, that told the answer."""
    shuffled = sorted(parts, key=rank)
    if len(parts) > 2 and shuffled == list(parts):
        return shuffled[1:] + shuffled[:1]
    return shuffled


def _rank(seed: int, *parts: str) -> bytes:
    return hashlib.sha256("\x1f".join([str(seed), *parts]).encode("utf-8", "surrogatepass")).digest()
