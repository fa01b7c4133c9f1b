"""What a person meant by what was typed."""

from decimal import Decimal

import pytest

from courses.quizzes.reading import read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 000,5", "1000.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1\u00a0000", "1000"),
        ("\u22125", "-5"),
        ("1,5", "1.5"),
        ("1,2,3", None),
        ("1e9999", None),
    ],
)
def test_read_number_understands_how_people_write(text: str, number: str | None) -> None:
    assert read_number(text) == (None if number is None else Decimal(number))
