"""Where pages of a course stand, where one step leads, and which lessons wait for one further down (pure)."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Place:
    """Position ``index`` among the children of ``parent``, the page that is to stand there not counted."""

    parent: int
    index: int


@dataclass(frozen=True, slots=True)
class Shape:
    """The modules of a course in order, each with its lessons in order."""

    course: int
    modules: Mapping[int, Sequence[int]]

    def find(self, page: int) -> Place | None:
        order = list(self.modules)
        if page in self.modules:
            return Place(self.course, order.index(page))
        for module, lessons in self.modules.items():
            if page in lessons:
                return Place(module, list(lessons).index(page))
        return None

    def step(self, page: int, direction: Direction) -> Place | None:
        """One place up or down; the first lesson of a module goes up to the end of the module before. ``None`` at the
        edge of the course."""
        here = self.find(page)
        if here is None:
            return None
        change = -1 if direction == "up" else 1
        if page in self.modules:
            there = here.index + change
            return Place(self.course, there) if 0 <= there < len(self.modules) else None
        there = here.index + change
        if 0 <= there < len(self.modules[here.parent]):
            return Place(here.parent, there)
        order = list(self.modules)
        neighbour = order.index(here.parent) + change
        if not 0 <= neighbour < len(order):
            return None
        module = order[neighbour]
        return Place(module, len(self.modules[module]) if direction == "up" else 0)

    def find_neighbour(self, page: int, place: Place) -> tuple[int, Literal["left", "right", "first-child"]]:
        """Beside which page, or in which, it goes. An index too high means the end."""
        children = list(self.modules) if place.parent == self.course else list(self.modules[place.parent])
        others = [child for child in children if child != page]
        index = max(0, min(place.index, len(others)))
        if not others:
            return place.parent, "first-child"
        return (others[index - 1], "right") if index else (others[0], "left")


def make_version(rows: Iterable[tuple[int, str, str]]) -> str:
    """Names the tree as somebody saw it: which pages (key, path, title) there are, in which order."""
    return hashlib.sha256(json.dumps(sorted(rows, key=lambda row: row[1])).encode()).hexdigest()[:20]


def find_early_waiters(order: Sequence[int], requires: Mapping[int, Iterable[int]]) -> list[tuple[int, int]]:
    """(lesson, lesson further down that it waits for), in order of the lessons."""
    places = {lesson: place for place, lesson in enumerate(order)}
    return [
        (lesson, required)
        for lesson in order
        for required in requires.get(lesson, ())
        if places.get(required, -1) > places[lesson]
    ]
