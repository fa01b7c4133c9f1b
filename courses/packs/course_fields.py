"""Puts a pack's course fields on a course page; categories, tags and instructors are found by name or made."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from courses.models.course import CoursePage
from courses.models.files import CourseImage
from courses.models.taxonomy import Category, Instructor
from courses.packs.comparison import Comparison, media_finder
from courses.packs.question_fields import derive_id
from courses.packs.stored_pages import category_slug, find_category

# Key of the pack -> field of the page, where they differ.
_RENAMED = {"minutes": "estimated_minutes", "certificate": "has_certificate", "cover": "cover_id"}
_LISTS = {"objectives": "objective", "prerequisites": "prerequisite"}


def set_course_fields(page: CoursePage, course_id: str, values: dict[str, Any], comparison: Comparison) -> None:
    """Set every value the pack mentions. Rows of categories and instructors that exist are never altered."""
    for key, value in values.items():
        if key == "requires":
            continue  # set when every page has its key, see apply
        if key in _LISTS:
            setattr(page, key, _to_stream(course_id, key, value))
        elif key == "tags":
            page.tags.set(value)
        elif key == "categories":
            page.categories = [_get_category(**item) for item in value]
        elif key == "instructors":
            page.instructors = [_get_instructor(item, comparison) for item in value]
        else:
            setattr(page, _RENAMED.get(key, key), value)


def _to_stream(course_id: str, key: str, texts: Sequence[str]) -> str:
    return json.dumps(
        [
            {"type": _LISTS[key], "id": derive_id(course_id, f"{key}:{position}"), "value": text}
            for position, text in enumerate(texts)
        ]
    )


def _get_category(name: str, slug: str | None) -> Category:
    wanted = category_slug(name, slug)
    return find_category(name, wanted) or Category.objects.create(name=name, slug=wanted)


def _get_instructor(person: dict[str, Any], comparison: Comparison) -> Instructor:
    found = Instructor.objects.filter(name__iexact=person["name"]).order_by("pk").first()
    if found:
        return found
    find_media = media_finder(comparison.pack.media, comparison.library)
    photo = find_media(person["photo"], "image") if person.get("photo") else None
    return Instructor.objects.create(
        name=person["name"],
        role=person.get("role", ""),
        biography=person.get("biography", ""),
        photo=CourseImage.objects.filter(pk=photo).first() if photo else None,
    )


def required_stream(page_id: str, kind: str, required: Sequence[dict[str, Any]], keys: Mapping[str, int]) -> str:
    """The requirements of a page as its stream stores them. ``keys``: primary keys of pages by their ids."""
    return json.dumps(
        [
            {
                "type": kind,
                "id": derive_id(page_id, f"requires:{each['id']}"),
                "value": {"page": keys[each["id"]], "minimum_score": each["minimum_score"]},
            }
            for each in required
        ]
    )
