"""Brings a pack's HTML into the form the editor stores, so that saving in the editor never alters it."""

import re
from collections.abc import Sequence
from html import escape

from django.db import DatabaseError
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from courses.blocks.html import plain_text
from courses.packs.errors import PackError
from courses.packs.page_links import hide_links, show_links

_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
_NOTHING = re.compile(r"(?:<p></p>)+")
# Behind a closing tag, a rule or the opening of a list, and before the next tag of a block.
_BETWEEN = re.compile(
    r"(?:(?<=</p>)|(?<=</h[234]>)|(?<=</li>)|(?<=</[uo]l>)|(?<=<[uo]l>)|(?<=</blockquote>)|(?<=<hr/>))"
    r"(?=<(?:p|h[234]|li|/?[uo]l|blockquote|hr)\b)"
)
_VOID = re.compile(r"<(br|hr)\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)[^>]*>")
_ALWAYS = {"p", "br", "div", "span"}
_TAGS_OF = {
    "bold": {"b", "strong"},
    "italic": {"i", "em"},
    "ol": {"ol", "li"},
    "ul": {"ul", "li"},
    "link": {"a"},
    "superscript": {"sup"},
    "subscript": {"sub"},
    "strikethrough": {"s", "del", "strike"},
}


def to_rich_text(html: str, features: Sequence[str], *, file: str, line: int | None = None) -> str:
    """The HTML as the rich text editor would store it; text without tags becomes paragraphs.

    Raises PackError when the editor would lose something of it (tables, for example).
    """
    if not html.strip():
        return ""
    if not _TAG.search(html):
        paragraphs = [part.strip() for part in re.split(r"\n\s*\n", html) if part.strip()]
        html = "".join(f"<p>{escape(' '.join(part.split()), quote=False)}</p>" for part in paragraphs)
    known = _ALWAYS.union(*(_TAGS_OF.get(feature, {feature}) for feature in features))
    if unknown := sorted({tag.lower() for tag in _TAG.findall(html)} - known):
        message = f"the editor cannot keep <{unknown[0]}>: use a markdown, table, code, image or embed block for it."
        raise PackError(message, file=file, line=line)
    converter = ContentstateConverter(features=list(features))
    try:
        stored = converter.to_database_format(converter.from_database_format(_VOID.sub(r"<\1/>", hide_links(html))))
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 -- the converter raises anything on HTML that it does not know
        raise PackError(f"this HTML cannot be read ({type(error).__name__}: {error}).", file=file, line=line) from None
    stored = show_links(without_block_keys(stored))
    if "".join(plain_text(html).split()) != "".join(plain_text(stored).split()):
        message = "the editor would lose words of this HTML: use a markdown, table or code block for it."
        raise PackError(message, file=file, line=line)
    return stored


def break_lines(html: str) -> str:
    """The same HTML with a paragraph, heading or list item a line; the editor's form has no white space there."""
    return _BETWEEN.sub("\n", html)


def without_block_keys(html: str) -> str:
    """Stored rich text without the random keys of its paragraphs, and "" for the empty paragraph of an empty field."""
    html = _BLOCK_KEY.sub("", html)
    return "" if _NOTHING.fullmatch(html) else html
