"""The rows that editions are compiled from: what is published, and how the same is read from a revision."""

from collections.abc import Mapping
from typing import Any

from wagtail.models import Revision

from courses.editions.gates import GATE_FIELDS
from courses.languages import make_prefix
from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage

Row = dict[str, Any]

MODULE_FIELDS = ("path", "translation_key", "title", "slug", "summary", *GATE_FIELDS)
LESSON_FIELDS = ("pk", *MODULE_FIELDS, "minutes", "source", "body")
# Of the page itself: a revision cannot change where it is or what it is.
_FIXED = {"pk", "path", "translation_key", "source"}


def read_live_rows(course: CoursePage) -> tuple[list[Row], list[Row]]:
    """Live modules and lessons in order. Two queries, and two more for a translation with unpublished changes."""
    modules = ModulePage.objects.child_of(course).live().order_by("path")
    lessons = LessonPage.objects.descendant_of(course).live().order_by("path")
    if not is_translation(course):
        return list(modules.values(*MODULE_FIELDS)), list(lessons.values(*LESSON_FIELDS))
    return _as_published(modules, MODULE_FIELDS), _as_published(lessons, LESSON_FIELDS)


def is_translation(course: CoursePage) -> bool:
    return bool(make_prefix(course.locale.language_code))


def get_published_course(course: CoursePage) -> CoursePage:
    """The course as it was last published. wagtail-localize writes drafts of a translation into the page's own row,
    where otherwise only what is published stands."""
    if not is_translation(course) or not course.has_unpublished_changes or course.live_revision is None:
        return course
    published: CoursePage = course.live_revision.as_object()
    return published


def _as_published(pages: Any, fields: tuple[str, ...]) -> list[Row]:
    rows = list(pages.values(*fields, "has_unpublished_changes", "live_revision_id"))
    changed = {row["live_revision_id"] for row in rows if row["has_unpublished_changes"] and row["live_revision_id"]}
    contents = dict(Revision.objects.filter(pk__in=changed).values_list("pk", "content")) if changed else {}
    return [
        read_content(pages.model, row, contents[row["live_revision_id"]], fields)
        if row["live_revision_id"] in contents
        else row
        for row in rows
    ]


def read_content(page_type: Any, row: Mapping[str, Any], content: Mapping[str, Any], fields: tuple[str, ...]) -> Row:
    """The row as a revision of the page has it. No query."""
    return {
        name: row[name]
        if name in _FIXED or name not in content
        else page_type._meta.get_field(name).to_python(content[name])
        for name in fields
    }
