"""Planning a release of a whole course: which drafts it publishes, how, and when."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from courses.editions.drafts import list_pending_pages, read_draft_course, read_draft_tree
from courses.editions.gates import CompileError
from courses.editions.models import CourseState, ReleasePlan
from courses.editions.releasing import Candidate, compile_candidate
from courses.editions.rows import get_published_course
from courses.editions.services import ReleaseRefusedError, check_release
from courses.enums import ChangeClass, PlanState, ReleasePolicy
from courses.models.course import CoursePage
from courses.releases.publishing import find_problems_of_drafts
from courses.releases.tasks import enqueue_release_plans

PLANNED = "courses.release.plan"
CANCELLED = "courses.release.cancel"
MAX_NOTE = 2000
FARTHEST = timedelta(days=366 * 2)


def read_candidate(course: CoursePage, page_ids: Iterable[int]) -> Candidate:
    """What a release would be that publishes these pages' drafts first. Writes nothing. Raises ``CompileError``."""
    wanted = set(page_ids)
    edition = _state(course).edition
    tree = read_draft_tree(course, wanted)
    page = read_draft_course(course) if course.pk in wanted else get_published_course(course)
    return compile_candidate(page, edition, tree=tree)


def list_offered_pages(course: CoursePage) -> list[int]:
    """The drafts that a release takes along unless somebody says otherwise: neither withdrawn nor scheduled ones."""
    return [page.pk for page in list_pending_pages(course) if not page.is_withdrawn and not page.is_scheduled]


def list_revisions(course: CoursePage, page_ids: Iterable[int]) -> dict[str, int]:
    """The drafts of these pages as a plan keeps them: revision by page. Pages without a draft are left out."""
    wanted = set(page_ids)
    return {
        str(page.pk): page.latest_revision_id
        for page in list_pending_pages(course)
        if page.pk in wanted and page.latest_revision_id
    }


def plan_release(
    *,
    course: CoursePage,
    user: Any,
    page_ids: Iterable[int] = (),
    note: str = "",
    change_class: str = "",
    policy: str = "",
    release_at: datetime | None = None,
    expected_digest: str = "",
) -> ReleasePlan:
    """Remember what is to be released and have it done: now, or at ``release_at``.

    The drafts of ``page_ids`` are published as they are at this moment. Everything that can be known to fail later is
    refused now, and nothing is written. Raises ``ReleaseRefusedError``; besides the codes of ``release_course``:
    already_planned, bad_time, bad_note, bad_choice, not_publishable.
    """
    release_at = _check_time(release_at)
    _check_words(note, change_class, policy)
    revisions = list_revisions(course, page_ids)
    if not course.live and str(course.pk) not in revisions:
        raise ReleaseRefusedError("not_published", _("The course page is not published: take its draft along."))
    _check_drafts(revisions)
    _check_candidate(course, revisions, change_class, expected_digest)
    plan = ReleasePlan(
        course=course,
        course_key=course.translation_key,
        revisions=revisions,
        note=note.strip(),
        change_class=change_class,
        policy=policy or course.release_policy,
        requested_by=user,
        requested_at=timezone.now(),
        release_at=release_at,
        state=PlanState.SCHEDULED if release_at else PlanState.WAITING,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
            log(instance=course, action=PLANNED, user=user, data=_log_data(plan))
    except IntegrityError:
        raise ReleaseRefusedError(
            "already_planned", _("A release of this course is already under way. Cancel it or wait for its end.")
        ) from None
    enqueue_release_plans()
    return plan


def cancel_plan(*, plan: ReleasePlan, user: Any) -> None:
    """Take back a plan nobody has begun to carry out. Raises ``ReleaseRefusedError`` (too_late)."""
    with transaction.atomic():
        cancelled = ReleasePlan.objects.filter(
            pk=plan.pk,
            finished_at=None,
            state__in=[PlanState.IN_REVIEW, PlanState.SCHEDULED, PlanState.WAITING],
        ).update(state=PlanState.CANCELLED, finished_at=timezone.now())
        if not cancelled:
            raise ReleaseRefusedError("too_late", _("The release has begun or has ended; it cannot be cancelled."))
        if plan.course is not None:
            log(instance=plan.course, action=CANCELLED, user=user, data=_log_data(plan))


def _state(course: CoursePage) -> CourseState:
    """What is stored of the course, or an unsaved row for a course that has never been compiled."""
    found = CourseState.objects.filter(
        course_key=course.translation_key, language=course.locale.language_code
    ).select_related("edition")
    return found.first() or CourseState(course_key=course.translation_key, language=course.locale.language_code)


def _check_time(release_at: datetime | None) -> datetime | None:
    """A moment that has passed is no wish for later."""
    if release_at is None:
        return None
    now = timezone.now()
    if release_at <= now:
        raise ReleaseRefusedError("bad_time", _("This time has passed. Choose a later one, or release at once."))
    if release_at > now + FARTHEST:
        raise ReleaseRefusedError("bad_time", _("A release can be planned two years ahead at most."))
    return release_at


def _check_words(note: str, change_class: str, policy: str) -> None:
    if len(note) > MAX_NOTE:
        raise ReleaseRefusedError("bad_note", _("The note may have %(limit)d characters.") % {"limit": MAX_NOTE})
    if (change_class and change_class not in ChangeClass.values) or (policy and policy not in ReleasePolicy.values):
        raise ReleaseRefusedError("bad_choice", _("There is no such choice."))


def _check_drafts(revisions: dict[str, int]) -> None:
    problems = find_problems_of_drafts({int(pk): revision for pk, revision in revisions.items()})
    if problems:
        lines = [
            f"“{page.get_admin_display_title()}”: " + " ".join(problem.message for problem in found)
            for page, found in problems
        ]
        raise ReleaseRefusedError("not_publishable", _("Mend these first.") + " " + " ".join(lines))


def _check_candidate(course: CoursePage, revisions: dict[str, int], change_class: str, expected_digest: str) -> None:
    try:
        candidate = read_candidate(course, map(int, revisions))
    except CompileError as error:
        raise ReleaseRefusedError("does_not_compile", str(error)) from None
    check_release(candidate, change_class=change_class, expected_digest=expected_digest)


def _log_data(plan: ReleasePlan) -> dict[str, Any]:
    return {
        "pages": plan.pages_total,
        "policy": plan.policy,
        "release_at": plan.release_at.isoformat() if plan.release_at else None,
    }
