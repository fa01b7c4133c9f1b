"""Enrolling people and giving them grants."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.editions.documents import Outline
from courses.editions.models import CourseState
from courses.editions.queries import get_outline, hold_offer
from learners.accounts.models import User
from learners.accounts.services import mark_deadlines_stale
from learners.enrolments.access import course_access, find_missing_course, staff_or
from learners.enrolments.models import Enrolment, Grant
from learners.enrolments.queries import get_enrolment
from learners.enrolments.rules import read_due
from learners.enrolments.scheduling import STORED, store_due
from learners.enums import GrantSource

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class EnrolmentRefusedError(Exception):
    """``code`` is one of the access codes; ``message`` is for the reader."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def enrol(*, user: "User | AnonymousUser", state: CourseState) -> tuple[Enrolment, bool]:
    """Enrol ``user`` on the edition in force; (enrolment, whether it is new).

    Enrolling again, also at the same moment from two tabs, returns the same enrolment. Whoever enrols while a course
    is free keeps a grant, so that a later price does not shut them out. Raises ``EnrolmentRefusedError``.
    """
    if not user.is_authenticated:
        raise EnrolmentRefusedError("login_required", _("Log in to enrol."))
    existing = get_enrolment(user, state.course_key)
    if existing is not None:
        return existing, False
    refuse_unless_offered(state)
    assert state.edition is not None  # noqa: S101 -- what is offered has one
    outline = get_outline(state.edition.pk, state.edition.digest)
    access = course_access(user, state, outline, None)
    if not access.is_allowed and access.code != "enrolment_required":
        # A grant in force leaves nothing but the missing enrolment, which is what we are here for.
        raise EnrolmentRefusedError(access.code, access.message)
    if access.code == "ok":
        # A course that anyone may read still asks for other courses before its certificate can be earned.
        _refuse_without_required_courses(user, outline)
    with transaction.atomic():
        enrolment, is_new = open_cycle(user=user, state=state, cycle=1)
        if is_new and outline["course"]["access"] in ("open", "enrolled"):
            give_grant(user=user, course_key=state.course_key, source=GrantSource.SELF)
    return enrolment, is_new


def refuse_unless_offered(state: CourseState) -> None:
    """Raises ``EnrolmentRefusedError``: archived, or not_found for a course that is not published."""
    if not state.is_published or state.edition is None:
        raise EnrolmentRefusedError("not_found", _("This course does not exist or is no longer offered."))
    if state.is_archived:
        message = _("This course is archived and takes no new enrolments. Whoever is enrolled can finish it.")
        raise EnrolmentRefusedError("archived", message)


def _refuse_without_required_courses(user: User, outline: Outline) -> None:
    missing = find_missing_course(user, outline)
    if missing is not None and not staff_or(user, missing).is_allowed:
        raise EnrolmentRefusedError(missing.code, missing.message)


def open_cycle(*, user: User, state: CourseState, cycle: int) -> tuple[Enrolment, bool]:
    """The enrolment of that cycle on the edition in force, with its due date; (enrolment, whether it is new).

    The caller has asked whether the person may, and holds a transaction. The course is on offer until it ends: nobody
    is enrolled after archiving has committed. Raises ``EnrolmentRefusedError``.
    """
    if not hold_offer(state.pk):
        state.refresh_from_db(fields=["is_published", "is_archived"])
    refuse_unless_offered(state)
    assert state.edition is not None  # noqa: S101 -- what is offered has one
    fresh = Enrolment(user=user, course_key=state.course_key, cycle=cycle, edition=state.edition)
    store_due(fresh, read_due(fresh), timezone.now())
    return Enrolment.objects.get_or_create(
        user=user,
        course_key=state.course_key,
        cycle=cycle,
        defaults={"edition": state.edition} | {name: getattr(fresh, name) for name in STORED},
    )


def give_grant(
    *,
    user: User,
    course_key: UUID,
    source: str,
    reference: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    due_on: date | None = None,
    due_days: int | None = None,
) -> Grant:
    """One grant a reason: giving it again sets its dates, and never makes a second.

    ``due_on`` or ``due_days`` after it starts is by when whoever gives it wants the course completed.
    """
    dates = {"ends_at": ends_at, "due_on": due_on, "due_days": due_days}
    with transaction.atomic():
        grant, is_new = Grant.objects.update_or_create(
            user=user,
            course_key=course_key,
            source=source,
            reference=reference,
            defaults=dates | ({"starts_at": starts_at} if starts_at else {}),
            create_defaults=dates | {"starts_at": starts_at or timezone.now()},
        )
        if due_on is not None or due_days is not None or not is_new:
            mark_deadlines_stale(people=User.objects.filter(pk=user.pk))
    return grant
