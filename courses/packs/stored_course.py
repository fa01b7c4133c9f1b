"""Describes a stored course in the words of a pack, as the reader would have read it."""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.text import slugify
from wagtail.models import Page

from courses.blocks.gates import read_required
from courses.languages import is_multilingual
from courses.models.bank import QuestionCategory
from courses.models.course import CoursePage
from courses.models.taxonomy import Category, Instructor, Tag
from courses.packs.course_tree import CourseTree, TreePage, clean_texts
from courses.packs.definition import Pack, PackLesson, PackModule
from courses.packs.errors import PackError
from courses.packs.fields import one_line
from courses.packs.kept_keys import Kept
from courses.packs.pack_text import unlike
from courses.packs.page_links import has_strange_links, name_links, rich_texts
from courses.packs.rich_text import to_rich_text, without_block_keys
from courses.packs.stored_blocks import BlockDescriber
from courses.packs.stored_media import MediaBook, StoredUse, uses_of_body

# Field of the page -> key of the pack, where they differ.
_KEYS = {"estimated_minutes": "minutes", "has_certificate": "certificate"}
_PLAIN = (
    *("summary", "level", "language", "estimated_minutes", "passing_percentage", "time_limit", "completion_days"),
    *("expires_after_days", "progression", "access", "has_certificate", "certificate_validity_months", "source"),
    *("release_mode", "release_policy", "delta_training", "is_reviewed_as_whole"),
)


def _list_versions(keys: Mapping[int, str]) -> dict[int, str]:
    """The same pages in other languages: the rules of a translation name lessons of the one it was made from. One
    query on a site with several languages."""
    if not is_multilingual():
        return {}
    pages = Page.objects.filter(translation_key__in=list(keys.values()))
    return {pk: str(key) for pk, key in pages.values_list("pk", "translation_key")}


