"""Turns the questions of a pack's quiz into the raw JSON of the quiz block."""

from collections.abc import Callable
from typing import Any

from courses.packs.question_fields import derive_id

Raw = dict[str, Any]

QUIZ_SETTINGS = (
    *("title", "introduction", "pass_percent", "attempts_allowed", "shuffle_questions", "shuffle_choices"),
    *("cooldown_minutes", "score_policy", "review_policy"),
)
# Fields that quizzes stored by version 1.0 do not have: being there with this value is no change.
QUIZ_DEFAULTS: Raw = {"score_policy": "best", "review_policy": "when_useless", "keeps_spaces": False}
# What tells a question from its value.
_HEAD = {"id", "type", "line", "extra", "choice_extra"}
# Streams of structs with ids of their own, and the name of their items.
_PART_STREAMS = {"choices": "choice", "pairs": "pair", "rubric": "criterion"}
# Streams of plain texts.
_TEXT_STREAMS = {"answers": "answer", "distractors": "distractor"}


def build_questions(questions: list[Raw], *, find_bank: Callable[[str], int | None]) -> list[Raw]:
    """The raw stream; pools hold a stream of their own."""
    return [_build(question, find_bank) for question in questions]


def _build(question: Raw, find_bank: Callable[[str], int | None]) -> Raw:
    value = {key: item for key, item in question.items() if key not in _HEAD}
    if question["type"] == "pool":
        value["questions"] = build_questions(value["questions"], find_bank=find_bank)
    elif question["type"] == "bank":
        value["category"] = find_bank(value["category"])
    for name, item_type in _PART_STREAMS.items():
        if name in value:
            value[name] = [
                {"type": item_type, "id": part["id"], "value": {k: v for k, v in part.items() if k not in _HEAD}}
                for part in value[name]
            ]
    for name, item_type in _TEXT_STREAMS.items():
        if name in value:
            value[name] = [
                {"type": item_type, "id": derive_id(question["id"], f"{item_type}:{position}"), "value": text}
                for position, text in enumerate(value[name])
            ]
    if "items" in value:
        value["items"] = [{"type": "item", "id": part["id"], "value": part["text"]} for part in value["items"]]
    return {"type": question["type"], "id": question["id"], "value": value}
