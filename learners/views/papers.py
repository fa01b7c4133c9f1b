"""Papers between the database and the page: questions to fill in, and form fields to answers."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import QueryDict

from learners.exams.answers import CHOICE_TYPES
from learners.exams.models import Attempt
from learners.views.cards import AttemptView, ChoiceView, GapView, MatchView, OrderView, QuestionView


def make_attempt_view(attempt: Attempt, now: datetime) -> AttemptView:
    return AttemptView(
        id=str(attempt.pk),
        number=attempt.number,
        opened_at=attempt.opened_at,
        deadline_at=attempt.deadline_at,
        server_now=now,
        base_minutes=attempt.base_time_limit // 60 if attempt.base_time_limit else None,
        limit_minutes=attempt.time_limit // 60 if attempt.time_limit else None,
        is_marked_by_hand=any(question["type"] == "essay" for question in attempt.paper["questions"]),
        questions=[
            make_question_view(question, attempt.answers.get(question["id"], {}))
            for question in attempt.paper["questions"]
        ],
    )


def make_question_view(question: dict[str, Any], answer: dict[str, Any]) -> QuestionView:
    """A question of a paper with what was answered so far."""
    chosen = answer.get("choices", [])
    return QuestionView(
        id=question["id"],
        type=question["type"],
        prompt=question["prompt"],
        points=question["points"],
        unit=question.get("unit", ""),
        choices=[ChoiceView(each["id"], each["text"], each["id"] in chosen) for each in question["choices"]],
        text=answer.get("text", ""),
        number=answer.get("number", ""),
        seq=answer.get("seq", 0),
        lefts=_lefts(question, answer.get("pairs", {})),
        items=_items(question, answer.get("order", [])),
        parts=_parts(question, answer.get("blanks", {})),
        min_words=question.get("min_words"),
        max_words=question.get("max_words"),
    )


def read_form_answers(fields: QueryDict, paper: dict[str, Any]) -> list[dict[str, Any]]:
    """Fields ``q-<question id>``, of a question in parts ``q-<question id>-<part id>``. A form sends all it has, so a
    question without a tick is an answer, too. ``seq-<question id>`` is the number of what it was filled with."""
    return [
        {"question": question["id"]}
        | _read_fields(fields, question, f"q-{question['id']}")
        | _read_seq(fields.get(f"seq-{question['id']}", ""))
        for question in paper["questions"]
    ]


def _read_seq(text: str) -> dict[str, Any]:
    return {"seq": int(text)} if re.fullmatch(r"[0-9]{1,16}", text) else {}


def _read_fields(fields: QueryDict, question: dict[str, Any], name: str) -> dict[str, Any]:
    if question["type"] in CHOICE_TYPES:
        return {"choices": fields.getlist(name)}
    return _FIELD_READERS[question["type"]](fields, question, name)


def _read_pairs(fields: QueryDict, question: dict[str, Any], name: str) -> dict[str, Any]:
    chosen = {left["id"]: fields.get(f"{name}-{left['id']}", "") for left in question["lefts"]}
    return {"pairs": {left: right for left, right in chosen.items() if right}}


def _read_order(fields: QueryDict, question: dict[str, Any], name: str) -> dict[str, Any]:
    """The items by the places chosen for them; those without a place come last, equal places in the order shown."""
    shown = [item["id"] for item in question["items"]]
    chosen = {item: fields.get(f"{name}-{item}", "") for item in shown}
    places = {item: int(text) for item, text in chosen.items() if re.fullmatch(r"[0-9]{1,3}", text)}
    return {"order": sorted(shown, key=lambda item: places.get(item, len(shown) + 1)) if places else []}


def _read_blanks(fields: QueryDict, question: dict[str, Any], name: str) -> dict[str, Any]:
    blanks = [part["blank"] for part in question["parts"] if "blank" in part]
    return {"blanks": {blank: fields.get(f"{name}-{blank}", "") for blank in blanks}}


def _read_text(fields: QueryDict, question: dict[str, Any], name: str) -> dict[str, Any]:
    return {"text": fields.get(name, "").replace("\r\n", "\n")}


def _read_number(fields: QueryDict, question: dict[str, Any], name: str) -> dict[str, Any]:
    return {"number": fields.get(name, "")}


_FIELD_READERS: dict[str, Callable[[QueryDict, dict[str, Any], str], dict[str, Any]]] = {
    "short_text": _read_text,
    "essay": _read_text,
    "numeric": _read_number,
    "matching": _read_pairs,
    "ordering": _read_order,
    "blanks": _read_blanks,
}


def _lefts(question: dict[str, Any], pairs: dict[str, str]) -> list[MatchView]:
    return [
        MatchView(
            left["id"],
            left["text"],
            [
                ChoiceView(right["id"], right["text"], pairs.get(left["id"]) == right["id"])
                for right in question["rights"]
            ],
        )
        for left in question.get("lefts", [])
    ]


def _items(question: dict[str, Any], order: list[str]) -> list[OrderView]:
    """In the order the learner gave them, else as the paper has them."""
    items = question.get("items", [])
    places = {item: place for place, item in enumerate(order, start=1)}
    ordered = sorted(items, key=lambda item: places.get(item["id"], 0))
    return [OrderView(item["id"], item["text"], places.get(item["id"])) for item in ordered]


def _parts(question: dict[str, Any], blanks: dict[str, str]) -> list[GapView]:
    views = []
    number = 0
    for part in question.get("parts", []):
        if "blank" in part:
            number += 1
            views.append(GapView("", part["blank"], number, blanks.get(part["blank"], "")))
        else:
            views.append(GapView(part["text"]))
    return views
