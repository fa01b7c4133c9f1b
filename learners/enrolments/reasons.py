"""Deadlines in words: one function for learner, manager and API, so that all read the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learners.accounts.queries import get_zone
from learners.enrolments.deadlines import Reason
from learners.enrolments.models import Enrolment
from learners.enrolments.rules import Due, read_dues

if TYPE_CHECKING:
    from learners.accounts.models import User


@dataclass(frozen=True, slots=True)
class ReasonView:
    code: str
    due_at: datetime
    time_zone: str
    text: str


@dataclass(frozen=True, slots=True)
class DueView:
    """``time_zone`` is the learner's; ``closes_at`` is when an unfinished enrolment closes, if ever."""

    due_at: datetime
    time_zone: str
    closes_at: datetime | None
    reasons: tuple[ReasonView, ...]


def describe_open_dues(enrolments: Iterable[Enrolment], *, learner: "User | None" = None) -> dict[int, DueView]:
    """What is due by enrolment id, for those unfinished; see ``read_dues``. Nothing is due any more once completed."""
    rows = [row for row in enrolments if row.completed_at is None]
    views = {}
    for row, due in zip(rows, read_dues(rows, learner=learner).values(), strict=True):
        view = describe_due(due, row.user)
        if view is not None:
            views[row.pk] = view
    return views


def describe_due(due: Due, learner: "User") -> DueView | None:
    """``None`` where nothing is due."""
    if due.deadline.due_at is None:
        return None
    zone = get_zone(learner)
    reasons = tuple(
        ReasonView(reason.code, reason.due_at, str(reason.zone), describe_reason(reason, zone))
        for reason in due.deadline.reasons
    )
    return DueView(due.deadline.due_at, str(zone), due.closes_at, reasons)


def describe_reason(reason: Reason, learner_zone: tzinfo) -> str:
    """A sentence without a full stop. A day that ends elsewhere than the learner's says where."""
    values = {
        "date": date_format(reason.due_at.astimezone(reason.zone), "j F Y"),
        "company": reason.company,
        "days": reason.days or 0,
    }
    text = _words(reason) % values
    if str(reason.zone) != str(learner_zone):
        text += _(" (the end of that day in %(zone)s)") % {"zone": str(reason.zone).replace("_", " ")}
    if reason.code == "extension" and reason.by:
        text += _(" by %(person)s") % {"person": reason.by}
    return f"{text}: “{reason.note}”" if reason.note else text


def _words(reason: Reason) -> str:
    has_days = reason.days is not None
    days = reason.days or 0
    match reason.code:
        case "extension":
            return _("Extended to %(date)s")
        case "recertification":
            return _("The certificate of the cycle before runs out on %(date)s")
        case "course_deadline":
            return _("The course has to be finished by %(date)s")
        case "invitation" if has_days:
            return ngettext(
                "Within %(days)d day of the invitation: by %(date)s",
                "Within %(days)d days of the invitation: by %(date)s",
                days,
            )
        case "invitation":
            return _("The invitation asks for it by %(date)s")
        case "company_rule" if has_days:
            return ngettext(
                "%(company)s asks for it within %(days)d day of enrolling, by %(date)s",
                "%(company)s asks for it within %(days)d days of enrolling, by %(date)s",
                days,
            )
        case "company_rule":
            return _("%(company)s asks for it by %(date)s")
        case "course_days":
            return ngettext(
                "Within %(days)d day of enrolling: by %(date)s", "Within %(days)d days of enrolling: by %(date)s", days
            )
