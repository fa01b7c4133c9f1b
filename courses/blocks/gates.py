"""The items of "opens after": a lesson or a course to complete first, and the score to reach in it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import IntegerBlock, PageChooserBlock, StructBlock


def _minimum_score() -> IntegerBlock:
    return IntegerBlock(
        required=False,
        min_value=1,
        max_value=100,
        label=_("Minimum score"),
        help_text=_("Percent to reach in its quizzes; empty: completing it is enough."),
    )


class RequiredLessonBlock(StructBlock):
    page = PageChooserBlock(page_type="courses.LessonPage", label=_("Lesson"))
    minimum_score = _minimum_score()

    class Meta:
        icon = "doc-full"
        label = _("Lesson")
        form_classname = "struct-block cw-grid"


class RequiredCourseBlock(StructBlock):
    page = PageChooserBlock(page_type="courses.CoursePage", label=_("Course"))
    minimum_score = _minimum_score()

    class Meta:
        icon = "folder-open-inverse"
        label = _("Course")
        form_classname = "struct-block cw-grid"


def read_required(raw: Iterable[Mapping[str, Any]]) -> list[tuple[int, int | None]]:
    """(primary key of the page, minimum score) of each item that names a page, each page once."""
    found: dict[int, int | None] = {}
    for item in raw:
        page, score = item["value"].get("page"), item["value"].get("minimum_score")
        if isinstance(page, int):
            found.setdefault(page, score if isinstance(score, int) else None)
    return list(found.items())
