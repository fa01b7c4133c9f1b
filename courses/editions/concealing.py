"""What a timed block shows before its clock was started: that it is there, and nothing of what is in it."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from courses.editions.documents import LessonDocument

# Ids, settings, titles and lengths stay; every shape stays whole, so that typed clients need no second one.
_EMPTY: dict[str, dict[str, Any]] = {
    "text": {"html": ""},
    "markdown": {"html": ""},
    "callout": {"title": "", "html": ""},
    "image": {"image": None, "alt": "", "caption": ""},
    "video": {
        "video_id": "", "url": "", "is_playable": False, "file": None, "poster": None, "captions": [], "transcript": ""
    },
    "audio": {"url": "", "file": None, "transcript": ""},
    "file": {"description": "", "file": None},
    "embed": {"url": "", "frame_url": ""},
    "code": {"code": "", "caption": ""},
    "table": {"caption": "", "rows": []},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clock:
    is_started: bool
    deadline_at: datetime | None


NOT_STARTED = Clock(False, None)


def conceal_unstarted(document: LessonDocument, clocks: Mapping[str, Clock]) -> LessonDocument:
    """The document with ``is_started`` and ``deadline_at`` on timed blocks, and without the contents of those that
    wait. Quizzes are left alone: their questions come with an attempt. The same document where nothing is timed."""
    if not has_timed_blocks(document):
        return document
    told = copy.deepcopy(document)
    for block in cast(list[dict[str, Any]], told["blocks"]):
        if not _is_timed(block):
            continue
        clock = clocks.get(block["id"], NOT_STARTED)
        moment = clock.deadline_at.isoformat().replace("+00:00", "Z") if clock.deadline_at else None
        block |= {"is_started": clock.is_started, "deadline_at": moment}
        if not clock.is_started:
            block |= copy.deepcopy(_EMPTY[block["type"]])
    return told


def has_timed_blocks(document: LessonDocument) -> bool:
    return any(_is_timed(cast(dict[str, Any], block)) for block in document["blocks"])


def _is_timed(block: Mapping[str, Any]) -> bool:
    return bool(block["time_limit"]) and block["type"] != "quiz"
