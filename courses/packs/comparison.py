"""Compares a pack with the database page by page: the one judgement that both planning and applying stand on."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.text import slugify

from courses.models.bank import QuestionCategory
from courses.models.course import CoursePage
from courses.packs.bodies import FindBank, FindMedia, adopt_names, build_body, normalise_raw
from courses.packs.definition import MediaFile, MediaKind, Pack, PackLesson, PackModule, PackPage
from courses.packs.demands import check_prune, check_requires
from courses.packs.errors import Faults
from courses.packs.kept_keys import Kept, collect_kept
from courses.packs.media_store import Library, find_stored
from courses.packs.ordering import find_moves
from courses.packs.page_links import find_linked, map_rich_text, name_links, rich_texts
from courses.packs.rich_text import to_rich_text, without_block_keys
from courses.packs.stored_pages import (
    StoredCourse,
    StoredPage,
    TreeRow,
    category_slug,
    describe_course,
    describe_lesson,
    describe_module,
    find_category,
    load_stored_course,
)

NOT_STORED_YET = -1  # stands for the key of a file that applying would add
Kind = Literal["course", "module", "lesson"]


@dataclass(frozen=True)
class Step:
    """One page of the pack: what the database has of it and what it should hold.

    ``values`` are in the words of the pack and hold only what the pack mentions; ``changes`` names those that differ.
    """

    kind: Kind
    source: PackPage
    stored: StoredPage | None
    values: dict[str, Any]
    changes: tuple[str, ...]
    is_moved: bool

    @property
    def action(self) -> Literal["create", "update", "unchanged"]:
        if self.stored is None:
            return "create"
        return "update" if self.changes else "unchanged"


@dataclass(frozen=True)
class Comparison:
    pack: Pack
    course: StoredCourse
    library: Library
    steps: tuple[Step, ...]
    extra_pages: tuple[TreeRow, ...]  # pages of the course that the pack lacks, parents first

    def step(self, page: PackPage) -> Step:
        return next(step for step in self.steps if step.source.id == page.id)


def compare_pack(pack: Pack, *, prune: bool = False) -> Comparison:
    """Reads only. With ``prune``, pages that the pack lacks do not count as there.

    Raises PackError for whatever in the pack cannot be applied to this database.
    """
    course = load_stored_course(pack)
    extra = _find_extra_pages(pack, course)
    gone = {row.key for row in extra} if prune else set()
    if prune:
        check_prune(pack, course, extra)
    check_requires(pack, course, gone)
    linkable = {row.key for row in course.rows} | {page.id for page in [pack, *pack.modules, *pack.lessons]}
    library = find_stored(pack)
    find_media = media_finder(pack.media, library)
    find_bank = dict(QuestionCategory.objects.values_list("slug", "pk")).get
    moved = _find_moved(pack, course)
    finders = _Finders(find_media, find_bank)
    steps = [_course_step(pack, course, finders)]
    slugs = _Slugs(course)
    module_slugs = slugs.choose(pack.modules, _path_of(course, pack))
    for module in pack.modules:
        steps.append(_module_step(module, course, module_slugs[module.id], module.id in moved, finders))
        lesson_slugs = slugs.choose(module.lessons, _path_of(course, module))
        steps += [
            _lesson_step(lesson, course, lesson_slugs[lesson.id], lesson.id in moved, finders)
            for lesson in module.lessons
        ]
    _check_links(steps, linkable - gone)
    return Comparison(pack, course, library, tuple(steps), extra)


@dataclass(frozen=True)
class _Finders:
    media: FindMedia
    bank: FindBank

    def keep(self, page: PackPage) -> Kept:
        """What of the page no field will hold."""
        return collect_kept(
            page, lambda path, kind: self.media(path, kind) is not None, lambda slug: self.bank(slug) is not None
        )


def media_finder(media: Sequence[MediaFile], library: Library) -> FindMedia:
    files = {(file.path, file.kind): file for file in media}

    def find_media(path: str, kind: MediaKind) -> int | None:
        file = files[path, kind]
        return library.get((kind, file.sha256), NOT_STORED_YET) if file.state == "found" else None

    return find_media


class _Slugs:
    """Chooses addresses: the pack's, or one made of the title, with a number where another page has it."""

    def __init__(self, course: StoredCourse):
        self._course = course

    def choose(self, pages: Sequence[PackPage], parent_path: str | None) -> dict[str, str]:
        """The slug of each page by id. Pages that the pack does not name keep theirs."""
        ours = {page.id for page in pages}
        siblings = self._course.children(parent_path) if parent_path else []
        taken = {row.slug for row in siblings if row.key not in ours}
        chosen: dict[str, str] = {}
        for page in pages:
            slug = self._choose(page, taken)
            taken.add(slug)
            chosen[page.id] = slug
        return chosen

    def _choose(self, page: PackPage, taken: set[str]) -> str:
        stored = self._course.pages.get(page.id)
        current = stored.content["slug"] if stored else ""
        wanted = page.slug or current or slugify(page.title)[:200].strip("-") or f"page-{page.id[:8]}"
        if wanted not in taken:
            return wanted
        if re.fullmatch(re.escape(wanted) + r"-\d+", current) and current not in taken:
            return str(current)
        number = 2
        while f"{wanted}-{number}" in taken:
            number += 1
        return f"{wanted}-{number}"


