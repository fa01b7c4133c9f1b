"""What points from one page of a tree to another, pointed at the copies (pure)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_PAGE_LINK = re.compile(r'<a\b[^>]*\blinktype="page"[^>]*>')
_ID = re.compile(r'(\bid=")(\d+)(")')


def remap_required(raw: Iterable[Mapping[str, Any]], copies: Mapping[int, int]) -> list[dict[str, Any]]:
    """The items of "opens after": those of pages that were not copied are left out, for they are not in the course."""
    found = []
    for item in raw:
        page = item["value"].get("page")
        if page in copies:
            found.append({**item, "value": {**item["value"], "page": copies[page]}})
        elif page in copies.values():
            found.append(dict(item))
    return found


def remap_links(value: Any, copies: Mapping[int, int]) -> Any:
    """Links of rich text, however deep in a stream; links to other pages stay."""
    if isinstance(value, str):
        return _PAGE_LINK.sub(lambda link: _remap_tag(link.group(), copies), value) if "linktype" in value else value
    if isinstance(value, list):
        return [remap_links(item, copies) for item in value]
    if isinstance(value, dict):
        return {key: remap_links(item, copies) for key, item in value.items()}
    return value


def _remap_tag(tag: str, copies: Mapping[int, int]) -> str:
    return _ID.sub(lambda found: f"{found[1]}{copies.get(int(found[2]), found[2])}{found[3]}", tag)
