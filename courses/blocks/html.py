"""Content as safe HTML: Markdown and rich text rendered without queries, sanitised, headings from h2 down with ids."""

import re
from collections.abc import Callable, MutableMapping, Sequence
from html import escape, unescape
from typing import Any

import nh3
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from courses.blocks.links import HEADING_PREFIX, is_safe_href
from courses.blocks.refs import Refs

Resolve = Callable[[str], str | None]

_REL = "noopener noreferrer"
_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "div", "dl", "dt", "em"),
    *("figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p"),
    *("pre", "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot"),
    *("th", "thead", "tr", "u", "ul", "var"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "code": {"class"},
    "details": {"open"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_LANGUAGE_CLASS = re.compile(r"language-[\w+#.-]{1,40}\Z")
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_DEAD_LINK = re.compile(rf'<a(?: title="[^"]*")?(?: rel="{_REL}")?(?: title="[^"]*")?>(.*?)</a>', re.DOTALL)
_FRAGMENT_LINK = re.compile(rf'(<a [^>]*?href=")#(?!{HEADING_PREFIX})([^"]+)"')
_TAG = re.compile(r"<[^>]*>")
_NOTHING = re.compile(r"(?:\s|</?p[^>]*>)*")
_LINK_TAG = re.compile(r"<a\s[^>]*?\blinktype=[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_HEADING_ID = re.compile(rf'(<h[2-6] id=")({HEADING_PREFIX}[^"]*)"')


def render_markdown(source: str, *, resolve: Resolve | None = None) -> str:
    """Markdown (CommonMark, tables, strikethrough, harmless inline HTML) as safe HTML.

    ``resolve`` answers the path that a relative link means. Relative links it does not know lose the link and keep
    the text; images become links or their alt text, because pictures belong into image blocks.
    """
    return _finish(_MARKDOWN.render(source, {"resolve": resolve}))


def render_rich_text(html: str, refs: Refs) -> str:
    """Stored rich text as safe HTML; links to pages are looked up in ``refs``, never in the database.

    A link to a page that is not published keeps its text only, and so does a link to a document: files are offered by
    download blocks, which check access. The empty paragraph that the editor stores for an empty field is nothing.
    """
    if _NOTHING.fullmatch(html):
        return ""
    return _finish(_LINK_TAG.sub(lambda match: _open_link(match.group(0), refs), html))


def unique_heading_ids(html: str, taken: set[str]) -> str:
    """The same HTML with heading ids that are not in ``taken`` yet; adds them. For blocks that share a page."""

    def rename(match: re.Match[str]) -> str:
        name, number = match.group(2), 2
        while name in taken:
            name, number = f"{match.group(2)}-{number}", number + 1
        taken.add(name)
        return f'{match.group(1)}{name}"'

    return _HEADING_ID.sub(rename, html)


def plain_text(html: str) -> str:
    """What a reader sees of the HTML, tags removed."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def _filter_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if is_safe_href(value) else None
    if attribute == "class":
        return value if _LANGUAGE_CLASS.match(value) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_filter_attribute,
    link_rel=_REL,
    url_schemes={"http", "https", "mailto"},
)


def _finish(html: str) -> str:
    clean = _DEAD_LINK.sub(r"\1", _CLEANER.clean(html))
    clean = _FRAGMENT_LINK.sub(rf'\1#{HEADING_PREFIX}\2"', clean)
    return unique_heading_ids(_HEADING.sub(_heading, clean), set()).strip()


def _heading(match: re.Match[str]) -> str:
    """The page's h1 is the lesson title, so a h1 in content steps down to h2."""
    level = max(2, int(match.group(1)))
    name = slugify(unescape(_TAG.sub("", match.group(2))), allow_unicode=True) or "section"
    return f'<h{level} id="{HEADING_PREFIX}{name}">{match.group(2)}</h{level}>'


def _open_link(tag: str, refs: Refs) -> str:
    attributes = dict(_ATTRIBUTE.findall(tag))
    pk = int(attributes["id"]) if attributes.get("id", "").isdigit() else None
    path = refs.page_path(pk) if attributes.get("linktype") == "page" else None
    return f'<a href="{escape(path)}">' if path else "<a>"


class _ContentRenderer(RendererHTML):
    """Resolves relative links and turns images into links or words."""

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: dict[str, Any]) -> str:
        token, resolve = tokens[idx], env.get("resolve")
        href = str(token.attrGet("href") or "")
        if resolve is not None and not is_safe_href(href) and (path := resolve(href)):
            token.attrSet("href", path)
        return self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]) -> str:
        token = tokens[idx]
        alt = escape(self.renderInlineAsText(token.children or [], options, env))
        source = str(token.attrGet("src") or "")
        opened = sum(token.nesting for token in tokens[:idx] if token.type in {"link_open", "link_close"})
        if opened or not source.startswith(("https://", "http://")):
            return alt
        return f'<a href="{escape(source)}">{alt or escape(source)}</a>'


_MARKDOWN = MarkdownIt("commonmark", {"html": True}, renderer_cls=_ContentRenderer).enable(["table", "strikethrough"])
