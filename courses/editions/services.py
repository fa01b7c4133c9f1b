"""Making editions: collect the courses that changed, compile each once after the commit, keep what was in force."""

import json
import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from wagtail.models import Page

from courses.catalogue import build_card, build_search_text
from courses.editions.canonical import sha256_hex, to_canonical_json
from courses.editions.compiler import CompiledCourse, Previous, compile_documents
from courses.editions.models import AnswerKey, CourseState, Document, Edition
from courses.editions.rows import get_published_course
from courses.models.bank import BankQuestion
from courses.models.course import CoursePage

logger = logging.getLogger(__name__)


class _Pending(threading.local):
    def __init__(self) -> None:
        self.course_ids: set[int] = set()
        self.batches = 0


_pending = _Pending()


def mark_course(course_id: int) -> None:
    """Have the course compiled once when the running transaction commits, however often it is marked until then."""
    _pending.course_ids.add(course_id)
    transaction.on_commit(_flush)


def mark_courses(course_ids: Iterable[int]) -> None:
    """``mark_course`` for several."""
    with transaction.atomic():
        for course_id in course_ids:
            mark_course(course_id)


@contextmanager
def batch() -> Iterator[None]:
    """Compile only at the end of the block, for work that commits many times (imports, scheduled publishing)."""
    _pending.batches += 1
    try:
        yield
    finally:
        _pending.batches -= 1
        transaction.on_commit(_flush)


def _flush() -> None:
    if _pending.batches:
        return
    # Ids that a rolled-back transaction left behind are compiled as well: an unchanged course makes no edition.
    course_ids, _pending.course_ids = sorted(_pending.course_ids), set()
    for course_id in course_ids:
        compile_course(course_id)


def compile_course(course_id: int) -> Edition | None:
    """The edition that is now in force for the course, made new only if the live content changed.

    One transaction under a lock on the course's state; a constant number of queries however many lessons. Never
    raises for bad content: the edition before stays in force and ``CourseState.compile_error`` says why.
    Returns ``None`` when the course is not live, is gone, stands in for a translation that was not made yet (an alias
    of the course in another language), or did not compile.
    """
    own = CoursePage.objects.filter(alias_of__isnull=True)
    course = own.filter(pk=course_id).select_related("cover", "locale").first()
    if course is None:
        return None
    state = _get_state(course)
    try:
        with transaction.atomic():
            state = CourseState.objects.select_for_update().get(pk=state.pk)
            return _release(course, state)
    except Exception as error:
        logger.exception("Course %s did not compile; the edition before stays in force.", course_id)
        CourseState.objects.filter(pk=state.pk).update(
            compile_error=f"{type(error).__name__}: {error}"[:2000], compile_failed_at=timezone.now()
        )
        return None


def compile_stale_courses() -> int:
    """Compile courses that were published without being compiled, because a process died in between; how many.

    A course whose last compile failed is not tried again until something in it is published again. Two queries, and
    those of the compiles.
    """
    newest = (
        Page.objects.live()
        .filter(path__startswith=OuterRef("path"), last_published_at__isnull=False)
        .order_by("-last_published_at")
        .values("last_published_at")[:1]
    )
    rows = (
        CoursePage.objects.live()
        .filter(alias_of__isnull=True)
        .annotate(newest=Subquery(newest))
        .values_list("pk", "newest", "state__bank_categories", "state__compiled_at", "state__compile_failed_at")
    )
    bank = dict(BankQuestion.objects.order_by().values_list("category_id").annotate(Max("updated_at")))
    stale = []
    for pk, published_at, categories, *attempts in rows:
        changes = [published_at, *(bank.get(category) for category in categories or ())]
        newest_change = max(filter(None, changes), default=None)
        if not any(attempts) or (newest_change and newest_change > max(filter(None, attempts))):
            stale.append(pk)
    for pk in stale:
        compile_course(pk)
    return len(stale)


def retire_course(course: CoursePage) -> None:
    """Take a deleted course out of the catalogue. Its editions stay: certificates and enrolments stand on them."""
    CourseState.objects.filter(course_key=course.translation_key, language=course.locale.language_code).update(
        is_published=False, course=None
    )


def _get_state(course: CoursePage) -> CourseState:
    state, _created = CourseState.objects.get_or_create(
        course_key=course.translation_key,
        language=course.locale.language_code,
        defaults={"course": course, "slug": course.slug},
    )
    return state


def _release(course: CoursePage, state: CourseState) -> Edition | None:
    state.course = course
    state.compile_error, state.compile_failed_at = "", None
    state.compiled_at = timezone.now()
    state.is_published = course.live
    if not course.live:
        state.save()
        return None
    course = get_published_course(course)
    compiled = compile_documents(course, read_previous(state.edition))
    outline = to_canonical_json(compiled.outline)
    digest = _digest(compiled, outline)
    if state.edition is None or state.edition.digest != digest:
        state.edition = _store(course, compiled, outline, digest)
    facts = compiled.outline["course"]
    state.slug = facts["slug"]
    state.title = facts["title"]
    state.level = facts["level"]
    state.content_language = facts["language"]
    state.access = facts["access"]
    state.minutes = facts["minutes"]
    state.card = to_canonical_json(build_card(compiled.outline))
    state.search_text = build_search_text(compiled.outline)
    state.bank_categories = compiled.bank_categories
    state.first_published_at = state.first_published_at or course.first_published_at or timezone.now()
    state.save()
    return state.edition


def read_previous(edition: Edition | None) -> Previous:
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


def _store(course: CoursePage, compiled: CompiledCourse, outline: str, digest: str) -> Edition:
    language = course.locale.language_code
    last = (
        Edition.objects.filter(course_key=course.translation_key, language=language)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    number = (last or 0) + 1
    created_at = timezone.now()
    documents = [(lesson.document_digest, lesson.document) for lesson in compiled.lessons if lesson.document]
    answers = [(lesson.answers_digest, lesson.answers) for lesson in compiled.lessons if lesson.answers]
    _insert_new(Document, documents)
    _insert_new(AnswerKey, answers)
    facts = {"number": number, "digest": digest, "created_at": created_at.isoformat().replace("+00:00", "Z")}
    fingerprints = {lesson.key: lesson.fingerprint for lesson in compiled.lessons}
    return Edition.objects.create(
        course=course,
        course_key=course.translation_key,
        language=language,
        number=number,
        digest=digest,
        title=course.title,
        slug=course.slug,
        # The outline's text is long and there already: the edition's facts go in front of its first key.
        outline=f'{{"edition":{to_canonical_json(facts)},{outline[1:]}',
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
