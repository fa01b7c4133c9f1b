"""How long proof of a completed course holds, and when it may be renewed: pure arithmetic on dates."""

import calendar
from datetime import date, datetime, timedelta, tzinfo

from learners.enrolments.deadlines import end_of_day

# So long before a certificate runs out may its holder begin the next cycle.
RENEWAL_WINDOW = timedelta(days=60)


def last_valid_day(completed_on: date, months: int | None) -> date | None:
    """The day before the same day ``months`` later, or before that month's end if it has no such day."""
    if not months:
        return None
    years, month_index = divmod(completed_on.month - 1 + months, 12)
    year, month = completed_on.year + years, month_index + 1
    day = min(completed_on.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)


def runs_out_at(completed_at: datetime, months: int | None, zone: tzinfo) -> datetime | None:
    """The first moment at which what was completed then no longer holds; ``None`` for never."""
    last_day = last_valid_day(completed_at.astimezone(zone).date(), months)
    return end_of_day(last_day, zone) + timedelta(seconds=1) if last_day else None
