"""The moment at which the style guide stands still, so that two renderings are equal."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 3, 9, 10, 30, tzinfo=UTC)


def days(number: float) -> timedelta:
    return timedelta(days=number)
