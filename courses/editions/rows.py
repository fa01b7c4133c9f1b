"""The modules and lessons of a course as plain rows: stored JSON comes as text and is parsed once, by us.

Reading a StreamField through the ORM makes a field and a stream value for every row; for 500 lessons, each with a body
and rules that are nearly always empty, that costs more than parsing their JSON.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime
from wagtail.models import Page, Revision

from courses.languages import make_prefix
from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage

Row = dict[str, Any]

_PLAIN = ("path", "translation_key", "title", "slug", "summary", "release_at", "release_after_days")
_LESSON = ("pk", "minutes", "source", *_PLAIN)
_RULES = {"required": Cast("requires", TextField())}
_BODY = {"stored": Cast("body", TextField())}
# What says whether a page's own row is what was published.
_PUBLISHED = ("live", "has_unpublished_changes", "live_revision_id")
# Of a revision; where a page is and which one it is, no revision changes.
_WRITTEN = ("title", "slug", "summary", "release_after_days", "minutes", "source")


@dataclass(frozen=True)
class Tree:
    """The modules and lessons of a course in its order. Of each, ``requires`` is the raw stream; of lessons, ``stored``
    is the body's text. Lessons below modules that are not in the tree may be there as well."""

    modules: list[Row]
    lessons: list[Row]


def read_live_tree(course: CoursePage) -> Tree:
    """What is published. Two queries, and a third for a translation with unpublished changes."""
    more = _PUBLISHED if is_translation(course) else ()
    return _read_tree(
        course,
        ModulePage.objects.child_of(course).live().values(*more, *_PLAIN, **_RULES),
        LessonPage.objects.descendant_of(course).live().values(*more, *_LESSON, **_RULES, **_BODY),
    )


def read_whole_tree(course: CoursePage) -> Tree:
    """Live or not, with ``live``, ``latest_revision_id`` and, of modules too, ``pk``; what is live as it was published.
    Two queries, and a third for a translation with unpublished changes."""
    more = ("latest_revision_id", *_PUBLISHED)
    return _read_tree(
        course,
        ModulePage.objects.child_of(course).values("pk", *more, *_PLAIN, **_RULES),
        LessonPage.objects.descendant_of(course).values(*more, *_LESSON, **_RULES, **_BODY),
    )


def is_translation(page: Page) -> bool:
    return bool(make_prefix(page.locale.language_code))


def get_published_course(course: CoursePage) -> CoursePage:
    """The course as it was last published. wagtail-localize writes drafts of a translation into the page's own row,
    where otherwise only what is published stands."""
    if not is_translation(course) or not course.has_unpublished_changes or course.live_revision is None:
        return course
    published: CoursePage = course.live_revision.as_object()
    return published


def read_contents(revision_ids: Iterable[int | None]) -> dict[int, dict[str, Any]]:
    """The contents of revisions by primary key. One query, none without any."""
    wanted = set(revision_ids) - {None}
    return dict(Revision.objects.filter(pk__in=wanted).values_list("pk", "content")) if wanted else {}


def overlay(row: Row, content: Mapping[str, Any] | None) -> Row:
    """The row as a revision of its page has it; itself where there is none."""
    if content is None:
        return row
    opens_at = content.get("release_at")
    written = {name: content[name] for name in _WRITTEN if name in row and name in content} | {
        "release_at": parse_datetime(opens_at) if opens_at else None,
        "requires": read_stream(content.get("requires")),
    }
    return row | written | ({"stored": content["body"]} if "stored" in row and "body" in content else {})


def read_stream(stored: str | None) -> list[dict[str, Any]]:
    """The raw items of a stored stream; of one that was stored as text within JSON as well, which Wagtail reads too."""
    if not stored or stored == "[]":
        return []
    items = json.loads(stored)
    return read_stream(items) if isinstance(items, str) else items or []


def _read_tree(course: CoursePage, modules: "QuerySet[Any, Row]", lessons: "QuerySet[Any, Row]") -> Tree:
    tree = Tree(_read(modules), _read(lessons))
    if not is_translation(course):
        return tree
    published = {
        row["live_revision_id"]
        for row in (*tree.modules, *tree.lessons)
        if row["live"] and row["has_unpublished_changes"]
    }
    contents = read_contents(published)
    return Tree(
        [overlay(row, contents.get(row["live_revision_id"])) for row in tree.modules],
        [overlay(row, contents.get(row["live_revision_id"])) for row in tree.lessons],
    )


def _read(rows: "QuerySet[Any, Row]") -> list[Row]:
    found = list(rows.order_by("path"))
    for row in found:
        row["requires"] = read_stream(row.pop("required"))
    return found
