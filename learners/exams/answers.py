"""Answers as clients send them, checked against the paper they answer. Pure: a bad answer is left out, never raised."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

MAX_TEXT = 5_000
MAX_NUMBER = 64
MAX_SEQ = 2**53
CHOICE_TYPES = ("single", "multiple", "true_false")


def read_answers(raw: object, paper: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Good answers by question id from ``[{question, choices | text | number, seq?}]``; what is not on the paper,
    or is no answer to its question, is left out. The last one to a question counts."""
    if not isinstance(raw, list | tuple):
        return {}
    questions = {question["id"]: question for question in paper["questions"]}
    answers = {}
    for item in raw[: 4 * len(questions)]:
        question = questions.get(item.get("question")) if isinstance(item, Mapping) and _is_key(item) else None
        answer = _read_answer(item, question) if question else None
        if question and answer is not None:
            answers[question["id"]] = answer | _read_seq(item)
    return answers


def merge_answers(
    saved: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]], now: datetime
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """(all answers, ids of the questions taken over). An answer with an older ``seq`` than the saved one is late and
    is ignored; one without ``seq`` counts as the newest."""
    merged = dict(saved)
    taken = []
    for question_id, answer in new.items():
        last = int(merged.get(question_id, {}).get("seq", -1))
        seq = answer.get("seq", last + 1)
        if seq < last:
            continue
        merged[question_id] = answer | {"seq": seq, "saved_at": now.isoformat()}
        taken.append(question_id)
    return merged, taken


def _is_key(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("question"), str)


def _read_answer(item: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any] | None:
    if question["type"] in CHOICE_TYPES:
        return _read_choices(item.get("choices"), question)
    if question["type"] == "short_text":
        text = item.get("text")
        return {"text": text} if isinstance(text, str) and len(text) <= MAX_TEXT and is_storable(text) else None
    return _read_number(item.get("number"))


def _read_choices(choices: object, question: Mapping[str, Any]) -> dict[str, Any] | None:
    if not isinstance(choices, list | tuple) or not all(isinstance(choice, str) for choice in choices):
        return None
    known = [choice["id"] for choice in question["choices"]]
    if not set(choices) <= set(known):
        return None
    return {"choices": [choice for choice in known if choice in choices]}


def _read_number(number: object) -> dict[str, Any] | None:
    if isinstance(number, bool) or not isinstance(number, str | int | float):
        return None
    # Kept as it was typed: grading reads "1,5" and "1 000" as people mean them.
    text = str(number)[: MAX_NUMBER + 1]
    return {"number": text} if len(text) <= MAX_NUMBER and is_storable(text) else None


def is_storable(text: str) -> bool:
    """No NUL and no lone surrogate: PostgreSQL stores neither."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _read_seq(item: Mapping[str, Any]) -> dict[str, int]:
    seq = item.get("seq")
    is_good = isinstance(seq, int) and not isinstance(seq, bool) and 0 <= seq <= MAX_SEQ
    return {"seq": seq} if is_good else {}  # type: ignore[dict-item]
