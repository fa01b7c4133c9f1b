"""Answers as clients send them, checked against the paper they answer. Pure: a bad answer is left out, never raised."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

MAX_TEXT = 5_000
MAX_ESSAY = 50_000
MAX_NUMBER = 64
MAX_BLANK = 500
MAX_SEQ = 2**53
CHOICE_TYPES = ("single", "multiple", "true_false")


def read_answers(raw: object, paper: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Good answers by question id from ``[{question, choices | text | number | pairs | order | blanks, seq?}]``; what
    is not on the paper, or is no answer to its question, is left out. The last one to a question counts."""
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
    is ignored; one without ``seq`` counts as the newest. The same answer again is taken over without a change.

    Another answer with the same ``seq`` is taken over and numbered one higher: a plain form carries the number of what
    it was filled with, so a second tab that still shows older answers does not bring them back.
    """
    merged = dict(saved)
    taken = []
    for question_id, answer in new.items():
        last = int(merged.get(question_id, {}).get("seq", 0))
        seq = answer.get("seq", last)
        if seq < last:
            continue
        taken.append(question_id)
        if question_id not in merged or seq > last or _said(answer) != _said(merged[question_id]):
            merged[question_id] = answer | {"seq": max(seq, last + 1), "saved_at": now.isoformat()}
    return merged, taken


def find_changed(saved: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The new answers that say something else than the saved ones, whatever their ``seq``."""
    return {
        question_id: answer for question_id, answer in new.items() if _said(answer) != _said(saved.get(question_id, {}))
    }


def find_unanswered(paper: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Ids of the questions without an answer, in the paper's order; one in parts is answered when every part is."""
    return [
        question["id"] for question in paper["questions"] if not _is_answered(question, answers.get(question["id"], {}))
    ]


def _is_answered(question: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    if question["type"] == "matching":
        return len(answer.get("pairs", {})) >= len(question["lefts"])
    if question["type"] == "blanks":
        typed = answer.get("blanks", {})
        return all(typed.get(part["blank"], "").strip() for part in question["parts"] if "blank" in part)
    if question["type"] == "ordering":
        return bool(answer.get("order"))
    return bool(answer.get("choices") or answer.get("text", "").strip() or answer.get("number", "").strip())


def _said(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in ("seq", "saved_at")}


def _is_key(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("question"), str)


def _read_answer(item: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any] | None:
    if question["type"] in CHOICE_TYPES:
        return _read_choices(item.get("choices"), question)
    read = _READERS.get(question["type"])
    return read(item, question) if read else None


def _read_choices(choices: object, question: Mapping[str, Any]) -> dict[str, Any] | None:
    if not isinstance(choices, list | tuple) or not all(isinstance(choice, str) for choice in choices):
        return None
    known = [choice["id"] for choice in question["choices"]]
    if not set(choices) <= set(known):
        return None
    return {"choices": [choice for choice in known if choice in choices]}


def _read_text(item: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any] | None:
    most = MAX_ESSAY if question["type"] == "essay" else MAX_TEXT
    text = item.get("text")
    return {"text": text} if isinstance(text, str) and len(text) <= most and is_storable(text) else None


def _read_number(item: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any] | None:
    number = item.get("number")
    if isinstance(number, bool) or not isinstance(number, str | int | float):
        return None
    # Kept as it was typed: grading reads "1,5" and "1 000" as people mean them.
    text = str(number)[: MAX_NUMBER + 1]
    return {"number": text} if len(text) <= MAX_NUMBER and is_storable(text) else None


def _read_pairs(item: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any] | None:
    """Left sides without a right one are left out; a right one may be used twice, which grading knows how to take."""
    pairs = item.get("pairs")
    if not isinstance(pairs, Mapping):
        return None
    lefts = [left["id"] for left in question["lefts"]]
    rights = {right["id"] for right in question["rights"]}
    given = {left: right for left, right in pairs.items() if right not in ("", None)}
    if not set(given) <= set(lefts) or not all(isinstance(right, str) and right in rights for right in given.values()):
        return None
    return {"pairs": {left: given[left] for left in lefts if left in given}}


def _read_order(item: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any] | None:
    """All items, each once, or none at all."""
    order = item.get("order")
    if not isinstance(order, list | tuple) or not all(isinstance(part, str) for part in order):
        return None
    known = sorted(part["id"] for part in question["items"])
    return {"order": list(order)} if not order or sorted(order) == known else None


def _read_blanks(item: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any] | None:
    blanks = item.get("blanks")
    if not isinstance(blanks, Mapping):
        return None
    known = [part["blank"] for part in question["parts"] if "blank" in part]
    texts = blanks.values()
    if not set(blanks) <= set(known) or not all(isinstance(text, str) and len(text) <= MAX_BLANK for text in texts):
        return None
    return {"blanks": {blank: blanks[blank] for blank in known if blank in blanks}} if _all_storable(texts) else None


def _all_storable(texts: Iterable[str]) -> bool:
    return all(is_storable(text) for text in texts)


_READERS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any] | None]] = {
    "short_text": _read_text,
    "essay": _read_text,
    "numeric": _read_number,
    "matching": _read_pairs,
    "ordering": _read_order,
    "blanks": _read_blanks,
}


def is_storable(text: str) -> bool:
    """No NUL and no lone surrogate: PostgreSQL stores neither."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _read_seq(item: Mapping[str, Any]) -> dict[str, int]:
    seq = item.get("seq")
    is_good = isinstance(seq, int) and not isinstance(seq, bool) and 0 <= seq <= MAX_SEQ
    return {"seq": seq} if is_good else {}  # type: ignore[dict-item]
