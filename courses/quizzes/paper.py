"""Draws the paper of an attempt: the questions as a learner may see them, in the order of a seed, without the key."""

import hashlib
from typing import Any

from courses.quizzes.definition import CHOICE_TYPES, Choice, Question, Quiz


def draw_paper(quiz: Quiz, seed: int) -> dict[str, Any]:
    """Same quiz and seed, same paper, on every machine and Python version. True/false is never shuffled."""
    questions = list(quiz.questions)
    if quiz.shuffle_questions:
        questions.sort(key=lambda question: _rank(seed, question.id))
    return {"questions": [_draw_question(question, quiz, seed) for question in questions]}


def _draw_question(question: Question, quiz: Quiz, seed: int) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "id": question.id,
        "type": question.type,
        "prompt": question.prompt,
        "points": question.points,
        "choices": [{"id": choice.id, "text": choice.text} for choice in _order_choices(question, quiz, seed)],
    }
    if question.type == "numeric" and question.unit:
        drawn["unit"] = question.unit
    return drawn


def _order_choices(question: Question, quiz: Quiz, seed: int) -> list[Choice]:
    if question.type not in CHOICE_TYPES:
        return []
    if question.type == "true_false":
        return sorted(question.choices, key=lambda choice: choice.id != "true")
    if not quiz.shuffle_choices:
        return list(question.choices)
    return sorted(question.choices, key=lambda choice: _rank(seed, question.id, choice.id))


def _rank(seed: int, *parts: str) -> bytes:
    return hashlib.sha256("\x1f".join([str(seed), *parts]).encode("utf-8", "surrogatepass")).digest()