class CourseDescriber:
    """Turns the pages of a tree into a pack; what a pack cannot hold ends up in ``warnings``."""

    def __init__(self, tree: CourseTree):
        self._tree = tree
        self._keys = _list_versions(tree.keys) | tree.keys
        self._bank = dict(QuestionCategory.objects.values_list("pk", "slug"))
        content = tree.course.content
        people = Instructor.objects.filter(pk__in=content.get("instructors") or []).order_by("pk")
        self._instructors: list[dict[str, Any]] = unlike(
            {"name": one_line(clean_texts(each.name)), "row": each} for each in people
        )
        self._kept = {key: _read_kept(page) for key, page in self._pages()}
        self.media = MediaBook.load(self._uses())
        self.warnings: list[str] = []

    def describe(self) -> Pack:
        page, kept = self._tree.course, self._kept[self._tree.course.id]
        extra = dict(kept.get("", {}))
        extra.pop("cover", None)
        return Pack(
            id=page.id,
            title=page.title,
            slug=page.content["slug"],
            file="course.yml",
            fields=self._course_fields(page, kept),
            locale=extra.pop("locale", self._tree.locale),
            license=extra.pop("license", ""),
            extra=extra,
            named_extra=_without_photos(kept),
            modules=tuple(self._module(module) for module in page.children),
        )

    def _pages(self) -> Iterator[tuple[str, TreePage]]:
        course = self._tree.course
        yield course.id, course
        for module in course.children:
            yield module.id, module
            yield from ((lesson.id, lesson) for lesson in module.children)

    def _uses(self) -> Iterator[StoredUse]:
        yield self._cover()
        yield from (self._photo(person) for person in self._instructors)
        for key, page in self._pages():
            yield from uses_of_body(page.body, self._kept[key])

    def _cover(self) -> StoredUse:
        course = self._tree.course
        lost = self._kept[course.id].get("", {}).get("cover", "")
        return StoredUse("image", course.content.get("cover"), lost, role="images/cover")

    def _photo(self, person: Mapping[str, Any]) -> StoredUse:
        lost = self._kept[self._tree.course.id].get(f"instructors/{person['name']}", {}).get("photo", "")
        role = f"instructors/{slugify(person['name'])[:80] or 'photo'}"
        return StoredUse("image", person["row"].photo_id, lost, role=role)

    def _course_fields(self, page: TreePage, kept: Kept) -> dict[str, Any]:
        content = page.content
        features = CoursePage._meta.get_field("description").features
        return {
            **{_KEYS.get(name, name): content.get(name) for name in _PLAIN},
            "description": self._html(page)(content.get("description") or "", features),
            "cover": self.media.path_of(self._cover()),
            "completion_deadline": _date(content.get("completion_deadline")),
            **{name: _stream_texts(content.get(name)) for name in ("objectives", "prerequisites")},
            "categories": [
                clean_texts({"name": each.name, "slug": each.slug})
                for each in Category.objects.filter(pk__in=content.get("categories") or [])
            ],
            "tags": [clean_texts(tag.name) for tag in self._tags()],
            "instructors": [
                clean_texts({"name": each["name"], "role": each["row"].role, "biography": each["row"].biography})
                | {"photo": self.media.path_of(self._photo(each))}
                for each in self._instructors
            ],
            "requires": self._required_courses(content.get("requires")),
        }

    def _tags(self) -> list[Tag]:
        pks = [row["tag"] for row in self._tree.course.content.get("tagged_items") or []]
        return list(Tag.objects.filter(pk__in=pks))

    def _required_courses(self, raw: str | None) -> list[dict[str, Any]]:
        required = read_required(json.loads(raw or "[]"))
        pks = [pk for pk, _score in required]
        keys = dict(CoursePage.objects.filter(pk__in=pks).values_list("pk", "translation_key")) if pks else {}
        found = [(str(keys[pk]), score) for pk, score in required if pk in keys]
        return [{"id": key, "minimum_score": score} for key, score in found if key != self._tree.course.id]

    def _module(self, page: TreePage) -> PackModule:
        lessons = tuple(self._lesson(lesson) for lesson in page.children)
        return PackModule(
            page.id, page.title, page.content["slug"], "", self._part_fields(page), self._extra(page), lessons
        )

    def _lesson(self, page: TreePage) -> PackLesson:
        if page.was_mended:
            self._warn(page, "parts of its draft have no id: they get one in the pack, but not here")
        if any(has_strange_links(html, self._keys) for _block, html in rich_texts(page.body)):
            self._warn(page, "links to pages outside of the course keep their words only")
        if page.unknown_types:
            self._warn(page, f"blocks of the types {', '.join(page.unknown_types)} exist no more and are left out")
        describer = BlockDescriber(self.media, self._name_bank, self._html(page), self._kept[page.id])
        return PackLesson(
            page.id,
            page.title,
            page.content["slug"],
            "",
            self._part_fields(page) | {"minutes": page.content.get("minutes")},
            self._extra(page),
            describer.describe_body(page.body),
        )

    def _part_fields(self, page: TreePage) -> dict[str, Any]:
        content = page.content
        lessons = {lesson.id for module in self._tree.course.children for lesson in module.children}
        stored = read_required(json.loads(content.get("requires") or "[]"))
        required = [
            {"id": self._keys[pk], "minimum_score": score}
            for pk, score in stored
            if self._keys.get(pk) in lessons - {page.id}
        ]
        if len(required) < len(stored):
            self._warn(page, "what it waits for is not in the pack, so it does not wait for it there")
        return {
            "summary": content.get("summary") or "",
            "source": content.get("source") or "",
            "release_at": _moment(content.get("release_at")),
            "release_after_days": content.get("release_after_days"),
            "requires": required,
        }

    def _extra(self, page: TreePage) -> Mapping[str, Any]:
        return self._kept[page.id].get("", {})

    def _name_bank(self, pk: int | None) -> str:
        return self._bank.get(pk, "") if pk else ""

    def _html(self, page: TreePage) -> Callable[[str, list[str]], str]:
        """Rich text as the pack has it, in the form that applying and the editor would store."""

        def to_html(stored: str, features: list[str]) -> str:
            html = name_links(without_block_keys(stored), self._keys, keep_unknown=False)
            try:
                return to_rich_text(html, features, file=f"“{page.title}”")
            except PackError as error:
                raise PackError(f"cannot be exported: {error}") from None

        return to_html

    def _warn(self, page: TreePage, message: str) -> None:
        self.warnings.append(f"“{page.title}”: {message}.")


def _read_kept(page: TreePage) -> Kept:
    kept: Kept = page.content.get("pack_keys") or {}
    return kept


def _without_photos(kept: Kept) -> dict[str, dict[str, Any]]:
    found = {
        address: {key: value for key, value in keys.items() if key != "photo"}
        for address, keys in kept.items()
        if address.startswith(("categories/", "instructors/"))
    }
    return {address: keys for address, keys in found.items() if keys}


def _stream_texts(raw: str | None) -> list[str]:
    return [text for item in json.loads(raw or "[]") if (text := clean_texts(item["value"]))]


def _date(value: Any) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: Any) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
