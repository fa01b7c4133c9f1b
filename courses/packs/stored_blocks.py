"""Turns the stored blocks of a lesson back into the words of a pack: the way back from `bodies`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from courses.blocks.base import RICH_TEXT, SHORT_RICH_TEXT
from courses.blocks.media import DEFAULT_PERCENT
from courses.packs.definition import PackBlock
from courses.packs.kept_keys import Kept
from courses.packs.question_bodies import QUIZ_DEFAULTS
from courses.packs.stored_media import MediaBook, poster_of, source_of, tracks_of
from courses.packs.stored_questions import NameBank, describe_questions

Raw = Mapping[str, Any]
# Stored rich text and the features of its editor -> the HTML of a pack.
ToHtml = Callable[[str, list[str]], str]


@dataclass(frozen=True)
class BlockDescriber:
    """Describes blocks in the words of a pack, as ``block_fields`` reads them."""

    media: MediaBook
    name_bank: NameBank
    to_html: ToHtml
    kept: Kept

    def describe_body(self, stored: Iterable[Raw]) -> tuple[PackBlock, ...]:
        """Types that no longer exist are left out."""
        return tuple(self._describe(item) for item in stored if item["type"] in _BLOCKS)

    def _describe(self, item: Raw) -> PackBlock:
        extra = dict(self.kept.get(item["id"], {}))
        for name in ("poster", "captions") if item["type"] == "video" else ():
            extra.pop(name, None)
        return PackBlock(
            id=item["id"],
            type=item["type"],
            is_required=bool(item["value"].get("is_required", True)),
            time_limit=item["value"].get("time_limit"),
            fields=_BLOCKS[item["type"]](self, item),
            line=0,
            extra=extra,
        )

    def source(self, item: Raw) -> dict[str, Any]:
        return {"src": self.media.path_of(source_of(item))}

    def played(self, item: Raw) -> dict[str, Any]:
        """What video and audio share."""
        percent = item["value"].get("required_percent")
        return {
            **_texts(item, "title"),
            **self.source(item),
            "url": item["value"].get("url") or "",
            "transcript": self.to_html(item["value"].get("transcript") or "", RICH_TEXT),
            "duration": self.media.duration_of(source_of(item)),
            "required_percent": DEFAULT_PERCENT if percent is None else percent,
        }


def _texts(item: Raw, *names: str) -> dict[str, Any]:
    return {name: item["value"].get(name) or "" for name in names}


def _flags(item: Raw, *names: str) -> dict[str, Any]:
    return {name: bool(item["value"].get(name)) for name in names}


def _text(describer: BlockDescriber, item: Raw) -> dict[str, Any]:
    return {"text": describer.to_html(item["value"].get("text") or "", RICH_TEXT)}


def _image(describer: BlockDescriber, item: Raw) -> dict[str, Any]:
    return {**describer.source(item), **_texts(item, "alt", "caption"), **_flags(item, "is_decorative")}


def _video(describer: BlockDescriber, item: Raw) -> dict[str, Any]:
    return {
        **describer.played(item),
        "poster": describer.media.path_of(poster_of(item, describer.kept)),
        "captions": [
            {"src": path, "language": track.language, "label": track.label, "extra": track.extra}
            for track in tracks_of(item, describer.kept)
            if (path := describer.media.path_of(track.use))
        ],
    }


def _table(describer: BlockDescriber, item: Raw) -> dict[str, Any]:
    table = item["value"].get("table") or {}
    choice = table.get("table_header_choice")
    rows = [["" if cell is None else str(cell) for cell in row] for row in table.get("data") or []]
    return {
        "caption": item["value"].get("caption") or table.get("table_caption") or "",
        "rows": rows,
        "has_header_row": bool(table.get("first_row_is_table_header")) or choice in {"row", "both"},
        "has_header_column": bool(table.get("first_col_is_header")) or choice in {"column", "col", "both"},
    }


def _callout(describer: BlockDescriber, item: Raw) -> dict[str, Any]:
    html = describer.to_html(item["value"].get("text") or "", SHORT_RICH_TEXT)
    return {"kind": item["value"].get("kind") or "info", **_texts(item, "title"), "text": html}


def _quiz(describer: BlockDescriber, item: Raw) -> dict[str, Any]:
    value = item["value"]
    percent = value.get("pass_percent")
    return {
        **_texts(item, "title", "introduction"),
        "pass_percent": 70 if percent is None else percent,
        **{name: value.get(name) for name in ("attempts_allowed", "cooldown_minutes")},
        **_flags(item, "shuffle_questions", "shuffle_choices"),
        **{name: value.get(name) or QUIZ_DEFAULTS[name] for name in ("score_policy", "review_policy")},
        "questions": describe_questions(value.get("questions") or [], describer.kept, describer.name_bank),
    }


_BLOCKS: dict[str, Callable[[BlockDescriber, Raw], dict[str, Any]]] = {
    "text": _text,
    "markdown": lambda describer, item: {"source": item["value"].get("source") or ""},
    "image": _image,
    "video": _video,
    "audio": lambda describer, item: describer.played(item),
    "quiz": _quiz,
    "file": lambda describer, item: describer.source(item) | _texts(item, "title", "description"),
    "embed": lambda describer, item: _texts(item, "url", "title"),
    "code": lambda describer, item: _texts(item, "code", "language", "caption"),
    "table": _table,
    "callout": _callout,
}
