"""Reading editions. Outlines and documents never change, so each process keeps the last ones it parsed."""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db import connection

from courses.editions.documents import LessonDocument, Outline, OutlineLesson, OutlineModule
from courses.editions.models import CourseState, Document, Edition, make_outline_etag
from courses.languages import is_multilingual, language_first, main_language, make_course_path

if TYPE_CHECKING:
    from django.db.models import QuerySet

Version = tuple[UUID, str]  # a course and a language


def _states() -> "QuerySet[CourseState]":
    """With the edition in force, without the long texts."""
    return CourseState.objects.select_related("edition").defer("edition__outline", "edition__contents", "search_text")


def get_state(slug: str, language: str = "") -> CourseState | None:
    """The course at ``/courses/<slug>/``, or at ``/<language>/courses/<slug>/``, published or not. One query."""
    states = _states().filter(slug=slug)
    if is_multilingual():
        states = states.filter(language=language or main_language())
    return states.order_by("-is_published", "is_archived", "pk").first()


def get_state_of(course_key: UUID, language: str) -> CourseState | None:
    """The course in one language. One query."""
    return _states().filter(course_key=course_key, language=language).first()


def find_state(slug: str, language: str = "") -> CourseState | None:
    """The course that goes by this slug in any language, in ``language`` where it is published in that.

    One query; a second where the slug is that of another language.
    """
    found = _states().filter(slug=slug).order_by("-is_published", "is_archived", language_first(language), "pk").first()
    if found is None or not language or found.language == language:
        return found
    return get_states([found.course_key], language).get(found.course_key) or found


def get_states(course_keys: Collection[UUID], language: str = "") -> dict[UUID, CourseState]:
    """One state a course: one on offer before one that is not, then ``language``, then the main one. One query."""
    states = _states().filter(course_key__in=course_keys)
    ordered = states.order_by("is_published", "-is_archived", language_first(language).desc(), "-pk")
    return {state.course_key: state for state in ordered}


def get_versions(editions: Iterable[Edition]) -> dict[Version, CourseState]:
    """The states of the courses in the languages that these are editions of, by both. One query."""
    versions = {edition.version for edition in editions}
    states = _states().filter(
        course_key__in={course_key for course_key, _language in versions},
        language__in={language for _key, language in versions},
    )
    return {state.version: state for state in states if state.version in versions}


def find_path(states: Mapping[Version, CourseState], edition: Edition) -> str:
    """Where the course is now, in the language of this edition; where it was, if it is gone."""
    state = states.get(edition.version)
    return state.path if state else make_course_path(edition.language, edition.slug)


def list_versions(course_key: UUID) -> list[CourseState]:
    """The versions of a course on offer, the main language first. One query; none on a site with one language."""
    if not is_multilingual():
        return []
    states = _states().filter(course_key=course_key, is_published=True, is_archived=False, edition__isnull=False)
    return list(states.order_by(language_first(""), "language"))


def find_state_of_lesson(lesson_key: str, language: str = "") -> CourseState | None:
    """A course whose edition in force has the lesson: one on offer first, then ``language``, then the main one.
    Reads every edition's table of contents: for callers who do not know the course. One query."""
    states = _states().filter(edition__contents__contains=f'"{lesson_key}":')
    return states.order_by("-is_published", "is_archived", language_first(language), "pk").first()


def hold_offer(state_id: int) -> bool:
    """Whether the course is on offer, which stays true until the transaction ends: archiving waits for it.

    Enrolling goes on beside other enrolling; a lock for writing would have everybody wait for everybody. One query.
    """
    share = "FOR SHARE" if connection.features.has_select_for_update else ""  # SQLite has one writer at a time
    with connection.cursor() as cursor:
        cursor.execute(_OFFER + share, [state_id])
        row = cursor.fetchone()
    return row is not None and bool(row[0]) and not row[1]


_OFFER = "SELECT is_published, is_archived FROM courses_coursestate WHERE id = %s "


@lru_cache(maxsize=32)
def get_outline(edition_id: int, digest: str) -> Outline:
    """The outline of an edition; shared between callers, who must not change it. Raises ``Edition.DoesNotExist``."""
    text = Edition.objects.values_list("outline", flat=True).get(pk=edition_id, digest=digest)
    return cast(Outline, json.loads(text))


