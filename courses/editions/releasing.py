"""Compiling a course to a candidate, comparing it with what is in force, and putting it in force as a release."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.db import connection, transaction
from django.utils import timezone

from courses.catalogue import build_card, build_search_text
from courses.editions.answers import digest_key_text, digest_keys
from courses.editions.canonical import sha256_hex, to_canonical_json
from courses.editions.compiler import CompiledCourse, CompiledLesson, Previous, compile_documents
from courses.editions.diff import CourseDiff, EditionView, diff
from courses.editions.documents import LessonDocument, Outline
from courses.editions.models import AnswerKey, CourseState, Document, Edition, Release
from courses.editions.rows import Tree
from courses.models.course import CoursePage
from courses.quizzes.scoring import QuizDigests
from courses.signals import release_made

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

Digests = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Candidate:
    """A compiled course that is no edition yet. ``previous`` is what it is compared with, ``None`` for a first one."""

    course: CoursePage
    compiled: CompiledCourse
    outline_text: str
    digest: str
    previous: Edition | None

    @property
    def is_news(self) -> bool:
        return self.previous is None or self.previous.digest != self.digest

    @property
    def outline(self) -> Outline:
        """Without ``edition``, which only an edition has."""
        return cast(Outline, self.compiled.outline)

    @cached_property
    def diff(self) -> CourseDiff:
        """Against ``previous``; empty for a first edition. At most three queries."""
        return compare_with(self, self.previous) if self.previous is not None and self.is_news else CourseDiff()


def compile_candidate(course: CoursePage, edition: Edition | None, *, tree: Tree | None = None) -> Candidate:
    """What the course would be as an edition after ``edition``: as published, or as ``tree`` has it. Writes nothing.

    Raises ``CompileError``.
    """
    compiled = compile_documents(course, _read_previous(edition), tree=tree)
    outline = to_canonical_json(compiled.outline)
    return Candidate(course, compiled, outline, _digest(compiled, outline), edition)


def make_release(
    state: CourseState,
    candidate: Candidate,
    *,
    policy: str,
    by: "AbstractBaseUser | int | None" = None,
    note: str = "",
    change_class: str = "",
    is_automatic: bool = False,
) -> Release:
    """Store the candidate as the next edition and put it in force. The caller holds the lock on ``state`` and saves it.

    ``change_class`` is what an editor raised it to, empty for what the comparison says.
    """
    computed = candidate.diff.change_class if candidate.previous is not None else ""
    edition = _store_edition(candidate)
    release = Release.objects.create(
        edition=edition,
        previous=candidate.previous,
        released_by_id=by if isinstance(by, int | None) else by.pk,
        released_at=edition.created_at,
        note=note,
        computed_class=computed,
        change_class=change_class or computed,
        policy=policy,
        delta_training=candidate.course.delta_training,
        is_automatic=is_automatic,
    )
    state.edition = edition
    state.unreleased_digest = ""
    describe_course(state, candidate)
    transaction.on_commit(lambda: release_made.send_robust(sender=Release, release_id=release.pk), robust=True)
    return release


def describe_course(state: CourseState, candidate: Candidate) -> None:
    """What the catalogue shows and searches; from the candidate that is, or has just become, the edition in force."""
    facts = candidate.outline["course"]
    state.slug = facts["slug"]
    state.title = facts["title"]
    state.level = facts["level"]
    state.content_language = facts["language"]
    state.access = facts["access"]
    state.minutes = facts["minutes"]
    state.card = to_canonical_json(build_card(candidate.compiled.outline))
    state.search_text = build_search_text(candidate.compiled.outline)
    state.first_published_at = state.first_published_at or candidate.course.first_published_at or timezone.now()


def compare_with(candidate: Candidate, edition: Edition) -> CourseDiff:
    """What the candidate changes of any edition of the course. At most three queries."""
    old, new = _contents_of(edition), _contents_of(candidate)
    return _compare(edition, _outline_of(edition), old, candidate, candidate.compiled.outline, new)


def compare_editions(old: Edition, new: Edition) -> CourseDiff:
    """What ``new`` changes of ``old``. At most two queries."""
    return _compare(old, _outline_of(old), _contents_of(old), new, _outline_of(new), _contents_of(new))


def _compare(
    old: Edition,
    old_outline: dict[str, Any],
    old_digests: Digests,
    new: Edition | Candidate,
    new_outline: dict[str, Any],
    new_digests: Digests,
) -> CourseDiff:
    same = {key for key, digests in old_digests.items() if new_digests.get(key) == digests}
    fresh = {lesson.key: lesson for lesson in new.compiled.lessons} if isinstance(new, Candidate) else {}
    wanted_old = {key: value for key, value in old_digests.items() if key not in same}
    wanted_new = {key: value for key, value in new_digests.items() if key not in same}
    documents = _load_documents([*wanted_old.values(), *wanted_new.values()], fresh)
    keys = _load_keys([*wanted_old.values(), *wanted_new.values()], fresh)
    return diff(
        _view(old_outline, old_digests, wanted_old, documents, keys),
        _view(new_outline, new_digests, wanted_new, documents, keys),
    )


def _view(
    outline: dict[str, Any],
    digests: Digests,
    wanted: Digests,
    documents: dict[str, LessonDocument],
    keys: dict[str, dict[str, QuizDigests]],
) -> EditionView:
    return EditionView(
        outline,
        digests,
        {lesson: documents[document] for lesson, (document, _key) in wanted.items()},
        {lesson: keys[key] for lesson, (_document, key) in wanted.items() if key},
    )


def _load_documents(wanted: Iterable[tuple[str, str]], fresh: dict[str, CompiledLesson]) -> dict[str, LessonDocument]:
    found = {
        lesson.document_digest: cast(LessonDocument, json.loads(lesson.document))
        for lesson in fresh.values()
        if lesson.document
    }
    missing = {document for document, _key in wanted} - found.keys()
    if missing:
        for digest, body in Document.objects.filter(digest__in=missing).values_list("digest", "body"):
            found[digest] = json.loads(body)
    return found


def _load_keys(
    wanted: Iterable[tuple[str, str]], fresh: dict[str, CompiledLesson]
) -> dict[str, dict[str, QuizDigests]]:
    found = {lesson.answers_digest: digest_key_text(lesson.answers) for lesson in fresh.values() if lesson.answers}
    missing = {key for _document, key in wanted if key} - found.keys()
    return found | (digest_keys(missing) if missing else {})


def _contents_of(source: Edition | Candidate) -> Digests:
    if isinstance(source, Candidate):
        return {lesson.key: (lesson.document_digest, lesson.answers_digest) for lesson in source.compiled.lessons}
    contents = json.loads(source.contents)
    return {key: (digest, contents["answers"].get(key, "")) for key, digest in contents["lessons"].items()}


def _outline_of(edition: Edition) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(edition.outline))


def _read_previous(edition: Edition | None) -> Previous:
    if edition is None:
        return Previous()
    contents = json.loads(edition.contents)
    lessons = {
        lesson["id"]: lesson for module in json.loads(edition.outline)["modules"] for lesson in module["lessons"]
    }
    return Previous(contents["fingerprints"], contents["lessons"], contents["answers"], lessons)


def _digest(compiled: CompiledCourse, outline: str) -> str:
    return sha256_hex(to_canonical_json({"outline": sha256_hex(outline), **_list_digests(compiled)}))


def _list_digests(compiled: CompiledCourse) -> dict[str, dict[str, str]]:
    return {
        "lessons": {lesson.key: lesson.document_digest for lesson in compiled.lessons},
        "answers": {lesson.key: lesson.answers_digest for lesson in compiled.lessons if lesson.answers_digest},
    }


def _store_edition(candidate: Candidate) -> Edition:
    course, compiled = candidate.course, candidate.compiled
    language = course.locale.language_code
    last = (
        Edition.objects.filter(course_key=course.translation_key, language=language)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    number = (last or 0) + 1
    created_at = timezone.now()
    _insert_new(Document, [(lesson.document_digest, lesson.document) for lesson in compiled.lessons if lesson.document])
    _insert_new(AnswerKey, [(lesson.answers_digest, lesson.answers) for lesson in compiled.lessons if lesson.answers])
    facts = {
        "number": number,
        "digest": candidate.digest,
        "created_at": created_at.isoformat().replace("+00:00", "Z"),
    }
    fingerprints = {lesson.key: lesson.fingerprint for lesson in compiled.lessons}
    return Edition.objects.create(
        course=course,
        course_key=course.translation_key,
        language=language,
        number=number,
        digest=candidate.digest,
        title=course.title,
        slug=course.slug,
        # The outline's text is long and there already: the edition's facts go in front of its first key.
        outline=f'{{"edition":{to_canonical_json(facts)},{candidate.outline_text[1:]}',
        contents=to_canonical_json({**_list_digests(compiled), "fingerprints": fingerprints}),
        created_at=created_at,
    )


def _insert_new(model: type[Document] | type[AnswerKey], rows: list[tuple[str, str]]) -> None:
    """Insert content-addressed rows that are not there yet, in one statement however many (``bulk_create`` would
    split them into more queries for a longer course)."""
    if rows:
        table = connection.ops.quote_name(model._meta.db_table)
        insert = f"INSERT INTO {table} (digest, body) VALUES (%s, %s) ON CONFLICT DO NOTHING"  # noqa: S608 -- our name
        with connection.cursor() as cursor:
            cursor.executemany(insert, rows)
