"""Quizzes as the answer keys of editions store them: canonical JSON there, and back from every edition ever made."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from courses.quizzes.definition import Blank, Choice, Criterion, Item, Pair, Pool, Question, Quiz

# The fields that hold a tuple of parts. Any other tuple is one of texts.
_PARTS: dict[type, dict[str, type]] = {
    Quiz: {"questions": Question, "pools": Pool},
    Question: {"choices": Choice, "pairs": Pair, "items": Item, "blanks": Blank, "rubric": Criterion},
}

Part = TypeVar("Part")


def quiz_to_json(quiz: Quiz) -> dict[str, Any]:
    """Every field, always, so that equal quizzes give equal documents."""
    data: dict[str, Any] = _write(quiz)
    return data


def question_to_json(question: Question) -> dict[str, Any]:
    data: dict[str, Any] = _write(question)
    return data


def quiz_from_json(data: Mapping[str, Any]) -> Quiz:
    """The inverse of ``quiz_to_json``. A field that an older version did not store has its default, and keys added by
    later versions are ignored."""
    return _read(Quiz, data)


def _write(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _write(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_write(item) for item in value]
    return value


def _read(kind: type[Part], data: Mapping[str, Any]) -> Part:
    parts = _PARTS.get(kind, {})
    values = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name not in data:
            continue
        value = data[field.name]
        if isinstance(value, list | tuple):
            part = parts.get(field.name)
            value = tuple(_read(part, item) for item in value) if part else tuple(value)
        values[field.name] = value
    return kind(**values)
