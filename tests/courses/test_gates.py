"""Rules that wait for each other in a circle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.gates import find_cycle


@pytest.mark.parametrize(
    ("requires", "is_in_order", "expected"),
    [
        ({}, True, []),
        ({"c": ["a", "b"]}, True, []),
        ({"a": ["c"]}, False, []),
        ({"a": ["a"]}, False, ["a"]),
        ({"a": ["b"], "b": ["c"], "c": ["a"]}, False, ["a", "b", "c"]),
        ({"b": ["c"]}, True, ["b", "c"]),
        ({"a": ["elsewhere"]}, False, []),
    ],
)
def test_find_cycle_names_the_lessons_that_wait_for_each_other(requires, is_in_order, expected):
    assert find_cycle(["a", "b", "c"], requires, is_in_order=is_in_order) == expected


def test_find_cycle_walks_long_courses():
    order = [str(number) for number in range(5000)]
    assert find_cycle(order, {}, is_in_order=True) == []


@given(st.dictionaries(st.integers(0, 7).map(str), st.lists(st.integers(0, 7).map(str), max_size=3)))
def test_find_cycle_finds_one_exactly_where_lessons_could_never_open(requires):
    order = [str(number) for number in range(8)]
    opened: set[str] = set()
    for _round in order:
        opened |= {lesson for lesson in order if set(requires.get(lesson, ())) <= opened}
    assert (find_cycle(order, requires, is_in_order=False) == []) == (opened == set(order))
