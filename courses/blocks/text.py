"""Blocks of words: rich text, Markdown, code, table, callout."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ChoiceBlock, RichTextBlock

from courses.blocks.base import (
    RICH_TEXT,
    SHORT_RICH_TEXT,
    LessonBlock,
    Raw,
    VerbatimTextBlock,
    text_of,
    title_block,
)
from courses.blocks.html import render_markdown, render_rich_text
from courses.blocks.refs import Reference, Refs
from courses.blocks.translation import ReplaceableTextBlock, SyncedCharBlock, TranslatableTableBlock

_LINK = re.compile(r"<a\s[^>]*?\blinktype=[^>]*>")
_LINK_TARGET = re.compile(r'\b(linktype|id)="([^"]*)"')


def rich_text_references(html: str) -> Iterator[Reference]:
    """The pages that stored rich text links to."""
    for tag in _LINK.findall(html):
        target = dict(_LINK_TARGET.findall(tag))
        if target.get("linktype") == "page" and target.get("id", "").isdigit():
            yield "page", int(target["id"])


class TextBlock(LessonBlock):
    text = RichTextBlock(required=False, features=RICH_TEXT, label=_("Text"))

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        group = _("Words")
        label_format = "{text}"
        description = _("Headings, paragraphs, lists and links.")
        preview_value = {"text": "<h2>Open with a question</h2><p>A good question lets the customer talk first.</p>"}

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        return {"html": render_rich_text(text_of(raw, "text"), refs)}

    def references(self, raw: Raw) -> Iterator[Reference]:
        return rich_text_references(text_of(raw, "text"))


class MarkdownBlock(LessonBlock):
    source = VerbatimTextBlock(
        required=False,
        rows=8,
        max_length=200_000,
        label=_("Markdown"),
        help_text=_("CommonMark with tables and strikethrough. Scripts and styles are removed."),
    )

    class Meta:
        icon = "code"
        label = _("Markdown")
        group = _("Words")
        label_format = "{source}"
        description = _("Text written in Markdown, for imported or technical material.")
        preview_value = {"source": "## Open with a question\n\nA *good* question lets the customer talk first."}

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        return {"html": render_markdown(text_of(raw, "source"), resolve=refs.resolve_link)}


class CalloutBlock(LessonBlock):
    kind = ChoiceBlock(
        choices=[("info", _("Note")), ("tip", _("Tip")), ("warning", _("Warning")), ("success", _("Success"))],
        default="info",
        label=_("Kind"),
    )
    title = title_block(label=_("Title"))
    text = RichTextBlock(required=False, features=SHORT_RICH_TEXT, label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        group = _("Words")
        label_format = "{title}"
        description = _("A short note that stands out: note, tip, warning or success.")
        preview_value = {"kind": "tip", "title": "Listen first", "text": "<p>Count to three before you answer.</p>"}

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        kind = text_of(raw, "kind")
        return {
            "kind": kind if kind in {"info", "tip", "warning", "success"} else "info",
            "title": text_of(raw, "title"),
            "html": render_rich_text(text_of(raw, "text"), refs),
        }

    def references(self, raw: Raw) -> Iterator[Reference]:
        return rich_text_references(text_of(raw, "text"))


class CodeBlock(LessonBlock):
    code = ReplaceableTextBlock(required=False, rows=8, max_length=100_000, label=_("Code"))
    language = SyncedCharBlock(
        required=False, max_length=40, label=_("Language"), help_text=_("For example: python, json, sql.")
    )
    caption = title_block(label=_("Caption"))

    class Meta:
        icon = "code"
        label = _("Code")
        group = _("Words")
        label_format = "{language}"
        description = _("Program code or terminal output, shown exactly as typed.")
        preview_value = {"code": "SELECT name\nFROM customers\nWHERE renewed = TRUE;", "language": "sql"}

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        return {
            "code": text_of(raw, "code"),
            "code_language": text_of(raw, "language"),
            "caption": text_of(raw, "caption"),
        }


class TableBlock(LessonBlock):
    caption = title_block(label=_("Caption"))
    table = TranslatableTableBlock(required=False, label=_("Table"))

    class Meta:
        icon = "table"
        label = _("Table")
        group = _("Words")
        label_format = "{caption}"
        description = _("Rows and columns of plain text.")
        preview_value = {
            "caption": "Objections and answers",
            "table": {
                "data": [["They say", "You ask"], ["Too expensive", "Compared with what?"]],
                "table_header_choice": "row",
                "first_row_is_table_header": True,
                "first_col_is_header": False,
            },
        }

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        table = raw.get("table") or {}
        choice = table.get("table_header_choice")
        return {
            "caption": text_of(raw, "caption") or table.get("table_caption") or "",
            "rows": [["" if cell is None else str(cell) for cell in row] for row in table.get("data") or []],
            "has_header_row": bool(table.get("first_row_is_table_header")) or choice in {"row", "both"},
            "has_header_column": bool(table.get("first_col_is_header")) or choice in {"column", "both"},
        }
