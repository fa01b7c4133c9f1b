"""What of a block is translated, what a translation may replace, and what stays as in the source language.

wagtail-localize translates the text of every text block unless the block says otherwise, and keeps everything else
(numbers, switches, choices, ids, the order of things) as it is in the source. The blocks here say otherwise.
"""

import copy
import hashlib
from typing import Any

from wagtail.blocks import CharBlock
from wagtail.contrib.table_block.blocks import TableBlock as WagtailTableBlock
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue

from courses.blocks.base import VerbatimTextBlock


class SyncedCharBlock(CharBlock):
    """A technical text: the same in every language."""

    def get_translatable_segments(self, value: Any) -> list[Any]:
        return []


class ReplaceableCharBlock(CharBlock):
    """A technical text that a translation may replace, such as the language of a caption file."""

    def get_translatable_segments(self, value: Any) -> list[Any]:
        return [OverridableSegmentValue("", value)] if value else []

    def restore_translated_segments(self, value: Any, segments: list[Any]) -> Any:
        return segments[0].data


class ReplaceableTextBlock(VerbatimTextBlock):
    """Text whose every space counts, such as code: replaced as a whole or not at all."""

    def get_translatable_segments(self, value: Any) -> list[Any]:
        return [OverridableSegmentValue("", value)] if value else []

    def restore_translated_segments(self, value: Any, segments: list[Any]) -> Any:
        return segments[0].data


class TranslatableTableBlock(WagtailTableBlock):
    """A table whose cells are translated each by itself. A cell goes by its text, so that it keeps its translation
    when rows are added or moved."""

    def get_translatable_segments(self, value: Any) -> list[Any]:
        return [StringSegmentValue(_name(text), text) for text in dict.fromkeys(_list_texts(value)) if text.strip()]

    def restore_translated_segments(self, value: Any, segments: list[Any]) -> Any:
        words = {segment.path: segment.render_text() for segment in segments}
        table = copy.deepcopy(value)
        table["data"] = [
            [words.get(_name(cell), cell) if isinstance(cell, str) else cell for cell in row]
            for row in table.get("data") or []
        ]
        caption = table.get("table_caption")
        if isinstance(caption, str):
            table["table_caption"] = words.get(_name(caption), caption)
        return table


def _list_texts(value: Any) -> list[str]:
    table = value or {}
    cells = [cell for row in table.get("data") or [] for cell in row]
    return [text for text in [*cells, table.get("table_caption")] if isinstance(text, str)]


def _name(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
