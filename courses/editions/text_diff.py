"""The difference of two texts, word by word, as people read corrections (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from typing import Literal

Operation = Literal["same", "added", "removed"]

# Beyond so many words on both sides together, whole lines are compared: words would take minutes.
MOST_WORDS = 6_000
# Of what stayed the same, so many words are shown on either side of a change.
CONTEXT = 12

_BREAKS = re.compile(r"</(p|div|li|h[1-6]|tr|blockquote|pre|dt|dd|figcaption)>|<br\s*/?>", re.IGNORECASE)
_CELLS = re.compile(r"</(td|th)>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Segment:
    operation: Operation
    text: str


def html_to_text(html: str) -> str:
    """The words of sanitised HTML, a line for each paragraph, item or row."""
    text = _TAGS.sub("", _CELLS.sub(" \t", _BREAKS.sub("\n", html)))
    lines = (" ".join(line.split()) for line in unescape(text).splitlines())
    return "\n".join(line for line in lines if line)


def diff_texts(before: str, after: str) -> list[Segment]:
    """What was removed, added and kept, in reading order; empty when nothing differs.

    Kept and added pieces together are ``after``, kept and removed ones ``before``.
    """
    if before == after:
        return []
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return list(_merge(_segments(old, new)))


def shorten_diff(segments: list[Segment]) -> list[Segment]:
    """The same with long kept pieces cut to their ends next to a change."""
    last = len(segments) - 1
    return [
        Segment("same", _cut(segment.text, is_first=place == 0, is_last=place == last))
        if segment.operation == "same"
        else segment
        for place, segment in enumerate(segments)
    ]


def _segments(old: list[str], new: list[str]) -> Iterator[Segment]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Segment("same", "".join(old[i1:i2]))
            continue
        if i2 > i1:
            yield Segment("removed", "".join(old[i1:i2]))
        if j2 > j1:
            yield Segment("added", "".join(new[j1:j2]))


def _merge(segments: Iterator[Segment]) -> Iterator[Segment]:
    """Single blanks between two changes belong to both, so that a changed sentence reads as one."""
    found = list(segments)
    removed = added = ""
    for place, segment in enumerate(found):
        is_gap = segment.operation == "same" and not segment.text.strip() and 0 < place < len(found) - 1
        if segment.operation == "same" and not is_gap:
            yield from _both(removed, added)
            removed = added = ""
            yield segment
            continue
        removed += segment.text if segment.operation != "added" else ""
        added += segment.text if segment.operation != "removed" else ""
    yield from _both(removed, added)


def _both(removed: str, added: str) -> Iterator[Segment]:
    if removed:
        yield Segment("removed", removed)
    if added:
        yield Segment("added", added)


def _cut(text: str, *, is_first: bool, is_last: bool) -> str:
    words = _WORDS.findall(text)
    keep = CONTEXT * 2  # every second one is a space
    start = [] if is_first else words[:keep]
    end = [] if is_last else words[-keep:]
    if len(words) <= len(start) + len(end) + 2:
        return text
    return "".join([*start, " … ", *end])