def _path_of(course: StoredCourse, page: PackPage) -> str | None:
    stored = course.pages.get(page.id)
    return str(stored.page.path) if stored else None


def _course_step(pack: Pack, course: StoredCourse, finders: _Finders) -> Step:
    slug = _Slugs(course).choose([pack], str(course.catalogue.path))[pack.id]
    kept = finders.keep(pack)
    if pack.locale != course.locale.language_code:  # the site has no such locale
        kept.setdefault("", {})["locale"] = pack.locale
    values = dict(pack.fields) | {"title": pack.title, "slug": slug, "pack_keys": kept}
    if "description" in values:
        features = CoursePage._meta.get_field("description").features
        values["description"] = to_rich_text(values["description"], features, file=pack.file)
    if "cover" in values:
        values["cover"] = finders.media(values["cover"], "image") if values["cover"] else None
    if "categories" in values:
        values["categories"] = [_as_stored(**item) for item in values["categories"]]
    return _step("course", pack, course, values, describe_course, False)


def _as_stored(name: str, slug: str | None) -> dict[str, Any]:
    """A category under the name it has here: one that is found by its slug may be called otherwise."""
    found = find_category(name, category_slug(name, slug))
    return {"name": found.name if found else name, "slug": slug}


def _module_step(module: PackModule, course: StoredCourse, slug: str, is_moved: bool, finders: _Finders) -> Step:
    values = dict(module.fields) | {"title": module.title, "slug": slug, "pack_keys": finders.keep(module)}
    return _step("module", module, course, values, describe_module, is_moved)


def _lesson_step(lesson: PackLesson, course: StoredCourse, slug: str, is_moved: bool, finders: _Finders) -> Step:
    stored = course.pages.get(lesson.id)
    current = {item["id"]: item["value"] for item in describe_lesson(stored)["body"]} if stored else {}
    body = adopt_names(build_body(lesson, finders.media, current, finders.bank), current)
    values = dict(lesson.fields) | {"title": lesson.title, "slug": slug, "body": body}
    values["pack_keys"] = finders.keep(lesson)
    return _step("lesson", lesson, course, values, describe_lesson, is_moved)


def _step(
    kind: Kind,
    source: PackPage,
    course: StoredCourse,
    values: dict[str, Any],
    describe: Callable[[StoredPage], dict[str, Any]],
    is_moved: bool,
) -> Step:
    stored = course.pages.get(source.id)
    there = describe(stored) if stored else {}
    if stored:
        there["requires"] = course.name_required(there["requires"])
        keys = {row.pk: row.key for row in course.rows}
        if "body" in there:
            there["body"] = map_rich_text(there["body"], lambda html: name_links(html, keys, keep_unknown=True))
        elif there.get("description"):
            there["description"] = name_links(there["description"], keys, keep_unknown=True)
    changes = tuple(name for name in values if _comparable(name, values[name]) != _comparable(name, there.get(name)))
    return Step(kind, source, stored, values, changes, is_moved)


def _comparable(name: str, value: Any) -> Any:
    """A value in a form in which equal means: nothing to do."""
    if name == "body":
        return normalise_raw(value)
    if name in {"categories", "instructors"}:
        names = [item["name"] if isinstance(item, dict) else item for item in value or []]
        return sorted(name.casefold() for name in names)
    if name == "tags":
        return sorted({tag.casefold() for tag in value or []})
    if name == "completion_deadline":
        return str(value) if value else None
    if name == "release_at":
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    if name == "requires":
        return value or []
    if name == "pack_keys":
        return value or {}
    if isinstance(value, str):
        return without_block_keys(value) or None
    return value


def _check_links(steps: Sequence[Step], linkable: set[str]) -> None:
    """Rich text may link to any page of this pack or course, and to other courses."""
    faults = Faults()
    for step in steps:
        found: list[tuple[str, int | None]]
        if isinstance(step.source, PackLesson):
            lines = {block.id: block.line for block in step.source.blocks}
            found = [(html, lines[block_id]) for block_id, html in rich_texts(step.values["body"])]
        else:
            found = [(step.values.get("description") or "", None)]
        for html, line in found:
            for page_id in find_linked(html):
                if page_id not in linkable:
                    faults.add(f"there is no page {page_id} here to link to.", file=step.source.file, line=line)
    faults.raise_if_any()


def _find_moved(pack: Pack, course: StoredCourse) -> set[str]:
    """Pages that stand in another module than in the pack, or in another order."""
    root = course.pages.get(pack.id)
    if root is None:
        return set()
    moved = _moved_below(course, str(root.page.path), pack.modules)
    for module in pack.modules:
        path = _path_of(course, module)
        moved |= _moved_below(course, path, module.lessons) if path else {lesson.id for lesson in module.lessons}
    return moved & set(course.pages)


def _moved_below(course: StoredCourse, parent_path: str, pages: Sequence[PackPage]) -> set[str]:
    current = [row.key for row in course.children(parent_path)]
    wanted = [page.id for page in pages]
    there = [key for key in wanted if key in set(current)]
    return find_moves(current, there) | (set(wanted) - set(there))


def _find_extra_pages(pack: Pack, course: StoredCourse) -> tuple[TreeRow, ...]:
    root = course.pages.get(pack.id)
    if root is None:
        return ()
    ours = {page.id for page in [pack, *pack.modules, *pack.lessons]}
    below = [row for row in course.rows if row.path.startswith(root.page.path)]
    return tuple(row for row in below if row.key not in ours)
