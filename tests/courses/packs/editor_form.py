"""What the page editor would post if somebody opened a page and saved it without touching anything."""

import json
from typing import Any

from django.forms import BooleanField
from django.utils.datastructures import MultiValueDict
from wagtail.blocks import RichTextBlock, StreamBlock, StructBlock
from wagtail.blocks.field_block import ChooserBlock
from wagtail.contrib.table_block.blocks import TableBlock

from courses.models import LessonPage


def save_in_editor(page: LessonPage, user: Any) -> list[dict[str, Any]]:
    """The raw body after a save; fails if the form refuses it."""
    form_class = LessonPage.get_edit_handler().get_form_class()
    data = MultiValueDict({key: [value] for key, value in flatten_block(page.body.stream_block, page.body, "body")})
    data["requires-count"] = "0"
    for name in ("title", "slug", "summary", "minutes", "seo_title", "search_description"):
        data[name] = getattr(page, name) or ""
    for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS"):
        data[f"comments-{name}"] = "0"
    form = form_class(data, instance=page, for_user=user, parent_page=page.get_parent())
    assert form.errors == {}
    return list(form.save(commit=False).body.get_prep_value())


def flatten_block(block: Any, value: Any, prefix: str) -> list[tuple[str, str]]:
    if isinstance(block, StreamBlock):
        pairs = [(f"{prefix}-count", str(len(value)))]
        for position, child in enumerate(value):
            item = f"{prefix}-{position}"
            pairs += [(f"{item}-deleted", ""), (f"{item}-order", str(position)), (f"{item}-type", child.block_type)]
            pairs += [(f"{item}-id", child.id), *flatten_block(child.block, child.value, f"{item}-value")]
        return pairs
    if isinstance(block, StructBlock):
        return [
            pair
            for name, child in block.child_blocks.items()
            for pair in flatten_block(child, value.get(name), f"{prefix}-{name}")
        ]
    return _flatten_field(block, value, prefix)


def _flatten_field(block: Any, value: Any, prefix: str) -> list[tuple[str, str]]:
    if isinstance(block, RichTextBlock):
        return [(prefix, block.field.widget.format_value(block.value_for_form(value)))]
    if isinstance(block, ChooserBlock):
        return [(prefix, str(value.pk) if value else "")]
    if isinstance(block, TableBlock):
        return [(prefix, json.dumps(value))]
    if isinstance(block.field, BooleanField):
        return [(prefix, "on")] if value else []
    # Browsers send the line ends of text areas as carriage return and line feed.
    return [(prefix, "" if value is None else str(value).replace("\n", "\r\n"))]
