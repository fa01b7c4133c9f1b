"""What the database has of a course: pages matched by translation key, read as they stand in their latest draft."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from wagtail.models import Locale, Page

from courses.blocks.gates import read_required
from courses.models.catalogue import CataloguePage
from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage
from courses.models.taxonomy import Category, Instructor, Tag
from courses.packs.definition import Pack, PackPage
from courses.packs.errors import Faults, PackError


@dataclass(frozen=True)
class StoredPage:
    """A page with the content of its latest draft, as Wagtail serialises it."""

    page: Page
    content: dict[str, Any]

    @property
    def parent_path(self) -> str:
        return str(self.page.path[: -Page.steplen])


@dataclass(frozen=True)
class TreeRow:
    """One page below the catalogue or the course, matched or not."""

    pk: int
    path: str
    slug: str
    title: str
    key: str


@dataclass(frozen=True)
class StoredCourse:
    """Everything that applying a pack has to know. ``rows`` are all courses and all pages below this one, in order."""

    catalogue: CataloguePage
    locale: Locale
    pages: dict[str, StoredPage] = field(default_factory=dict)
    rows: tuple[TreeRow, ...] = ()

    def name_required(self, raw: str | None) -> list[dict[str, Any]]:
        """Stored requirements in the words of a pack; those that name a page no more are left out."""
        keys = {row.pk: row.key for row in self.rows}
        required = read_required(json.loads(raw or "[]"))
        return [{"id": keys[pk], "minimum_score": score} for pk, score in required if pk in keys]

    def children(self, parent_path: str) -> list[TreeRow]:
        """In the order of the site."""
        length = len(parent_path) + Page.steplen
        return [row for row in self.rows if len(row.path) == length and row.path.startswith(parent_path)]


def load_stored_course(pack: Pack) -> StoredCourse:
    """A fixed number of queries. Raises PackError if an id of the pack belongs to something else already."""
    catalogue = CataloguePage.objects.select_related("locale").order_by("path").first()
    if catalogue is None:
        raise PackError("there is no catalogue page to put the course under: run `manage.py setup` first.")
    locale = Locale.objects.filter(language_code=pack.locale).first() or catalogue.locale
    # Each language has its own catalogue; a course that stands in another already stays there.
    own = CataloguePage.objects.select_related("locale").filter(locale=locale).first()
    known = CoursePage.objects.filter(translation_key=pack.id, locale=locale).first()
    if own is not None and (known is None or known.is_child_of(own)):
        catalogue = own
    ids = [pack.id, *(page.id for module in pack.modules for page in [module, *module.lessons])]
    pages: dict[str, StoredPage] = {}
    models: tuple[type[Any], ...] = (CoursePage, ModulePage, LessonPage)
    for model in models:
        found = model.objects.filter(translation_key__in=ids, locale=locale).select_related("latest_revision")
        pages |= {str(page.translation_key): StoredPage(page, _content(page)) for page in found}
    _check_owners(pack, pages, catalogue, locale, ids)
    course = pages.get(pack.id)
    tree = Page.objects.child_of(catalogue)
    if course:
        tree = tree | Page.objects.descendant_of(course.page)
    rows = tree.order_by("path").values_list("pk", "path", "slug", "title", "translation_key")
    return StoredCourse(
        catalogue, locale, pages, tuple(TreeRow(pk, path, slug, title, str(key)) for pk, path, slug, title, key in rows)
    )


def _content(page: Page) -> dict[str, Any]:
    content: dict[str, Any] = page.latest_revision.content if page.latest_revision else page.serializable_data()
    return content


def _check_owners(
    pack: Pack, pages: dict[str, StoredPage], catalogue: CataloguePage, locale: Locale, ids: Iterable[str]
) -> None:
    faults = Faults()
    course = pages.get(pack.id)
    if course and (not isinstance(course.page, CoursePage) or not course.page.is_child_of(catalogue)):
        raise PackError(_taken(course.page), file=pack.file)
    expected: list[tuple[PackPage, type[Page]]] = [(module, ModulePage) for module in pack.modules]
    expected += [(lesson, LessonPage) for lesson in pack.lessons]
    for wanted, model in expected:
        stored = pages.get(wanted.id)
        if stored and not (course and isinstance(stored.page, model) and stored.page.path.startswith(course.page.path)):
            faults.add(_taken(stored.page), file=wanted.file)
    others = Page.objects.filter(translation_key__in=ids, locale=locale).exclude(
        pk__in=[stored.page.pk for stored in pages.values()]
    )
    files = {page.id: page.file for page in [pack, *pack.modules, *pack.lessons]}
    for page in others:
        faults.add(_taken(page), file=files[str(page.translation_key)])
    faults.raise_if_any()


def _taken(page: Page) -> str:
    return (
        f"the id {page.translation_key} belongs to the page “{page.title}” ({page.url_path}) already: "
        "give the pack's page an id of its own."
    )


def describe_course(stored: StoredPage) -> dict[str, Any]:
    """The course's draft in the words of a pack; names stand for related rows."""
    content = stored.content
    values = {name: content.get(name) for name in _COURSE_FIELDS}
    values |= {"minutes": content.get("estimated_minutes"), "certificate": content.get("has_certificate")}
    for name in ("objectives", "prerequisites"):
        values[name] = [item["value"] for item in json.loads(content.get(name) or "[]")]
    tag_ids = [row["tag"] for row in content.get("tagged_items", [])]
    values["tags"] = sorted(Tag.objects.filter(pk__in=tag_ids).values_list("name", flat=True), key=str.casefold)
    for name, model in (("categories", Category), ("instructors", Instructor)):
        rows = model._default_manager.filter(pk__in=content.get(name) or [])
        values[name] = sorted(rows.values_list("name", flat=True), key=str.casefold)
    return values


_COURSE_FIELDS = (
    *("title", "slug", "summary", "description", "cover", "level", "language", "passing_percentage", "time_limit"),
    *("completion_deadline", "completion_days", "expires_after_days", "progression", "access"),
    *("certificate_validity_months", "source", "requires", "pack_keys"),
    *("release_mode", "release_policy", "delta_training", "is_reviewed_as_whole"),
)


_GATE_FIELDS = ("release_at", "release_after_days", "requires")


def describe_module(stored: StoredPage) -> dict[str, Any]:
    return {
        name: stored.content.get(name) for name in ("title", "slug", "summary", "source", "pack_keys", *_GATE_FIELDS)
    }


def describe_lesson(stored: StoredPage) -> dict[str, Any]:
    names = ("title", "slug", "summary", "minutes", "source", "pack_keys", *_GATE_FIELDS)
    return {name: stored.content.get(name) for name in names} | {"body": json.loads(stored.content.get("body") or "[]")}


def find_category(name: str, slug: str) -> Category | None:
    """The category a pack means: of this name, or else of this slug."""
    return Category.objects.filter(name__iexact=name).first() or Category.objects.filter(slug=slug).first()


def category_slug(name: str, slug: str | None) -> str:
    """The slug the pack gives, or one made of the name."""
    return slug or slugify(name)[:80] or slugify(name, allow_unicode=True)[:80]
