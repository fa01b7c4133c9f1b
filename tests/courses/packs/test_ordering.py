"""The fewest moves into an order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.packs.ordering import find_moves


@pytest.mark.parametrize(
    ("current", "wanted", "moves"),
    [
        ("abc", "abc", ""),
        ("abcd", "bcda", "a"),
        ("abcd", "dabc", "d"),
        ("abxc", "abc", ""),
        ("ab", "anb", "n"),
        ("abcdN", "Nabcd", "N"),
        ("", "ab", "ab"),
        ("ab", "ba", "b"),
    ],
)
def test_find_moves_names_as_few_as_possible(current: str, wanted: str, moves: str) -> None:
    assert len(find_moves(current, wanted)) == len(moves)


@given(st.permutations("abcdefgh"), st.permutations("abcdefgh"))
def test_what_stays_is_in_the_wanted_order(current: list[str], wanted: list[str]) -> None:
    stays = [item for item in wanted if item not in find_moves(current, wanted)]
    assert [item for item in current if item in stays] == stays
