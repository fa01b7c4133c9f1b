"""Review of a whole course: what was submitted together is approved, published and released together."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.editions.models import ReleasePlan
from courses.enums import PlanState
from courses.models.course import CoursePage
from courses.releases.services import list_offered_pages, list_revisions
from courses.releases.tasks import enqueue_release_plans


def open_review(course: CoursePage, user: Any) -> ReleasePlan | None:
    """Remember the drafts of the course as they are now, for the time when the review approves them.

    Called for every task of the workflow; the first one counts, so that nobody's approval covers what came later.
    ``None`` where a release is under way already.
    """
    revisions = list_revisions(course, list_offered_pages(course))
    with transaction.atomic():
        CoursePage.objects.select_for_update().get(pk=course.pk)  # two submissions at once wait for each other
        if ReleasePlan.objects.filter(course=course, finished_at=None).exists():
            return None
        return ReleasePlan.objects.create(
            course=course,
            course_key=course.translation_key,
            revisions=revisions,
            policy=course.release_policy,
            requested_by=user,
            requested_at=timezone.now(),
            state=PlanState.IN_REVIEW,
        )


def approve_review(course: CoursePage) -> None:
    """Have the approved drafts published and released. Once, however often it is called."""
    approved = _in_review(course).update(state=PlanState.WAITING)
    if approved:
        enqueue_release_plans()


def end_review(course: CoursePage) -> None:
    """The review asked for changes or was cancelled: the next submission starts anew."""
    _in_review(course).update(state=PlanState.CANCELLED, finished_at=timezone.now())


def _in_review(course: CoursePage) -> Any:
    return ReleasePlan.objects.filter(course=course, state=PlanState.IN_REVIEW, finished_at=None)
