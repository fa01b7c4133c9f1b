"""Steps, neighbours, versions and who waits for whom, in plain numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.curriculum.ordering import Place, Shape, find_early_waiters, make_version

SHAPE = Shape(1, {10: [11, 12], 20: [], 30: [31]})


@pytest.mark.parametrize(
    ("page", "direction", "place"),
    [
        (10, "up", None),
        (10, "down", Place(1, 1)),
        (30, "up", Place(1, 1)),
        (30, "down", None),
        (11, "up", None),
        (11, "down", Place(10, 1)),
        (12, "up", Place(10, 0)),
        (12, "down", Place(20, 0)),
        (31, "up", Place(20, 0)),
        (31, "down", None),
        (99, "up", None),
    ],
)
def test_a_step_leads_over_the_edges_of_modules(page: int, direction: str, place: Place | None) -> None:
    assert SHAPE.step(page, direction) == place


@pytest.mark.parametrize(
    ("page", "place", "neighbour"),
    [
        (12, Place(10, 0), (11, "left")),
        (11, Place(10, 1), (12, "right")),
        (11, Place(10, 9), (12, "right")),
        (11, Place(20, 0), (20, "first-child")),
        (11, Place(30, 1), (31, "right")),
        (11, Place(30, -5), (31, "left")),
        (30, Place(1, 0), (10, "left")),
    ],
)
def test_a_place_is_found_beside_a_neighbour(page: int, place: Place, neighbour: tuple[int, str]) -> None:
    assert SHAPE.find_neighbour(page, place) == neighbour


@given(st.integers(1, 4), st.integers(0, 3), st.sampled_from(["up", "down"]), st.data())
def test_a_step_back_undoes_a_step(modules: int, lessons: int, direction: str, data: st.DataObject) -> None:
    pages = {m * 100: [m * 100 + n for n in range(1, lessons + 1)] for m in range(1, modules + 1)}
    shape = Shape(1, pages)
    page = data.draw(st.sampled_from([*pages, *(pk for found in pages.values() for pk in found)]))
    place = shape.step(page, direction)
    if place is None:
        return
    if page in pages:
        order = [module for module in pages if module != page]
        order.insert(place.index, page)
        after = Shape(1, {module: pages[module] for module in order})
    else:
        moved = {module: [pk for pk in found if pk != page] for module, found in pages.items()}
        moved[place.parent].insert(place.index, page)
        after = Shape(1, moved)
    assert after.find(page) == place
    assert after.step(page, "down" if direction == "up" else "up") == shape.find(page)


def test_a_version_names_order_places_and_titles() -> None:
    rows = [(1, "0001", "One"), (2, "0002", "Two")]
    assert make_version(rows) == make_version(reversed(rows))
    others = [[*rows, (3, "0003", "Three")], [(1, "0001", "Uno"), rows[1]], [(2, "0001", "Two"), (1, "0002", "One")]]
    assert len({make_version(each) for each in [rows, *others]}) == 4


def test_lessons_that_wait_for_a_later_one_are_found() -> None:
    assert find_early_waiters([1, 2, 3], {1: [3], 2: [1, 3, 99], 3: [1]}) == [(1, 3), (2, 3)]
