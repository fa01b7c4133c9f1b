"""The live modules and lessons of a course as plain rows: stored JSON comes as text and is parsed once, by us.

Reading a StreamField through the ORM makes a field and a stream value for every row; for 500 lessons, each with a body
and rules that are nearly always empty, that costs more than parsing their JSON.
"""

import json
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage

Row = dict[str, Any]

_PLAIN = ("path", "translation_key", "title", "slug", "summary", "release_at", "release_after_days")
_RULES = {"required": Cast("requires", TextField())}


def read_modules(course: CoursePage) -> list[Row]:
    """In the order of the course; ``requires`` is the raw stream. One query."""
    return _read(ModulePage.objects.child_of(course).live().values(*_PLAIN, **_RULES))


def read_lessons(course: CoursePage) -> list[Row]:
    """In the order of the course, those below modules that are not live as well; ``requires`` is the raw stream and
    ``stored`` the body's text. One query."""
    lessons = LessonPage.objects.descendant_of(course).live()
    return _read(lessons.values("pk", "minutes", "source", *_PLAIN, stored=Cast("body", TextField()), **_RULES))


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
