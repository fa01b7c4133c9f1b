"""What the words of a lesson hold for the checks: prose without code and tables, headings, links (pure)."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

_NOT_PROSE = re.compile(r"<(pre|table|code)\b.*?</\1>", re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|blockquote|dt|dd|summary|figcaption)>|<br ?/?>|<hr ?/?>")
_TAG = re.compile(r"<[^>]*>")
_HEADING = re.compile(r"<h([2-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)
_SITE_LINK = re.compile(r"""(?:\]\(<?|\]:\s*<?|href=["'])(/courses/[^\s)>"'#?]*)""")


def extract_prose(html: str) -> str:
    """The running words, one paragraph, item or heading a line; inline code counts as no word."""
    lines = _BLOCK_END.sub("\n", _NOT_PROSE.sub(" ", html).replace("\n", " "))
    return "\n".join(" ".join(line.split()) for line in unescape(_TAG.sub("", lines)).split("\n") if line.strip())


def find_skipped_headings(parts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, int, int]]:
    """(key, words, level, level before) of the first heading of each part that leaves out a level.

    ``parts`` are keys and HTML in reading order. The title of the page is level 1.
    """
    before = 1
    for key, html in parts:
        is_told = False
        for found in _HEADING.finditer(html):
            level = int(found.group(1))
            if level > before + 1 and not is_told:
                yield key, " ".join(unescape(_TAG.sub("", found.group(2))).split()), level, before
                is_told = True
            before = level


def list_site_links(words: str) -> list[str]:
    """Paths below ``/courses/`` that links in HTML or Markdown lead to, with the slash at their end."""
    return [path if path.endswith("/") else f"{path}/" for path in map(unescape, _SITE_LINK.findall(words))]
