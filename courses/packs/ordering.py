"""The fewest moves that bring pages into the order of the pack (pure)."""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def find_moves(current: Sequence[Item], wanted: Sequence[Item]) -> set[Item]:
    """Which of the wanted items must move so that all of them stand in the wanted order.

    Items that only ``current`` has are left where they are; items that only ``wanted`` has count as moved.
    The largest set of items that are in order already stays.
    """
    place = {item: position for position, item in enumerate(current)}
    present = [item for item in wanted if item in place]
    ends: list[int] = []  # place of the last item of the best run of each length
    lengths: list[int] = []
    for item in present:
        length = bisect_left(ends, place[item])
        ends[length : length + 1] = [place[item]]
        lengths.append(length)
    stays: set[Item] = set()
    needed = len(ends) - 1
    for item, length in zip(reversed(present), reversed(lengths), strict=True):
        if length == needed:
            stays.add(item)
            needed -= 1
    return set(wanted) - stays
