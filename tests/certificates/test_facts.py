"""Frozen facts: printable lines, plain numbers, honest dates."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from certificates.facts import clean_line, end_of_day, format_score, last_valid_day


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Ann \n\t Able ", "Ann Able"),
        ("Ann\u202eelbA", "AnnelbA"),
        ("Zoe\u0308", "Zoë"),
        ("\u0000Ann\u200b", "Ann"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_line_is_printable_and_cannot_deceive(text: str, line: str) -> None:
    assert clean_line(text) == line


@pytest.mark.parametrize(("score", "text"), [("92.00", "92"), ("87.50", "87.5"), ("66.67", "66.67"), ("0.00", "0")])
def test_score_says_no_needless_digits(score: str, text: str) -> None:
    assert format_score(Decimal(score)) == text


@pytest.mark.parametrize(
    ("completed", "months", "last"),
    [
        (date(2026, 3, 12), 24, date(2028, 3, 11)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        (date(2026, 3, 12), None, None),
    ],
)
def test_last_day_a_certificate_holds(completed: date, months: int | None, last: date | None) -> None:
    assert last_valid_day(completed, months) == last


def test_end_of_day_is_the_first_moment_after() -> None:
    assert end_of_day(date(2026, 3, 11), UTC) == datetime(2026, 3, 12, tzinfo=UTC)
