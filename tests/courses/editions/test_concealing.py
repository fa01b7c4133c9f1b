"""Timed blocks before their clock was started: every type, nothing of what is in it."""

from datetime import UTC, datetime

import pytest

from courses.editions.concealing import Clock, conceal_unstarted
from tests.api.editions import make_blocks

SECRET = "behind-the-clock"


def make_document():
    """A timed block of every type; every text in it is marked."""
    blocks = make_blocks("course", 1)
    for block in blocks:
        block["time_limit"] = 10
        for name in ("html", "alt", "caption", "transcript", "url", "description", "code", "frame_url", "video_id"):
            if name in block:
                block[name] = SECRET
        if "rows" in block:
            block["rows"] = [[SECRET]]
        if block.get("file"):
            block["file"] = block["file"] | {"name": SECRET}
    return {"id": "l", "title": "Lesson", "slug": "lesson", "summary": "", "minutes": 5, "blocks": blocks}


KINDS = [block["type"] for block in make_document()["blocks"] if block["type"] != "quiz"]


@pytest.mark.parametrize("kind", KINDS)
def test_conceal_unstarted_empties_every_type_and_keeps_its_shape(kind):
    document = make_document()
    before = next(block for block in document["blocks"] if block["type"] == kind)
    after = next(block for block in conceal_unstarted(document, {})["blocks"] if block["type"] == kind)
    assert SECRET in str(before)
    assert SECRET not in str(after)
    assert set(after) == {*before, "is_started", "deadline_at"}
    assert (after["is_started"], after["deadline_at"], after["time_limit"]) == (False, None, 10)


def test_conceal_unstarted_shows_what_was_started_with_its_end():
    document = make_document()
    text = document["blocks"][0]
    clocks = {text["id"]: Clock(True, datetime(2026, 3, 1, 12, tzinfo=UTC))}
    told = conceal_unstarted(document, clocks)["blocks"][0]
    assert told == text | {"is_started": True, "deadline_at": "2026-03-01T12:00:00Z"}


def test_conceal_unstarted_leaves_quizzes_and_untimed_blocks_alone():
    document = make_document()
    document["blocks"] = [block for block in document["blocks"] if block["type"] in ("quiz", "text")]
    document["blocks"][0]["time_limit"] = None
    assert conceal_unstarted(document, {}) is document
