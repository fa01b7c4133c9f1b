"""Questions of the pure definition as the raw JSON of the editor's blocks, with ids of their own."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from courses.quizzes.definition import Question
from courses.quizzes.gap_text import join_gaps

Raw = dict[str, Any]


def make_raw(question: Question) -> Raw:
    """One item of a question stream."""
    value = {"prompt": question.prompt, "points": question.points, "explanation": question.explanation}
    return _item(question.type, {**value, **_FIELDS[question.type](question)})


def _item(kind: str, value: Any) -> Raw:
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}


def _items(kind: str, values: Iterable[Any]) -> list[Raw]:
    return [_item(kind, value) for value in values]


def _choices(question: Question) -> Raw:
    return {
        "choices": _items(
            "choice",
            (
                {"text": choice.text, "is_correct": choice.is_correct, "feedback": choice.feedback}
                for choice in question.choices
            ),
        )
    }


def _true_false(question: Question) -> Raw:
    feedback = {choice.id: choice.feedback for choice in question.choices}
    return {
        "answer": next(iter(question.right_ids), ""),
        "feedback_true": feedback.get("true", ""),
        "feedback_false": feedback.get("false", ""),
    }


def _rules(question: Question) -> Raw:
    return {"is_case_sensitive": question.is_case_sensitive, "keeps_spaces": question.keeps_spaces}


def _short_text(question: Question) -> Raw:
    return {"answers": _items("answer", question.accepted), **_rules(question)}


def _numeric(question: Question) -> Raw:
    return {"number": question.number, "tolerance": question.tolerance, "unit": question.unit}


def _matching(question: Question) -> Raw:
    return {
        "pairs": _items("pair", ({"left": pair.left, "right": pair.right} for pair in question.pairs)),
        "distractors": _items("distractor", question.distractors),
    }


def _ordering(question: Question) -> Raw:
    return {"items": _items("item", (item.text for item in question.items))}


def _blanks(question: Question) -> Raw:
    return {"text": join_gaps(question.texts, question.blanks), **_rules(question)}


def _essay(question: Question) -> Raw:
    criteria = (
        {"title": item.title, "points": item.points, "description": item.description} for item in question.rubric
    )
    return {
        "rubric": _items("criterion", criteria),
        "guidance": question.guidance,
        "min_words": question.min_words,
        "max_words": question.max_words,
    }


_FIELDS: Mapping[str, Callable[[Question], Raw]] = {
    "single": _choices,
    "multiple": _choices,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "blanks": _blanks,
    "essay": _essay,
}
