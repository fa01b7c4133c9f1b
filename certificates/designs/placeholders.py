"""Placeholders in the texts of a certificate design: an own, tiny language that can look nothing up and run nothing."""

import re
from collections.abc import Mapping

# What may stand between double braces, and what it becomes.
PLACEHOLDERS = {
    "name": "the learner's name",
    "course": "the title of the course",
    "score": "the score, such as 92.5 %",
    "hours": "the hours spent, as measured",
    "duration": "the learning time the course states",
    "completed_on": "the day the course was completed",
    "issued_at": "the day the certificate was issued",
    "expires_on": "the last day it is valid",
    "number": "the number of the certificate",
    "edition": "the number of the edition studied",
    "digest": "the beginning of the edition's SHA-256",
    "issuer": "who issues it",
}
# Not every certificate has these; a text that needs a missing one is left out.
OPTIONAL = frozenset({"score", "hours", "duration", "expires_on"})

_MARKS = re.compile(r"\{\{(.*?)\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\}\}|\{%|%\}|\{#|#\}", re.DOTALL)


def find_bad_placeholders(text: str) -> list[str]:
    """Everything in double braces, or in another template language's marks, that is not one of ``PLACEHOLDERS``."""
    return [mark[0] for mark in _MARKS.finditer(text) if _name_in(mark) not in PLACEHOLDERS]


def find_placeholders(text: str) -> set[str]:
    """The names that a text without bad placeholders uses."""
    return {name for mark in _MARKS.finditer(text) if (name := _name_in(mark)) in PLACEHOLDERS}


def fill_placeholders(text: str, values: Mapping[str, str | None]) -> str | None:
    """The text with its values, in one pass: what a value contains is never read again.

    ``None`` when a value is missing. What is no placeholder stays as it stands.
    """
    if any(values.get(name) is None for name in find_placeholders(text)):
        return None
    return _MARKS.sub(lambda mark: values.get(_name_in(mark)) or mark[0], text)


def _name_in(mark: re.Match[str]) -> str:
    return (mark[1] or "").strip()
