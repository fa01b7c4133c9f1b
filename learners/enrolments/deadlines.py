"""When an enrolment falls due: pure arithmetic on dates and time zones."""

from datetime import date, datetime, time, timedelta, tzinfo

# Whatever an editor types, due dates stay within what every database can store.
MAX_DAYS = 36_500


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last second of ``day`` as the learner's clock shows it."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone)


def find_due_at(*, enrolled_at: datetime, deadline: str | None, days: int | None, zone: tzinfo) -> datetime | None:
    """The earlier of the course's fixed deadline (end of that day in ``zone``) and ``days`` after enrolling."""
    dates = []
    if deadline:
        dates.append(end_of_day(date.fromisoformat(deadline), zone))
    if days is not None:
        dates.append(enrolled_at + timedelta(days=min(days, MAX_DAYS)))
    return min(dates, default=None)


def days_until(due_at: datetime, now: datetime, zone: tzinfo) -> int:
    """Calendar days from today to the due day on the learner's calendar; negative when it has passed."""
    return (due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
