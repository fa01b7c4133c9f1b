"""Makes sure that every item of a stream has an id of its own, however deep, before anything is stored."""

import uuid
from collections.abc import Callable
from typing import Any

from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock

NewId = Callable[[], str]


def random_id() -> str:
    return str(uuid.uuid4())


def ensure_ids(block: Block, raw: Any, new_id: NewId = random_id) -> Any:
    """Give each stream and list item in ``raw`` a unique id, in place, and return ``raw``.

    Ids that are present, valid and unique stay as they are: learners' progress hangs on them. Missing, malformed and
    repeated ids are replaced; without this Wagtail would invent a different id on every read.
    """
    return _ensure(block, raw, set(), new_id)


def renew_ids(block: Block, raw: Any) -> Any:
    """Give every item in ``raw`` a new id, in place, and return ``raw``: for copies that are something of their own."""
    known = {item_id for item_id in _item_ids(block, raw) if isinstance(item_id, str)}
    return _ensure(block, raw, known, random_id)


def has_all_ids(block: Block, raw: Any) -> bool:
    """Whether ``ensure_ids`` would change nothing."""
    seen: set[str] = set()
    return all(_is_good(item_id, seen) for item_id in _item_ids(block, raw))


def _is_good(item_id: Any, seen: set[str]) -> bool:
    """Whether this is a UUID in canonical form that was not seen before; remembers it."""
    if not isinstance(item_id, str) or item_id in seen:
        return False
    try:
        is_canonical = str(uuid.UUID(item_id)) == item_id
    except ValueError:
        return False
    if is_canonical:
        seen.add(item_id)
    return is_canonical


def _fix(item: dict[str, Any], seen: set[str], new_id: NewId) -> None:
    if not _is_good(item.get("id"), seen):
        item["id"] = new_id()
        seen.add(item["id"])


def _ensure(block: Block, raw: Any, seen: set[str], new_id: NewId) -> Any:
    if isinstance(block, StreamBlock):
        for item in raw or []:
            _fix(item, seen, new_id)
            if (child := block.child_blocks.get(item["type"])) is not None:
                item["value"] = _ensure(child, item["value"], seen, new_id)
    elif isinstance(block, ListBlock):
        items = []
        for value in raw or []:
            is_item = isinstance(value, dict) and value.get("type") == "item" and "value" in value
            item = value if is_item else {"type": "item", "value": value}
            _fix(item, seen, new_id)
            item["value"] = _ensure(block.child_block, item["value"], seen, new_id)
            items.append(item)
        return items
    elif isinstance(block, StructBlock) and isinstance(raw, dict):
        for name, child in block.child_blocks.items():
            if name in raw:
                raw[name] = _ensure(child, raw[name], seen, new_id)
    return raw


def _item_ids(block: Block, raw: Any) -> list[Any]:
    ids: list[Any] = []
    if isinstance(block, StreamBlock):
        for item in raw or []:
            ids.append(item.get("id"))
            if (child := block.child_blocks.get(item["type"])) is not None:
                ids.extend(_item_ids(child, item["value"]))
    elif isinstance(block, ListBlock):
        for value in raw or []:
            is_item = isinstance(value, dict) and value.get("type") == "item" and "value" in value
            ids.append(value.get("id") if is_item else None)
            ids.extend(_item_ids(block.child_block, value["value"] if is_item else value))
    elif isinstance(block, StructBlock) and isinstance(raw, dict):
        for name, child in block.child_blocks.items():
            if name in raw:
                ids.extend(_item_ids(child, raw[name]))
    return ids
