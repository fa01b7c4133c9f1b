"""Links to pages of the course in rich text: by primary key in the database, as `page:` and the id in a pack."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

_STORED = re.compile(r'<a\s(?=[^>]*\blinktype="page")[^>]*?\bid="(\d+)"[^>]*>(.*?)</a>', re.DOTALL)
_IN_PACK = re.compile(r'<a href="page:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})">')
# Block type -> its field of rich text.
RICH_FIELDS = {"text": "text", "callout": "text", "video": "transcript", "audio": "transcript"}
# The editor's converter keeps web addresses only, so links to pages pass through it as one.
_OUTSIDE, _INSIDE = 'href="https://page.invalid/', 'href="page:'


def hide_links(html: str) -> str:
    return html.replace(_INSIDE, _OUTSIDE)


def show_links(html: str) -> str:
    return html.replace(_OUTSIDE, _INSIDE)


def name_links(html: str, keys: Mapping[int, str], *, keep_unknown: bool) -> str:
    """Stored rich text in the words of a pack. Links to other pages stay as they are, or keep their words only."""

    def name(match: re.Match[str]) -> str:
        key = keys.get(int(match.group(1)))
        if key is None:
            return match.group(0) if keep_unknown else match.group(2)
        return f'<a {_INSIDE}{key}">{match.group(2)}</a>'

    return _STORED.sub(name, html)


def has_strange_links(html: str, keys: Mapping[int, str]) -> bool:
    """Whether it links to a page that is not in ``keys``."""
    return any(int(match.group(1)) not in keys for match in _STORED.finditer(html))


def store_links(html: str, keys: Mapping[str, int]) -> str:
    """A pack's rich text as the database holds it; links to pages that are not there yet stay."""

    def store(match: re.Match[str]) -> str:
        pk = keys.get(match.group(1))
        return match.group(0) if pk is None else f'<a id="{pk}" linktype="page">'

    return _IN_PACK.sub(store, html)


def find_linked(html: str) -> list[str]:
    """The ids of the pages that a pack's rich text links to."""
    return _IN_PACK.findall(html)


def rich_texts(body: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """(block id, rich text) of every block that has any."""
    for item in body:
        field = RICH_FIELDS.get(item["type"])
        if field and (html := item["value"].get(field)):
            yield item["id"], html


def map_rich_text(body: list[dict[str, Any]], change: Callable[[str], str]) -> list[dict[str, Any]]:
    """The body with every rich text changed."""
    return [
        item | {"value": item["value"] | {field: change(item["value"][field])}}
        if (field := RICH_FIELDS.get(item["type"], "")) and item["value"].get(field)
        else item
        for item in body
    ]
