"""Reads the questions of a quiz fence; true/false questions may be written as two choices or as one answer."""

import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from courses.packs.fields import Fields, read_each
from courses.quizzes.definition import QUESTION_TYPES

DRAW_TYPES = ("pool", "bank")


def read_question(data: Fields) -> dict[str, Any]:
    """One question with every field of its type; choices without an id get one that stays the same."""
    question: dict[str, Any] = {
        "id": data.uuid(),
        "type": data.choice("type", QUESTION_TYPES),
        "prompt": data.text("prompt", stated=True),
        "points": data.integer("points", low=1, high=1000) or 1,
        "explanation": data.text("explanation"),
        "line": data.data.line,
    }
    reader = _READERS.get(question["type"])
    if reader is not None:
        question |= reader(data, question["id"])
    elif question["type"] == "true_false" and not data.has("choices"):
        question |= {
            "answer": data.choice("answer", ["true", "false", ""], default=""),
            "feedback_true": data.text("feedback_true", max_length=2000),
            "feedback_false": data.text("feedback_false", max_length=2000),
        }
    else:
        question["choices"] = [_read_choice(item) for item in data.maps("choices", most=50, wrap="text")]
        _give_ids(question["id"], question["choices"])
        if question["type"] == "true_false":
            question = _to_true_false(question)
    if question["type"] == "true_false":
        for key in ("answer", "feedback_true", "feedback_false"):
            data.skip(key)
    return question | {"extra": data.rest()}


def read_question_or_draw(data: Fields) -> dict[str, Any]:
    """A question, a pool of questions, or a draw from a category of the question bank."""
    if data.data.get("type") not in DRAW_TYPES:
        return read_question(data)
    kind = data.choice("type", DRAW_TYPES)
    draw: dict[str, Any] = {
        "id": data.uuid(),
        "type": kind,
        "count": data.integer("count", low=1, high=500) or 1,
        "line": data.data.line,
    }
    if kind == "bank":
        data.state("category")
        draw["category"] = data.slug("category") or ""
    else:
        draw["title"] = data.line("title", max_length=120)
        draw["questions"] = read_each(data.maps("questions", most=500), read_question)
    return draw | {"extra": data.rest()}


def _read_numeric(data: Fields, question_id: str) -> dict[str, Any]:
    tolerance = data.number("tolerance") or 0.0
    if tolerance < 0:
        data.fail("tolerance", "must be 0 or more.")
    return {"number": data.number("number"), "tolerance": tolerance, "unit": data.line("unit", max_length=40)}


def _read_matching(data: Fields, question_id: str) -> dict[str, Any]:
    return {
        "pairs": _read_parts(
            data,
            "pairs",
            question_id,
            lambda item: {name: item.line(name, max_length=500) for name in ("left", "right")},
        ),
        "distractors": data.texts("distractors", max_length=500, most=50),
    }


def _read_ordering(data: Fields, question_id: str) -> dict[str, Any]:
    read = lambda item: {"text": item.line("text", max_length=500)}  # noqa: E731
    return {"items": _read_parts(data, "items", question_id, read, wrap="text")}


def _read_blanks(data: Fields, question_id: str) -> dict[str, Any]:
    return {"text": data.text("text", max_length=8000), **_read_text_rules(data)}


def _read_essay(data: Fields, question_id: str) -> dict[str, Any]:
    return {
        "rubric": _read_parts(data, "rubric", question_id, _read_criterion),
        "guidance": data.text("guidance", max_length=8000),
        "min_words": data.integer("min_words", low=1, high=5000),
        "max_words": data.integer("max_words", low=1, high=5000),
    }


def _read_criterion(data: Fields) -> dict[str, Any]:
    return {
        "title": data.line("title"),
        "points": data.integer("points", low=1, high=1000) or 1,
        "description": data.text("description", max_length=2000),
    }


def _read_parts(
    data: Fields, key: str, question_id: str, read: Callable[[Fields], dict[str, Any]], *, wrap: str = ""
) -> list[dict[str, Any]]:
    """The parts of a question. One without an id gets one made of its first text and of nothing else: learners see
    ids, and a place or a partner in them could be guessed from outside."""
    parts: list[dict[str, Any]] = []
    names: Counter[str] = Counter()
    for item in data.maps(key, most=50, wrap=wrap):
        given = item.uuid() if item.has("id") else ""
        part = read(item)
        names[name := f"{key}:{next(iter(part.values()))}"] += 1
        name = name if names[name] == 1 else f"{name}:{names[name]}"
        parts.append({"id": given or derive_id(question_id, name), **part, "extra": item.rest()})
    return parts


def _read_text_rules(data: Fields) -> dict[str, Any]:
    return {
        "is_case_sensitive": data.flag("is_case_sensitive", default=False),
        "keeps_spaces": data.flag("keeps_spaces", default=False),
    }


def _read_short_text(data: Fields, question_id: str) -> dict[str, Any]:
    key = "accepted" if data.has("accepted") else "answers"
    data.skip("answers")
    return {"answers": data.texts(key, max_length=500, most=50), **_read_text_rules(data)}


_READERS: dict[str, Callable[[Fields, str], dict[str, Any]]] = {
    "short_text": _read_short_text,
    "numeric": _read_numeric,
    "matching": _read_matching,
    "ordering": _read_ordering,
    "blanks": _read_blanks,
    "essay": _read_essay,
}


def _read_choice(data: Fields) -> dict[str, Any]:
    return {
        "id": data.uuid() if data.has("id") else "",
        "text": data.text("text", max_length=2000),
        "is_correct": data.flag("correct", default=False),
        "feedback": data.text("feedback", max_length=2000),
        "extra": data.rest(),
    }


def _give_ids(question_id: str, choices: list[dict[str, Any]]) -> None:
    for position, choice in enumerate(choices):
        choice["id"] = choice["id"] or derive_id(question_id, f"{position}:{choice['text']}")


def derive_id(parent_id: str, name: str) -> str:
    """The id of something that has none in the pack: the same on every machine and every time."""
    return str(uuid.uuid5(uuid.UUID(parent_id), name))


def _to_true_false(question: dict[str, Any]) -> dict[str, Any]:
    """Two choices True and False become the answer; any other pair stays a question with one right choice."""
    choices = question["choices"]
    by_text = {choice["text"].casefold(): choice for choice in choices}
    right = [text for text, choice in by_text.items() if choice["is_correct"]]
    if sorted(by_text) != ["false", "true"] or len(choices) != 2 or len(right) > 1:
        return question | {"type": "single"}
    del question["choices"]
    return question | {
        "answer": right[0] if right else "",
        "feedback_true": by_text["true"]["feedback"],
        "feedback_false": by_text["false"]["feedback"],
        "choice_extra": {text: choice["extra"] for text, choice in by_text.items()},
    }
