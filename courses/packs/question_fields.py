"""Reads the questions of a quiz fence; true/false questions may be written as two choices or as one answer."""

import uuid
from typing import Any

from courses.packs.fields import Fields
from courses.quizzes.definition import QUESTION_TYPES


def read_question(data: Fields) -> dict[str, Any]:
    """One question with every field of its type; choices without an id get one that stays the same."""
    question: dict[str, Any] = {
        "id": data.uuid(),
        "type": data.choice("type", QUESTION_TYPES),
        "prompt": data.text("prompt", required=True),
        "points": data.integer("points", low=1, high=1000) or 1,
        "explanation": data.text("explanation"),
        "line": data.data.line,
    }
    if question["type"] == "short_text":
        question |= _read_short_text(data)
    elif question["type"] == "numeric":
        question |= {
            "number": data.number("number"),
            "tolerance": data.number("tolerance") or 0.0,
            "unit": data.line("unit", max_length=40),
        }
        if question["tolerance"] < 0:
            data.fail("tolerance", "must be 0 or more.")
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
    return question | {"extra": data.rest()}


def _read_short_text(data: Fields) -> dict[str, Any]:
    key = "accepted" if data.has("accepted") else "answers"
    return {
        "answers": data.texts(key, max_length=500, most=50),
        "is_case_sensitive": data.flag("is_case_sensitive", default=False),
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
    }


def find_extra(question: dict[str, Any]) -> list[str]:
    """The keys of a question and its choices that nobody reads."""
    keys = list(question["extra"])
    for choice in question.get("choices", []):
        keys += [f"choices.{key}" for key in choice["extra"]]
    return keys
