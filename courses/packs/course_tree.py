"""Reads a whole course for export, as published or as drafted, with as many queries for 500 lessons as for one."""

import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from modelcluster.models import get_serializable_data_for_fields
from wagtail.models import Page

from courses.blocks.ids import ensure_ids, has_all_ids
from courses.blocks.lesson import LessonBody
from courses.editions.rows import is_translation
from courses.models.catalogue import CataloguePage
from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage
from courses.packs.errors import PackError
from courses.packs.question_fields import derive_id
from courses.packs.yaml_writer import to_clean_text

_BODY = LessonBody()


@dataclass(frozen=True)
class TreePage:
    """A page with its content as Wagtail serialises it. ``was_mended``: parts without an id were given one here;
    ``unknown_types``: blocks of these types are left out, because no such block exists any more."""

    pk: int
    id: str
    title: str
    content: Mapping[str, Any]
    body: list[dict[str, Any]]
    was_mended: bool
    unknown_types: tuple[str, ...] = ()
    children: tuple["TreePage", ...] = ()


@dataclass(frozen=True)
class CourseTree:
    course: TreePage
    locale: str

    @property
    def keys(self) -> dict[int, str]:
        """Primary key -> id of every page of the course."""
        pages = [self.course, *self.course.children, *(page for each in self.course.children for page in each.children)]
        return {page.pk: page.id for page in pages}


def find_course(slug: str, locale: str = "") -> CoursePage:
    """The course with this address. Raises PackError if there is none, or one in each of several languages."""
    found = CoursePage.objects.filter(slug=slug).select_related("locale", "latest_revision").order_by("path")
    courses = [course for course in found if locale in ("", course.locale.language_code)]
    if len(courses) == 1:
        return courses[0]
    if courses:
        codes = ", ".join(course.locale.language_code for course in courses)
        raise PackError(f"the course {slug!r} is there in several languages: add --locale and one of {codes}.")
    known = CoursePage.objects.order_by("slug").values_list("slug", flat=True)[:20]
    message = f"there is no course {slug!r}"
    raise PackError(f"{message}: there are {', '.join(known)}." if known else f"{message}, nor any other course.")


def load_course_tree(course: CoursePage, *, draft: bool) -> CourseTree:
    """Published: what is live now, below live parents. Draft: the latest draft of every page. Three queries or so."""
    if not draft and not course.live:
        raise PackError(f"the course {course.slug!r} is not published: add --draft to export its drafts.")
    if not CataloguePage.objects.filter(path=course.path[: -Page.steplen]).exists():
        raise PackError(f"the course {course.slug!r} does not stand in the catalogue.")
    lessons = _by_parent(_pages(LessonPage, course, draft), draft)
    modules = [
        _read(module, draft, children=lessons.get(module.path, ())) for module in _pages(ModulePage, course, draft)
    ]
    return CourseTree(_read(course, draft, children=modules), course.locale.language_code)


def _pages(model: type[Any], course: CoursePage, draft: bool) -> list[Any]:
    pages = model.objects.descendant_of(course).order_by("path").select_related("locale")
    if draft:
        return list(pages.select_related("latest_revision"))
    return list(pages.live().select_related("live_revision") if is_translation(course) else pages.live())


def clean_texts(value: Any) -> Any:
    """A copy without the characters that no text file should hold."""
    if isinstance(value, str):
        return to_clean_text(value)
    if isinstance(value, dict):
        return {key: clean_texts(item) for key, item in value.items()}
    return [clean_texts(item) for item in value] if isinstance(value, list) else value


def _by_parent(lessons: Iterable[LessonPage], draft: bool) -> dict[str, list[TreePage]]:
    found: dict[str, list[TreePage]] = {}
    for lesson in lessons:
        found.setdefault(lesson.path[: -Page.steplen], []).append(_read(lesson, draft))
    return found


def _read(page: Any, draft: bool, children: Iterable[TreePage] = ()) -> TreePage:
    content = clean_texts(_content(page, draft))
    page_id = str(page.translation_key)
    raw = clean_texts(json.loads(content.get("body") or "[]"))
    known = [item for item in raw if item["type"] in _BODY.child_blocks and isinstance(item["value"], dict)]
    unknown = sorted({item["type"] for item in raw} - set(_BODY.child_blocks))
    body, was_mended = _with_ids(page_id, known)
    title = content["title"] if content["title"].strip() else content["slug"]
    return TreePage(page.pk, page_id, title, content, body, was_mended, tuple(unknown), tuple(children))


def _content(page: Any, draft: bool) -> Mapping[str, Any]:
    if draft and page.latest_revision:
        content: Mapping[str, Any] = page.latest_revision.content
        return content
    if page.has_unpublished_changes and is_translation(page) and page.live_revision:
        # The row of a translation may hold a draft: see ``courses.editions.rows``.
        published: Mapping[str, Any] = page.live_revision.content
        return published
    if isinstance(page, CoursePage):
        return page.serializable_data()  # with categories, tags and instructors
    return get_serializable_data_for_fields(page)


def _with_ids(page_id: str, raw: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """Drafts that programs wrote may lack ids, or repeat one; they get the same ones at every export."""
    if has_all_ids(_BODY, raw):
        return raw, False
    numbers = itertools.count()
    return ensure_ids(_BODY, raw, new_id=lambda: derive_id(page_id, f"part:{next(numbers)}")), True
