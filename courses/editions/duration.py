"""How long a lesson takes when its author did not say (pure)."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

READING_WORDS_A_MINUTE = 200
SECONDS_A_QUESTION = 45
SECONDS_AN_UNMEASURED_VIDEO = 300
SECONDS_AN_IMAGE = 10

_TAG = re.compile(r"<[^>]+>")


def estimate_minutes(blocks: Sequence[Mapping[str, Any]]) -> int:
    """Whole minutes, at least 1, for a lesson's block documents: reading speed, media length, time for questions."""
    return max(1, math.ceil(sum(estimate_seconds(block) for block in blocks) / 60))


def estimate_seconds(block: Mapping[str, Any]) -> float:
    """The same for one block document."""
    match block["type"]:
        case "video":
            return block["duration"] or SECONDS_AN_UNMEASURED_VIDEO
        case "audio":
            return block["duration"] or 0
        case "quiz":
            return block["question_count"] * SECONDS_A_QUESTION
        case "image":
            return SECONDS_AN_IMAGE
        case "code":
            return _reading_seconds(block["code"])
        case "table":
            return _reading_seconds(" ".join(" ".join(row) for row in block["rows"]))
        case _:
            return _reading_seconds(_TAG.sub(" ", str(block.get("html", ""))))


def _reading_seconds(text: str) -> float:
    return len(text.split()) / READING_WORDS_A_MINUTE * 60