# The hot path of the API, in SQL: building these two queries costs the ORM more than the database takes to answer.
_ETAG_OF_SLUG = """
    SELECT edition.digest, edition.number
    FROM courses_coursestate AS state JOIN courses_edition AS edition ON edition.id = state.edition_id
    WHERE state.slug = %s AND state.is_published AND NOT state.is_archived
    ORDER BY state.language <> %s, state.id LIMIT 1
"""
_TEXT_OF_SLUG = """
    SELECT edition.digest, edition.number, edition.outline
    FROM courses_coursestate AS state JOIN courses_edition AS edition ON edition.id = state.edition_id
    WHERE state.slug = %s AND state.is_published AND NOT state.is_archived
    ORDER BY state.language <> %s, state.id LIMIT 1
"""


def get_edition_outline(edition_id: int) -> tuple[str, str] | None:
    """(ETag, JSON text) of one edition's outline, ready to be sent. One query."""
    row = Edition.objects.filter(pk=edition_id).values_list("digest", "number", "outline").first()
    return (make_outline_etag(row[0], row[1]), row[2]) if row else None


def get_outline_etag(slug: str) -> str | None:
    """The ETag of the published course's outline, without reading the outline. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ETAG_OF_SLUG, [slug, main_language()])
        row = cursor.fetchone()
    return make_outline_etag(*row) if row else None


def get_outline_text(slug: str) -> tuple[str, str] | None:
    """(ETag, JSON text) of the published course's outline, ready to be sent. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_TEXT_OF_SLUG, [slug, main_language()])
        row = cursor.fetchone()
    return (make_outline_etag(row[0], row[1]), row[2]) if row else None


@lru_cache(maxsize=64)
def get_contents(edition_id: int) -> dict[str, dict[str, str]]:
    """Which document and which answer key each lesson has: ``{"lessons": {key: digest}, "answers": {...}}``."""
    text = Edition.objects.values_list("contents", flat=True).get(pk=edition_id)
    return cast(dict[str, dict[str, str]], json.loads(text))


@lru_cache(maxsize=512)
def _get_document(digest: str) -> LessonDocument:
    return cast(LessonDocument, json.loads(Document.objects.values_list("body", flat=True).get(pk=digest)))


def get_lesson_document(edition_id: int, lesson_key: str) -> LessonDocument | None:
    """The lesson in that edition, without addresses of files (see ``delivery``); callers must not change it."""
    digest = get_contents(edition_id)["lessons"].get(str(lesson_key))
    return _get_document(digest) if digest else None


def get_lesson_documents(edition_id: int) -> dict[str, LessonDocument]:
    """All lessons of an edition by key; callers must not change them. At most two queries."""
    digests = get_contents(edition_id)["lessons"]
    bodies = Document.objects.filter(digest__in=set(digests.values())).values_list("digest", "body")
    documents = {digest: cast(LessonDocument, json.loads(body)) for digest, body in bodies}
    return {key: documents[digest] for key, digest in digests.items()}


def get_documents(lessons: Collection[tuple[int, str]]) -> dict[tuple[int, str], LessonDocument]:
    """Lessons of several editions by (edition id, lesson key), without those an edition does not have. Two queries."""
    editions = {edition_id for edition_id, _lesson in lessons}
    contents = {
        pk: json.loads(text)["lessons"]
        for pk, text in Edition.objects.filter(pk__in=editions).values_list("pk", "contents")
    }
    digests = {
        (edition_id, lesson): contents[edition_id][lesson]
        for edition_id, lesson in lessons
        if lesson in contents.get(edition_id, {})
    }
    bodies = Document.objects.filter(digest__in=set(digests.values())).values_list("digest", "body")
    documents = {digest: cast(LessonDocument, json.loads(body)) for digest, body in bodies}
    return {unit: documents[digest] for unit, digest in digests.items()}


def find_lesson(outline: Outline, module_slug: str, lesson_slug: str) -> tuple[OutlineModule, OutlineLesson] | None:
    for module in outline["modules"]:
        if module["slug"] == module_slug:
            for lesson in module["lessons"]:
                if lesson["slug"] == lesson_slug:
                    return module, lesson
    return None


def find_lesson_by_id(outline: Outline, lesson_id: str) -> tuple[OutlineModule, OutlineLesson] | None:
    for module in outline["modules"]:
        for lesson in module["lessons"]:
            if lesson["id"] == lesson_id:
                return module, lesson
    return None


def clear_caches() -> None:
    """Forget parsed documents: for tests, which roll back and reuse edition ids."""
    for cached in (get_outline, get_contents, _get_document):
        cached.cache_clear()
