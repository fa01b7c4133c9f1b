"""Answers in words: ids of choices, pairs and items become the texts the learner saw. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any


def describe_choices(question: Mapping[str, Any]) -> list[str]:
    """What could be picked, in the order of the paper."""
    return [text for name in ("choices", "items", "rights") for _key, text in _texts(question.get(name))]


def describe_answer(question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> list[str]:
    """What the learner answered, a line an item; empty for no answer."""
    if not answer:
        return []
    names = dict(_all_texts(question))
    if "choices" in answer:
        return [names.get(key, key) for key in answer["choices"]]
    if "order" in answer:
        return [f"{place}. {names.get(key, key)}" for place, key in enumerate(answer["order"], start=1)]
    if "pairs" in answer:
        return [f"{names.get(left, left)} → {names.get(right, right)}" for left, right in answer["pairs"].items()]
    if "blanks" in answer:
        return [str(text) for text in answer["blanks"].values() if str(text).strip()]
    text = str(answer.get("text", answer.get("number", "")))
    return [text] if text.strip() else []


def _all_texts(question: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for value in question.values():
        yield from _texts(value)


def _texts(value: object) -> Iterator[tuple[str, str]]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping) and "id" in item:
            yield str(item["id"]), str(item.get("text", ""))
