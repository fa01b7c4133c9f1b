"""When an enrolment falls due, and why: pure arithmetic on rules, days and time zones.

The rules are those of docs/decisions/0010-deadlines.md: the earliest date wins, an extension never makes it earlier,
and a day ends when the last second of it has passed on the clock of the one whose day it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

# Whatever anybody types, due dates stay within what every database can store and every zone can show.
MAX_DAYS = 36_500
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)

Code = Literal["extension", "company_rule", "recertification", "invitation", "course_deadline", "course_days"]
# Which of several reasons for the same moment is named first.
PRECEDENCE: tuple[Code, ...] = (
    "extension",
    "company_rule",
    "recertification",
    "invitation",
    "course_deadline",
    "course_days",
)


@dataclass(frozen=True, slots=True)
class CourseDeadline:
    """The programme's own last day."""

    day: date


@dataclass(frozen=True, slots=True)
class CourseDays:
    """So many days after enrolling."""

    days: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whoever gave access wants it used by a day, or within days of giving it. Exactly one of both is set."""

    given_at: datetime
    day: date | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class CompanyRule:
    """A company asks for it by a day or within days of enrolling, and its days end in its own zone."""

    company: str
    zone: tzinfo
    day: date | None = None
    days: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, promised as a moment."""

    due_at: datetime
    note: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Recertification:
    """The certificate of the cycle before holds until just before this moment."""

    runs_out_at: datetime


Rule = CourseDeadline | CourseDays | Invitation | CompanyRule | Extension | Recertification


@dataclass(frozen=True, slots=True)
class Reason:
    """One date and where it comes from; ``zone`` is the one its day ends in."""

    code: Code
    due_at: datetime
    zone: tzinfo
    days: int | None = None
    company: str = ""
    note: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """``due_at`` is that of the first reason; without any reason nothing is due."""

    due_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()


def resolve(
    rules: Iterable[Rule], *, enrolled_at: datetime, zone: tzinfo, not_before: datetime | None = None
) -> Deadline:
    """The due date under these rules for somebody in ``zone``, and every reason, winner first.

    The earliest date wins. The furthest extension wins over it where it is later, so that an extension never shortens;
    without any other date there is nothing to extend. Dates at or before ``not_before`` belong to an earlier cycle and
    ask nothing of this one. The order of ``rules`` does not matter.
    """
    reasons = [_reason(rule, enrolled_at, zone) for rule in rules]
    dates = sorted(
        (
            reason
            for reason in reasons
            if reason.code != "extension" and (not_before is None or reason.due_at > not_before)
        ),
        key=_place,
    )
    if not dates:
        return Deadline()
    extensions = sorted((reason for reason in reasons if reason.code == "extension"), key=_place)[-1:]
    if extensions and extensions[0].due_at > dates[0].due_at:
        ordered = (extensions[0], *dates)
    else:
        ordered = (dates[0], *sorted([*dates[1:], *extensions], key=_place))
    return Deadline(ordered[0].due_at, ordered)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last second of ``day`` on the clocks of ``zone``, also where clocks are put back or forward at midnight."""
    day = min(max(day, FIRST_DAY), LAST_DAY)
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
    return midnight.astimezone(UTC) - timedelta(seconds=1)


def end_of_day_after(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The end of the day that is ``days`` calendar days after that of ``moment``."""
    return end_of_day(moment.astimezone(zone).date() + timedelta(days=min(days, MAX_DAYS)), zone)


def closes_at(due_at: datetime, days: int | None, zone: tzinfo) -> datetime | None:
    """When an unfinished enrolment closes: the end of the day so many days after it was due; ``None`` for never."""
    return None if days is None else end_of_day_after(due_at, days, zone)


def days_until(due_at: datetime, now: datetime, zone: tzinfo) -> int:
    """Calendar days from today to the due day on the learner's calendar; negative when it has passed."""
    return (due_at.astimezone(zone).date() - now.astimezone(zone).date()).days


def _place(reason: Reason) -> tuple[datetime, int, str, str, str, str]:
    return (
        reason.due_at,
        PRECEDENCE.index(reason.code),
        reason.company,
        reason.note,
        reason.by,
        f"{reason.days} {reason.zone}",
    )


def _reason(rule: Rule, enrolled_at: datetime, zone: tzinfo) -> Reason:
    match rule:
        case CourseDeadline(day):
            return Reason("course_deadline", end_of_day(day, zone), zone)
        case CourseDays(days):
            return Reason("course_days", end_of_day_after(enrolled_at, days, zone), zone, days=days)
        case Invitation(given_at, day, days):
            return Reason("invitation", _end(day, days, given_at, zone), zone, days=days)
        case CompanyRule(company, company_zone, day, days, note):
            due_at = _end(day, days, enrolled_at, company_zone)
            return Reason("company_rule", due_at, company_zone, days=days, company=company, note=note)
        case Extension(due_at, note, by):
            return Reason("extension", due_at, zone, note=note, by=by)
        case Recertification(runs_out_at):
            return Reason("recertification", runs_out_at - timedelta(seconds=1), zone)


def _end(day: date | None, days: int | None, start: datetime, zone: tzinfo) -> datetime:
    return end_of_day(day, zone) if day is not None else end_of_day_after(start, days or 0, zone)
