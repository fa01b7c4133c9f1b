"""Turns the stored questions of a quiz back into the words of a pack: the way back from `question_bodies`."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from courses.packs.kept_keys import Kept

Raw = Mapping[str, Any]
# Primary key of a category of the question bank -> its slug, "" for one that is gone.
NameBank = Callable[[int | None], str]


def describe_questions(stored: Iterable[Raw], kept: Kept, name_bank: NameBank) -> list[dict[str, Any]]:
    """As ``question_fields`` reads them; kinds that no longer exist are left out."""
    return [_describe(item, kept, name_bank) for item in stored or [] if item["type"] in _PARTS]


def _describe(item: Raw, kept: Kept, name_bank: NameBank) -> dict[str, Any]:
    value, question_id, kind = item["value"] or {}, item["id"], item["type"]
    question: dict[str, Any] = {"id": question_id, "type": kind, "line": 0}
    extra = dict(kept.get(question_id, {}))
    if kind == "bank":
        lost = extra.pop("category", "")
        category = name_bank(value.get("category")) or lost
        return question | {"category": category, "count": value.get("count") or 1, "extra": extra}
    if kind == "pool":
        inner = describe_questions(value.get("questions") or [], kept, name_bank)
        head = {"title": value.get("title") or "", "count": value.get("count") or 1}
        return question | head | {"questions": inner, "extra": extra}
    question |= {"prompt": value.get("prompt") or "", "points": value.get("points") or 1}
    question |= _PARTS[kind](value, kept)
    if kind == "true_false":
        question["choice_extra"] = {text: kept.get(f"{question_id}/{text}", {}) for text in ("true", "false")}
    return question | {"explanation": value.get("explanation") or "", "extra": extra}


def _texts(stored: Iterable[Raw] | None) -> list[str]:
    return [item["value"] for item in stored or [] if item["value"]]


def _structs(stored: Iterable[Raw] | None, kept: Kept, **defaults: Any) -> list[dict[str, Any]]:
    """Each part with its id and these fields."""
    return [
        {
            "id": item["id"],
            **{name: (item["value"] or {}).get(name) or default for name, default in defaults.items()},
            "extra": kept.get(item["id"], {}),
        }
        for item in stored or []
    ]


def _choices(value: Raw, kept: Kept) -> dict[str, Any]:
    return {"choices": _structs(value.get("choices"), kept, text="", is_correct=False, feedback="")}


def _true_false(value: Raw, kept: Kept) -> dict[str, Any]:
    return {name: value.get(name) or "" for name in ("answer", "feedback_true", "feedback_false")}


def _short_text(value: Raw, kept: Kept) -> dict[str, Any]:
    return {"answers": _texts(value.get("answers")), **_text_rules(value)}


def _numeric(value: Raw, kept: Kept) -> dict[str, Any]:
    tolerance = _number(value.get("tolerance")) or 0.0
    return {"number": _number(value.get("number")), "tolerance": tolerance, "unit": value.get("unit") or ""}


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _matching(value: Raw, kept: Kept) -> dict[str, Any]:
    pairs = _structs(value.get("pairs"), kept, left="", right="")
    return {"pairs": pairs, "distractors": _texts(value.get("distractors"))}


def _ordering(value: Raw, kept: Kept) -> dict[str, Any]:
    items = value.get("items") or []
    return {
        "items": [{"id": item["id"], "text": item["value"] or "", "extra": kept.get(item["id"], {})} for item in items]
    }


def _blanks(value: Raw, kept: Kept) -> dict[str, Any]:
    return {"text": value.get("text") or "", **_text_rules(value)}


def _essay(value: Raw, kept: Kept) -> dict[str, Any]:
    rubric = _structs(value.get("rubric"), kept, title="", points=1, description="")
    words = {name: value.get(name) for name in ("min_words", "max_words")}
    return {"rubric": rubric, "guidance": value.get("guidance") or "", **words}


def _text_rules(value: Raw) -> dict[str, bool]:
    return {name: bool(value.get(name)) for name in ("is_case_sensitive", "keeps_spaces")}


_PARTS: dict[str, Callable[[Raw, Kept], dict[str, Any]]] = {
    "single": _choices,
    "multiple": _choices,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "blanks": _blanks,
    "essay": _essay,
    "pool": lambda value, kept: {},
    "bank": lambda value, kept: {},
}
