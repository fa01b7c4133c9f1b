"""Making editions: collect the courses that changed, compile each once after the commit, keep what was in force."""

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.editions.diff import CLASSES, Class
from courses.editions.gates import CompileError
from courses.editions.models import CourseState, Edition, Release
from courses.editions.releasing import Candidate, compile_candidate, describe_course, make_release
from courses.editions.rows import get_published_course
from courses.enums import ReleaseMode
from courses.models.bank import BankQuestion
from courses.models.course import CoursePage

logger = logging.getLogger(__name__)


class ReleaseRefusedError(Exception):
    """Nothing was released. ``code``: not_published, nothing_new, does_not_compile, changed_since or class_too_low."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class _Pending(threading.local):
    def __init__(self) -> None:
        # By course, who published last.
        self.courses: dict[int, int | None] = {}
        self.batches = 0
        # Known while a batch runs, so that publishing many pages of a course asks once where they belong.
        self.course_at: dict[str, int | None] = {}


_pending = _Pending()


def mark_course(course_id: int, *, by: int | None = None) -> None:
    """Have the course compiled once when the running transaction commits, however often it is marked until then.

    ``by`` is the person whose publication it was; the release that may come of it names them.
    """
    _pending.courses[course_id] = by or _pending.courses.get(course_id)
    transaction.on_commit(_flush)


def mark_courses(course_ids: Iterable[int]) -> None:
    """``mark_course`` for several."""
    with transaction.atomic():
        for course_id in course_ids:
            mark_course(course_id)


def find_course_at(path: str) -> int | None:
    """The course page at a tree path. One query, in a batch one for each course."""
    if path in _pending.course_at:
        return _pending.course_at[path]
    found = CoursePage.objects.filter(path=path).values_list("pk", flat=True).first()
    if _pending.batches:
        _pending.course_at[path] = found
    return found


@contextmanager
def batch() -> Iterator[None]:
    """Compile only at the end of the block, for work that commits many times (imports, scheduled publishing)."""
    _pending.batches += 1
    try:
        yield
    finally:
        _pending.batches -= 1
        _pending.course_at.clear()
        transaction.on_commit(_flush)


def _flush() -> None:
    if _pending.batches:
        return
    _pending.course_at.clear()
    # Ids that a rolled-back transaction left behind are compiled as well: an unchanged course makes no edition.
    courses, _pending.courses = sorted(_pending.courses.items(), key=lambda item: item[0]), {}
    for course_id, by in courses:
        compile_course(course_id, by=by)


def compile_course(course_id: int, *, by: int | None = None) -> Edition | None:
    """The edition that is now in force for the course, made new only if the live content changed and the course's
    releases are automatic. Where they are manual, ``CourseState.unreleased_digest`` says that something waits.

    One transaction under a lock on the course's state; a constant number of queries however many lessons. Never
    raises for bad content: the edition before stays in force and ``CourseState.compile_error`` says why.
    Returns ``None`` when the course is not live, is gone, stands in for a translation that was not made yet (an alias
    of the course in another language), or did not compile.
    """
    course = _find_own_course(course_id)
    if course is None:
        return None
    state = get_or_create_state(course)
    try:
        with transaction.atomic():
            state = CourseState.objects.select_for_update().get(pk=state.pk)
            return _settle(course, state, by)
    except Exception as error:
        logger.exception("Course %s did not compile; the edition before stays in force.", course_id)
        CourseState.objects.filter(pk=state.pk).update(
            compile_error=f"{type(error).__name__}: {error}"[:2000], compile_failed_at=timezone.now()
        )
        return None


def release_course(
    *,
    course_id: int,
    by: int | None,
    note: str = "",
    change_class: str = "",
    policy: str = "",
    expected_digest: str = "",
) -> Release:
    """Put everything published since the last release in force as one edition, whatever the course's release mode.

    ``change_class`` may raise what the comparison says, never lower it; ``policy`` empty means the course's own.
    ``expected_digest`` is the candidate somebody looked at: if the course has changed since, nothing is released.
    One transaction under the lock on the course's state. Raises ``ReleaseRefusedError``.
    """
    course = _find_own_course(course_id)
    if course is None or not course.live:
        raise ReleaseRefusedError("not_published", _("The course is not published: publish it first."))
    course = get_published_course(course)
    state = get_or_create_state(course)
    with transaction.atomic():
        state = CourseState.objects.select_for_update().get(pk=state.pk)
        try:
            candidate = compile_candidate(course, state.edition)
        except CompileError as error:
            raise ReleaseRefusedError("does_not_compile", str(error)) from None
        check_release(candidate, change_class=change_class, expected_digest=expected_digest)
        release = make_release(
            state, candidate, policy=policy or course.release_policy, by=by, note=note, change_class=change_class
        )
        state.course, state.compiled_at, state.is_published = course, timezone.now(), True
        state.compile_error, state.compile_failed_at = "", None
        state.bank_categories = candidate.compiled.bank_categories
        state.save()
    return release


def check_release(candidate: Candidate, *, change_class: str = "", expected_digest: str = "") -> None:
    """Whether the candidate may be released under these wishes. Raises ``ReleaseRefusedError``."""
    if not candidate.is_news:
        raise ReleaseRefusedError("nothing_new", _("Nothing would change for learners: there is nothing to release."))
    if expected_digest and candidate.digest != expected_digest:
        raise ReleaseRefusedError(
            "changed_since", _("The course has changed since you looked. Look at what would be released once more.")
        )
    if change_class and CLASSES.index(cast(Class, change_class)) < CLASSES.index(candidate.diff.change_class):
        raise ReleaseRefusedError("class_too_low", _("A change may be called greater than it is, never smaller."))


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
        is_published=False, is_archived=False, course=None
    )


def get_or_create_state(course: CoursePage) -> CourseState:
    """The row that stands for the course from its first compile on."""
    state, _created = CourseState.objects.get_or_create(
        course_key=course.translation_key,
        language=course.locale.language_code,
        defaults={"course": course, "slug": course.slug},
    )
    return state


def _find_own_course(course_id: int) -> CoursePage | None:
    """The course unless it only stands in for a translation. One query."""
    own = CoursePage.objects.filter(alias_of__isnull=True)
    found: CoursePage | None = own.filter(pk=course_id).select_related("cover", "locale").first()
    return found


def _settle(course: CoursePage, state: CourseState, by: int | None) -> Edition | None:
    """Compile what is published; a change becomes a release at once, or waits for one where releases are manual."""
    state.course = course
    if course.is_archived != state.is_archived:  # a page saved from before it was archived or restored
        CoursePage.objects.filter(pk=course.pk).update(is_archived=state.is_archived)
    state.compile_error, state.compile_failed_at = "", None
    state.compiled_at = timezone.now()
    state.is_published = course.live
    if not course.live:
        state.save()
        return None
    course = get_published_course(course)
    candidate = compile_candidate(course, state.edition)
    state.bank_categories = candidate.compiled.bank_categories
    state.unreleased_digest = ""
    if not candidate.is_news:
        describe_course(state, candidate)
    elif course.release_mode == ReleaseMode.MANUAL:
        state.unreleased_digest = candidate.digest
        state.is_published = state.edition is not None
    else:
        make_release(state, candidate, policy=course.release_policy, by=by, is_automatic=True)
    state.save()
    return state.edition
