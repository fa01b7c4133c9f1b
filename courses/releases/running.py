"""Carrying out planned releases: claimed with a lease, all in one transaction, done once however often it is begun."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from courses.editions.models import ReleasePlan
from courses.editions.services import ReleaseRefusedError, batch, release_course
from courses.enums import PlanState
from courses.publishing import PublishRefusedError
from courses.releases.publishing import prepare_pages, publish_prepared

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
RELEASED = "courses.release"
REFUSED = "courses.release.refused"


def run_due_plans() -> int:
    """Carry out every plan that is due and not being carried out; how many were. A killed one is begun again."""
    now = timezone.now()
    due = ReleasePlan.objects.filter(
        Q(state=PlanState.WAITING)
        | Q(state=PlanState.SCHEDULED, release_at__lte=now)
        | Q(state=PlanState.RUNNING, claimed_until__lt=now),
        finished_at=None,
    )
    return sum(run_plan(pk) for pk in list(due.order_by("requested_at").values_list("pk", flat=True)))


def run_plan(plan_id: int) -> bool:
    """Publish the plan's drafts and release the course, or say in the plan why not; False if another one is at it.

    Reading and checking report their progress as they go; what is written is written in one transaction, so that a
    course is never published by halves.
    """
    plan = _claim(plan_id)
    if plan is None:
        return False
    try:
        prepared = prepare_pages(
            {int(page): revision for page, revision in plan.revisions.items()},
            report=lambda done: _report(plan, done),
        )
        with batch(), transaction.atomic():
            publish_prepared(prepared, user=plan.requested_by)
            release = release_course(
                course_id=plan.course_id or 0,
                by=plan.requested_by_id,
                note=plan.note,
                change_class=plan.change_class,
                policy=plan.policy,
            )
            _finish(plan, PlanState.DONE, release=release, pages_done=plan.pages_total)
            log(
                instance=plan.course,
                action=RELEASED,
                user=plan.requested_by,
                data={"edition": release.edition.number, "class": release.change_class, "policy": release.policy},
            )
    except (PublishRefusedError, ReleaseRefusedError) as refused:
        _refuse(plan, str(refused))
    except Exception as error:
        logger.exception("Release plan %s failed", plan.pk)
        _refuse(plan, f"{type(error).__name__}: {error}")
    return True


def _claim(plan_id: int) -> ReleasePlan | None:
    """Take the plan if nobody else has it: one conditional update decides."""
    now = timezone.now()
    claimed = (
        ReleasePlan.objects.filter(pk=plan_id, finished_at=None)
        .filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
        .exclude(state=PlanState.IN_REVIEW)
        .update(state=PlanState.RUNNING, claimed_until=now + LEASE, pages_done=0)
    )
    return ReleasePlan.objects.select_related("course", "requested_by").get(pk=plan_id) if claimed else None


def _report(plan: ReleasePlan, done: int) -> None:
    ReleasePlan.objects.filter(pk=plan.pk, finished_at=None).update(
        pages_done=done, claimed_until=timezone.now() + LEASE
    )


def _finish(plan: ReleasePlan, state: PlanState, **values: Any) -> None:
    ReleasePlan.objects.filter(pk=plan.pk, finished_at=None).update(state=state, finished_at=timezone.now(), **values)


def _refuse(plan: ReleasePlan, message: str) -> None:
    with transaction.atomic():
        _finish(plan, PlanState.REFUSED, message=message[:4000])
        if plan.course is not None:
            log(instance=plan.course, action=REFUSED, user=plan.requested_by, data={"reason": message[:500]})
