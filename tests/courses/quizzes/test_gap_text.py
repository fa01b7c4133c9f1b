"""Texts with gaps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.definition import Blank
from courses.quizzes.gap_text import join_gaps, split_gaps


@pytest.mark.parametrize(
    ("text", "texts", "answers"),
    [
        ("At [[100|one hundred]] degrees.", ("At ", " degrees."), [("100", "one hundred")]),
        ("[[ a ]][[b| ]]", ("", "", ""), [("a",), ("b",)]),
        ("[[]]", ("", ""), [()]),
        ("No blank", ("No blank",), []),
        ("Open [[ and ]", ("Open [[ and ]",), []),
        ("", ("",), []),
    ],
)
def test_split_gaps_finds_blanks_and_answers(text: str, texts: tuple[str, ...], answers: list[tuple[str, ...]]) -> None:
    found, blanks = split_gaps(text)
    assert found == texts
    assert blanks == tuple(Blank(str(place), accepted) for place, accepted in enumerate(answers, 1))


@given(st.text(alphabet="[]|ab \n", max_size=30))
def test_join_gaps_is_the_inverse_of_split_gaps(text: str) -> None:
    parts = split_gaps(text)
    assert len(parts[0]) == len(parts[1]) + 1
    assert split_gaps(join_gaps(*parts))[0] == parts[0]
