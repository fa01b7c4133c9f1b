"""The modules and lessons of a course as plain rows: stored JSON comes as text and is parsed once, by us.

Reading a StreamField through the ORM makes a field and a stream value for every row; for 500 lessons, each with a body
and rules that are nearly always empty, that costs more than parsing their JSON.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage

Row = dict[str, Any]

_PLAIN = ("path", "translation_key", "title", "slug", "summary", "release_at", "release_after_days")
_LESSON = ("pk", "minutes", "source", *_PLAIN)
_RULES = {"required": Cast("requires", TextField())}
_BODY = {"stored": Cast("body", TextField())}


@dataclass(frozen=True)
class Tree:
    """The modules and lessons of a course in its order. Of each, ``requires`` is the raw stream; of lessons, ``stored``
    is the body's text. Lessons below modules that are not in the tree may be there as well."""

    modules: list[Row]
    lessons: list[Row]


def read_live_tree(course: CoursePage) -> Tree:
    """What is published. Two queries."""
    return Tree(
        _read(ModulePage.objects.child_of(course).live().values(*_PLAIN, **_RULES)),
        _read(LessonPage.objects.descendant_of(course).live().values(*_LESSON, **_RULES, **_BODY)),
    )


def read_whole_tree(course: CoursePage) -> Tree:
    """Live or not, with ``live``, ``latest_revision_id`` and, of modules too, ``pk``. Two queries."""
    more = ("live", "latest_revision_id")
    return Tree(
        _read(ModulePage.objects.child_of(course).values("pk", *more, *_PLAIN, **_RULES)),
        _read(LessonPage.objects.descendant_of(course).values(*more, *_LESSON, **_RULES, **_BODY)),
    )


def read_stream(stored: str | None) -> list[dict[str, Any]]:
    """The raw items of a stored stream; of one that was stored as text within JSON as well, which Wagtail reads too."""
    if not stored or stored == "[]":
        return []
    items = json.loads(stored)
    return read_stream(items) if isinstance(items, str) else items or []


def _read(rows: "QuerySet[Any, Row]") -> list[Row]:
    found = list(rows.order_by("path"))
    for row in found:
        row["requires"] = read_stream(row.pop("required"))
    return found
