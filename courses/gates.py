"""What opens a lesson, as far as the outline alone can tell: which rules there are, and circles in them (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise

from courses.editions.documents import Gate, Outline


def has_dates(outline: Outline) -> bool:
    """Whether any lesson opens on a date or days after enrolling."""
    return any("release_at" in gate or "release_after_days" in gate for gate in _walk_gates(outline))


def has_lesson_rules(outline: Outline) -> bool:
    """Whether any lesson opens after another."""
    if outline["course"]["progression"] == "in_order":
        return True
    return any("requires" in gate for gate in _walk_gates(outline))


def find_cycle(order: Sequence[str], requires: Mapping[str, Iterable[str]], *, is_in_order: bool) -> list[str]:
    """Lessons that wait for each other, each for the next and the last for the first; empty when all can open.

    ``order`` are the lessons of the course, ``requires`` what each waits for. In a course studied in order every lesson
    also waits for the one before it.
    """
    waits = {lesson: list(required) for lesson, required in requires.items()}
    if is_in_order:
        for before, lesson in pairwise(order):
            waits[lesson] = [before, *waits.get(lesson, ())]
    done: set[str] = set()
    for start in order:
        if start not in done and (cycle := _walk(start, waits, done)):
            return cycle
    return []


def _walk_gates(outline: Outline) -> Iterable[Gate]:
    return chain(outline["modules"], *(module["lessons"] for module in outline["modules"]))


def _walk(start: str, waits: Mapping[str, Sequence[str]], done: set[str]) -> list[str]:
    """Depth first without recursion: a course may have thousands of lessons in a row."""
    trail, places = [start], {start: 0}
    ahead = [iter(waits.get(start, ()))]
    while trail:
        following = next(ahead[-1], None)
        if following is None:
            finished = trail.pop()
            ahead.pop()
            del places[finished]
            done.add(finished)
        elif following in places:
            return trail[places[following] :]
        elif following not in done:
            places[following] = len(trail)
            trail.append(following)
            ahead.append(iter(waits.get(following, ())))
    return []
