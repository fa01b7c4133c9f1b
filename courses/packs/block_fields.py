"""Reads the YAML body of each block type's fence into the fields of the product's block."""

import re
from collections.abc import Callable
from typing import Any

from courses.blocks.media import DEFAULT_PERCENT
from courses.packs.definition import PackBlock
from courses.packs.fields import Fields, read_each
from courses.packs.question_fields import read_question_or_draw
from courses.packs.yaml_text import YamlMap
from courses.quizzes.definition import REVIEW_POLICIES, SCORE_POLICIES

MAX_RICH_TEXT = 200_000
MAX_MARKDOWN = 200_000
MAX_CODE = 100_000
CALLOUT_KINDS = ("info", "tip", "warning", "success")
_HOSTS = {"youtube": "https://www.youtube.com/watch?v={}", "vimeo": "https://vimeo.com/{}"}
_REFERENCES = {
    "youtube": (re.compile(r"[A-Za-z0-9_-]{11}"), "the 11 letters of a YouTube video"),
    "vimeo": (re.compile(r"\d{5,12}(/[0-9a-f]{6,20})?"), "the number of a Vimeo video"),
}


def read_block(block_type: str, block_id: str, data: YamlMap, *, file: str, line: int) -> PackBlock:
    """The block whose fence opens on ``line``. Raises PackError for a field that is wrong."""
    fields = Fields(data, file)
    is_required = fields.flag("is_required", default=True)
    time_limit = fields.integer("time_limit", low=1, high=1440)
    values = READERS[block_type](fields)
    return PackBlock(block_id, values.pop("type", block_type), is_required, time_limit, values, line, fields.rest())


def _read_text(fields: Fields) -> dict[str, Any]:
    """Rich text with ``html``; Markdown with ``markdown`` (prose that needs exact white space is written so)."""
    if fields.has("markdown"):
        return _read_markdown(fields)
    return {"text": fields.text("html", max_length=MAX_RICH_TEXT)}


def _read_markdown(fields: Fields) -> dict[str, Any]:
    return {"type": "markdown", "source": fields.verbatim("markdown", max_length=MAX_MARKDOWN)}


def _read_image(fields: Fields) -> dict[str, Any]:
    return {
        "src": fields.path("src"),
        "alt": fields.line("alt", max_length=500),
        "is_decorative": fields.flag("is_decorative", default=False),
        "caption": fields.line("caption"),
    }


def _read_video(fields: Fields) -> dict[str, Any]:
    return {
        "title": fields.line("title"),
        "src": fields.path("src"),
        "url": _read_address(fields),
        "poster": fields.path("poster"),
        "captions": [_read_track(item) for item in fields.maps("captions", most=50)],
        "transcript": fields.text("transcript", max_length=MAX_RICH_TEXT),
        "duration": fields.number("duration"),
        "required_percent": _read_percent(fields),
    }


def _read_track(fields: Fields) -> dict[str, Any]:
    track = {
        "src": fields.path("src", required=True),
        "language": fields.line("language", max_length=12) or "en",
        "label": fields.line("label", max_length=60),
    }
    return track | {"extra": fields.rest()}


def _read_address(fields: Fields) -> str:
    """``url``, or ``provider`` with ``ref``: both mean an address."""
    if not fields.has("provider"):
        return fields.url("url")
    fields.skip("url")
    provider = fields.choice("provider", ["youtube", "vimeo", "url"])
    if provider == "url":
        return fields.url("ref", required=True)
    reference = fields.line("ref", required=True)
    pattern, meaning = _REFERENCES[provider]
    if not pattern.fullmatch(reference):
        fields.fail("ref", f"must be {meaning}.")
    return _HOSTS[provider].format(reference)


def _read_audio(fields: Fields) -> dict[str, Any]:
    return {
        "title": fields.line("title"),
        "src": fields.path("src"),
        "url": fields.url("url"),
        "transcript": fields.text("transcript", max_length=MAX_RICH_TEXT),
        "duration": fields.number("duration"),
        "required_percent": _read_percent(fields),
    }


def _read_percent(fields: Fields) -> int:
    percent = fields.integer("required_percent", low=1, high=100)
    return DEFAULT_PERCENT if percent is None else percent


def _read_quiz(fields: Fields) -> dict[str, Any]:
    pass_percent = fields.integer("pass_percent", low=0, high=100)
    return {
        "title": fields.line("title"),
        "introduction": fields.text("introduction"),
        "pass_percent": 70 if pass_percent is None else pass_percent,
        "attempts_allowed": fields.integer("attempts_allowed", low=1, high=100),
        "shuffle_questions": fields.flag("shuffle_questions", default=False),
        "shuffle_choices": fields.flag("shuffle_choices", default=False),
        "cooldown_minutes": fields.integer("cooldown_minutes", low=1, high=43_200),
        "score_policy": fields.choice("score_policy", SCORE_POLICIES, default="best"),
        "review_policy": fields.choice("review_policy", REVIEW_POLICIES, default="when_useless"),
        "questions": read_each(fields.maps("questions", most=500), read_question_or_draw),
    }


def _read_file(fields: Fields) -> dict[str, Any]:
    return {
        "src": fields.path("src", stated=True),
        "title": fields.line("title"),
        "description": fields.text("description", max_length=1000),
    }


def _read_embed(fields: Fields) -> dict[str, Any]:
    return {"url": fields.url("url", stated=True), "title": fields.line("title")}


def _read_code(fields: Fields) -> dict[str, Any]:
    return {
        "code": fields.verbatim("code", max_length=MAX_CODE),
        "language": fields.line("language", max_length=40),
        "caption": fields.line("caption"),
    }


def _read_table(fields: Fields) -> dict[str, Any]:
    return {
        "caption": fields.line("caption"),
        "rows": fields.rows("rows"),
        "has_header_row": fields.flag("header_row", default=True),
        "has_header_column": fields.flag("header_column", default=False),
    }


def _read_callout(fields: Fields) -> dict[str, Any]:
    return {
        "kind": fields.choice("kind", CALLOUT_KINDS, default="info"),
        "title": fields.line("title"),
        "text": fields.text("text", max_length=MAX_RICH_TEXT),
    }


READERS: dict[str, Callable[[Fields], dict[str, Any]]] = {
    "text": _read_text,
    "markdown": _read_markdown,
    "image": _read_image,
    "video": _read_video,
    "audio": _read_audio,
    "quiz": _read_quiz,
    "file": _read_file,
    "embed": _read_embed,
    "code": _read_code,
    "table": _read_table,
    "callout": _read_callout,
}
