"""Time factors: rounding and what never happens."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners.accommodations.timing import allowed_seconds

factors = st.decimals(min_value=1, max_value=10, places=2)


@pytest.mark.parametrize(
    ("base", "factor", "expected"),
    [(1800, "1.5", 2700), (1800, "1.33", 2400), (60, "1.01", 120), (90, "1", 90), (0, "2", 0)],
)
def test_allowed_seconds_rounds_stretched_limits_up_to_the_minute(base, factor, expected):
    assert allowed_seconds(base, time_factor=Decimal(factor), is_untimed=False) == expected


def test_allowed_seconds_without_a_limit_stays_without():
    assert allowed_seconds(None, time_factor=Decimal(2), is_untimed=False) is None
    assert allowed_seconds(1800, time_factor=Decimal(1), is_untimed=True) is None


@given(st.integers(0, 10**6), factors)
def test_allowed_seconds_never_shortens_and_gives_at_most_a_minute_more_than_the_factor(base, factor):
    allowed = allowed_seconds(base, time_factor=factor, is_untimed=False)
    assert allowed is not None
    assert base * factor <= allowed < base * factor + 60
