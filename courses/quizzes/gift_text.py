"""The letters of GIFT: what a backslash takes its meaning from, and plain text out of marked-up text (pure)."""

import html
import re

# While a text is taken apart, escaped marks stand in a private area of Unicode, which no text that comes in may use.
_MARKS = "\\~=#{}:"
_HIDDEN = {mark: chr(0xE000 + place) for place, mark in enumerate(_MARKS)}
_SHOWN = {hidden: mark for mark, hidden in _HIDDEN.items()} | {"\ue0ff": "\n"}
_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]\s*", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li)>", re.IGNORECASE)
_HARMLESS = re.compile(r"</?(?:p|div|span|b|i|u|em|strong|ul|ol|li|sub|sup|code|pre)(?:\s[^<>]*)?>", re.IGNORECASE)
_STYLED = re.compile(r"<(?:b|i|u|em|strong|sub|sup|code|pre|ul|ol)\b", re.IGNORECASE)
_TAG = re.compile(r"<[a-z!/][^<>]*>?", re.IGNORECASE)


class MarkupError(ValueError):
    """HTML that cannot be put as plain text; the message names the first such tag."""


def hide_escapes(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\ue0ff" if found[1] == "n" else _HIDDEN[found[1]], text)


def show_escapes(text: str) -> str:
    return "".join(_SHOWN.get(letter, letter) for letter in text)


def escape(text: str) -> str:
    return "".join(f"\\{letter}" if letter in _MARKS else letter for letter in text).replace("\n", "\\n")


def split_format(text: str) -> tuple[str, str]:
    """("html", rest) of "[html]rest"; the format is empty where the text names none."""
    found = _FORMAT.match(text)
    return (found[1].lower(), text[found.end() :]) if found else ("", text)


def to_plain(text: str, kind: str) -> tuple[str, tuple[str, ...]]:
    """The text without HTML if ``kind`` is html, and what got lost. Raises ``MarkupError``."""
    text = show_escapes(text)
    if kind != "html":
        return _tidy(text), ()
    notes = ("Formatting was left out: questions are plain text.",) if _STYLED.search(text) else ()
    text = _HARMLESS.sub("", _BREAK.sub("\n", text))
    if (found := _TAG.search(text)) is not None:
        raise MarkupError(found.group()[:40])
    return _tidy(html.unescape(text)), notes


def _tidy(text: str) -> str:
    """No spaces at the ends of lines, no empty lines at the ends."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()
