"""Due dates."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from learners.enrolments.deadlines import days_until, end_of_day, find_due_at


def test_end_of_day_is_the_last_second_on_the_learners_clock():
    day = datetime(2030, 3, 31, tzinfo=UTC).date()
    assert end_of_day(day, ZoneInfo("Europe/Berlin")).astimezone(UTC) == datetime(2030, 3, 31, 21, 59, 59, tzinfo=UTC)


def test_find_due_at_survives_absurd_timeframes():
    start = datetime(2030, 1, 1, tzinfo=UTC)
    found = find_due_at(enrolled_at=start, deadline=None, days=2_000_000_000, zone=UTC)
    assert found is not None
    assert found.year == 2129


def test_days_until_counts_calendar_days_of_the_learner():
    now = datetime(2030, 1, 1, 23, 0, tzinfo=UTC)
    due = datetime(2030, 1, 2, 1, 0, tzinfo=UTC)
    assert days_until(due, now, UTC) == 1
    assert days_until(due, now, ZoneInfo("Asia/Tokyo")) == 0
    assert days_until(now, due, UTC) == -1
