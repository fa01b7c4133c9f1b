"""Ids of stream items: kept when they are good, made when they are missing, malformed or repeated."""

import copy
from typing import Any

from wagtail.blocks import CharBlock, ListBlock, StructBlock

from courses.blocks.ids import ensure_ids, has_all_ids
from courses.blocks.lesson import LessonBody

A = "0a9c7f4e-1111-4111-8111-000000000001"
B = "0a9c7f4e-1111-4111-8111-000000000002"


def make_raw(*ids: str | None) -> list[dict[str, Any]]:
    """A quiz with one question with one choice; the three ids from the outside in."""
    block_id, question_id, choice_id = ids
    return [
        {
            "type": "quiz",
            "id": block_id,
            "value": {
                "questions": [
                    {
                        "type": "single",
                        "id": question_id,
                        "value": {"choices": [{"type": "choice", "id": choice_id, "value": {"text": "a"}}]},
                    }
                ]
            },
        }
    ]


def collect_ids(raw: list[dict[str, Any]]) -> list[str]:
    question = raw[0]["value"]["questions"][0]
    return [raw[0]["id"], question["id"], question["value"]["choices"][0]["id"]]


def test_ensure_ids_leaves_good_ids_alone() -> None:
    raw = make_raw(A, B, "0a9c7f4e-1111-4111-8111-000000000003")
    before = copy.deepcopy(raw)
    assert has_all_ids(LessonBody(), raw)
    assert ensure_ids(LessonBody(), raw) == before


def test_ensure_ids_fills_missing_ids_at_every_depth() -> None:
    raw = make_raw(None, None, None)
    assert not has_all_ids(LessonBody(), raw)
    ensure_ids(LessonBody(), raw)
    assert has_all_ids(LessonBody(), raw)
    assert len(set(collect_ids(raw))) == 3


def test_ensure_ids_replaces_repeated_and_malformed_ids() -> None:
    raw = ensure_ids(LessonBody(), make_raw(A, A, "not-a-uuid"))
    assert collect_ids(raw)[0] == A
    assert has_all_ids(LessonBody(), raw)


def test_ensure_ids_wraps_plain_list_items() -> None:
    block = StructBlock([("names", ListBlock(CharBlock()))])
    raw = ensure_ids(block, {"names": ["Ann", {"type": "item", "id": A, "value": "Ben"}]})
    assert [item["value"] for item in raw["names"]] == ["Ann", "Ben"]
    assert raw["names"][1]["id"] == A
    assert has_all_ids(block, raw)


def test_ensure_ids_survives_types_that_no_longer_exist() -> None:
    raw = [{"type": "gone", "id": A, "value": {"x": 1}}]
    assert ensure_ids(LessonBody(), raw) == [{"type": "gone", "id": A, "value": {"x": 1}}]
