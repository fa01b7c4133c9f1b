"""Doing a course again because its certificate runs out: a new cycle beside the old one, which stays as it was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.editions.models import CourseState
from courses.editions.queries import Version, get_outline, get_states
from learners.accounts.models import User
from learners.accounts.queries import get_zone
from learners.enrolments.access import course_access
from learners.enrolments.extending import may_extend
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import LONG_TEXTS
from learners.enrolments.rules import get_course_rules, proof_runs_out_at
from learners.enrolments.services import EnrolmentRefusedError, open_cycle, refuse_unless_offered
from learners.enrolments.validity import RENEWAL_WINDOW


@dataclass(frozen=True, slots=True)
class Renewal:
    """When the proof of a completed cycle runs out, and from when the next cycle may begin."""

    opens_at: datetime
    runs_out_at: datetime
    is_open: bool


def read_renewals(
    enrolments: Iterable[Enrolment], states: Mapping[Version, CourseState] | None = None
) -> dict[int, Renewal]:
    """By enrolment id, for those that may be renewed now or later: completed, last cycle, with proof that runs out.

    ``states`` leaves out courses that are no longer offered. Two queries, however many; the enrolments carry their
    ``edition``.
    """
    closed = {version for version, state in (states or {}).items() if not state.is_offered}
    completed = [row for row in enrolments if row.completed_at is not None and row.edition.version not in closed]
    if not completed:
        return {}
    cycles = Enrolment.objects.filter(
        user__in={row.user_id for row in completed}, course_key__in={row.course_key for row in completed}
    ).values_list("user_id", "course_key", "cycle")
    last: dict[object, int] = {}
    for user_id, course_key, cycle in cycles:
        last[user_id, course_key] = max(cycle, last.get((user_id, course_key), 0))
    rules = get_course_rules(row.edition for row in completed)
    now = timezone.now()
    found = {}
    for row in completed:
        runs_out = proof_runs_out_at(row.completed_at, rules[row.edition_id]) if row.completed_at else None
        if runs_out is not None and row.cycle == last.get((row.user_id, row.course_key)):
            opens_at = runs_out - RENEWAL_WINDOW
            found[row.pk] = Renewal(opens_at, runs_out, opens_at <= now)
    return found


def renew(*, enrolment: Enrolment, by: User) -> tuple[Enrolment, bool]:
    """Open the next cycle on the edition in force; (enrolment of that cycle, whether it is new).

    By the learner, who follows them, or staff. Renewing again, also at the same moment from two tabs, returns the same
    enrolment. Raises ``EnrolmentRefusedError``: not_found, archived, not_completed, never_expires,
    too_early, a code of access.
    """
    with transaction.atomic():
        rows = Enrolment.objects.select_for_update(of=("self",)).select_related("user", "edition").defer(*LONG_TEXTS)
        locked = rows.filter(pk=enrolment.pk).first()
        if locked is None or not (by.pk == locked.user_id or may_extend(by, locked.user)):
            raise EnrolmentRefusedError("not_found", _("There is no such enrolment."))
        following = Enrolment.objects.filter(
            user=locked.user, course_key=locked.course_key, cycle=locked.cycle + 1
        ).select_related("user", "edition")
        existing = following.defer(*LONG_TEXTS).first()
        if existing is not None:
            return existing, False
        return open_cycle(user=locked.user, state=_find_course(locked), cycle=locked.cycle + 1)


def _find_course(enrolment: Enrolment) -> CourseState:
    """The course as it is offered now, if the enrolment may be renewed."""
    if enrolment.completed_at is None:
        raise EnrolmentRefusedError("not_completed", _("Complete the course first; it can be renewed after that."))
    renewal = read_renewals([enrolment]).get(enrolment.pk)
    if renewal is None:
        message = _("What you have completed does not run out, so there is nothing to renew.")
        raise EnrolmentRefusedError("never_expires", message)
    if not renewal.is_open:
        opens = date_format(renewal.opens_at.astimezone(get_zone(enrolment.user)), "j F Y")
        message = _("This can be renewed from %(date)s on.")
        raise EnrolmentRefusedError("too_early", message % {"date": opens})
    state = get_states([enrolment.course_key], enrolment.edition.language).get(enrolment.course_key)
    if state is None:
        raise EnrolmentRefusedError("not_found", _("This course does not exist or is no longer offered."))
    refuse_unless_offered(state)
    assert state.edition is not None  # noqa: S101 -- what is offered has one
    outline = get_outline(state.edition.pk, state.edition.digest)
    access = course_access(enrolment.user, state, outline, enrolment)
    if not access.is_allowed:
        raise EnrolmentRefusedError(access.code, access.message)
    return state
