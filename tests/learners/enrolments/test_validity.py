"""How long proof holds."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from learners.enrolments.validity import last_valid_day, runs_out_at


@pytest.mark.parametrize(
    ("completed", "months", "last"),
    [
        (date(2030, 5, 10), 12, date(2031, 5, 9)),
        (date(2028, 2, 29), 12, date(2029, 2, 27)),
        (date(2030, 8, 31), 6, date(2031, 2, 27)),
        (date(2030, 5, 10), None, None),
    ],
)
def test_last_valid_day_is_the_day_before_the_anniversary(completed, months, last):
    assert last_valid_day(completed, months) == last


def test_runs_out_at_is_the_midnight_after_the_last_day():
    completed = datetime(2030, 5, 9, 23, tzinfo=UTC)  # the 10th in Berlin
    assert runs_out_at(completed, 12, ZoneInfo("Europe/Berlin")) == datetime(2031, 5, 9, 22, tzinfo=UTC)
    assert runs_out_at(completed, None, UTC) is None
