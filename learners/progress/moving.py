"""Moves enrolments to other editions: what is completed stays, counters are made anew, due dates follow the rules.

The one way to do it, for a single learner who opens the course as for thousands in the background.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from courses.editions.models import CourseState, Edition
from courses.enums import ReleasePolicy
from learners.enrolments.models import Enrolment
from learners.enrolments.rules import read_course_rules, read_dues
from learners.enrolments.scheduling import store_due
from learners.progress.arithmetic import Unit
from learners.progress.completion import WRITTEN, finish_if_complete, recount_all
from learners.progress.moves import UNFINISHED, ReleaseStep, find_step
from learners.progress.queries import get_course_maps
from learners.progress.writing import update_enrolments

EDITION_FIELDS = ("id", "course_key", "language", "number", "digest", "title", "slug")  # in the order of the model
NUMBER = EDITION_FIELDS.index("number")
MOST_KEPT = 1024


@dataclass(frozen=True, slots=True)
class CourseReleases:
    """Every release of a course up to the edition in force, and the facts of those editions without their texts."""

    steps: tuple[ReleaseStep, ...]
    facts: dict[int, tuple[Any, ...]]

    @property
    def current(self) -> Edition:
        """The edition in force."""
        return self.make_edition(self.steps[-1].edition_id)

    def make_edition(self, edition_id: int) -> Edition:
        return Edition.from_db("default", EDITION_FIELDS, self.facts[edition_id])


@dataclass(frozen=True, slots=True)
class Move:
    enrolment: Enrolment
    edition: Edition


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move came to. ``to_do`` counts what is required only now and not done yet."""

    enrolment: Enrolment
    to_do: int
    is_completed: bool


_kept: dict[tuple[int, str], CourseReleases] = {}
_lock = Lock()


def get_releases(course_key: UUID, edition: Edition) -> CourseReleases:
    """The releases up to ``edition``, which is in force. At most one query: what has been released never changes."""
    key = (edition.pk, edition.digest)
    found = _kept.get(key)
    if found is not None:
        return found
    rows = (
        Edition.objects.filter(course_key=course_key, language=edition.language, number__lte=edition.number)
        .order_by("number")
        .values_list(*EDITION_FIELDS, "release__policy")
    )
    facts = {row[0]: row for row in rows}
    # An edition from before there were releases counts as released for everyone.
    steps = tuple(ReleaseStep(row[NUMBER], row[0], row[-1] or ReleasePolicy.EVERYONE) for row in facts.values())
    found = CourseReleases(steps, {pk: row[:-1] for pk, row in facts.items()})
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = found
    return found


def clear_releases() -> None:
    """For tests, which roll back and reuse edition ids."""
    with _lock:
        _kept.clear()


def find_target(enrolment: Enrolment, state: CourseState) -> Edition | None:
    """The edition an unfinished enrolment should move to, or ``None`` where it stays on its own.

    No query for those on the edition in force, else at most one. Never one in another language: choosing that is the
    learner's own act (``learners.progress.languages``).
    """
    edition = state.edition
    if not state.is_published or edition is None or enrolment.edition_id == edition.pk:
        return None
    if enrolment.edition.language != state.language:
        return None
    if enrolment.state not in UNFINISHED or enrolment.is_expired:
        return None
    releases = get_releases(state.course_key, edition)
    step = find_step(releases.steps, number=enrolment.edition.number, state=enrolment.state)
    if step is None:
        return None
    return edition if step.edition_id == edition.pk else releases.make_edition(step.edition_id)


def move_enrolments(moves: Sequence[Move], now: datetime) -> list[Moved]:
    """Move and save them. The caller holds their locks, in the order of their keys, and each carries its ``edition``.

    Three queries for any number, once this process knows the editions; four or five more where due dates move, and for
    each that completes those of ``finish_if_complete``.
    """
    if not moves:
        return []
    maps = get_course_maps(edition for move in moves for edition in (move.enrolment.edition, move.edition))
    fresh: dict[int, frozenset[Unit]] = {}
    stale = []
    known: dict[tuple[int, int], tuple[frozenset[Unit], bool]] = {}
    for move in moves:
        pair = (move.enrolment.edition_id, move.edition.pk)
        if pair not in known:
            old, new = maps[pair[0]], maps[pair[1]]
            are_rules_new = read_course_rules(old.outline["course"]) != read_course_rules(new.outline["course"])
            known[pair] = (frozenset(new.required.keys() - old.required.keys()), are_rules_new)
        fresh[move.enrolment.pk], is_stale = known[pair]
        move.enrolment.edition = move.edition
        if is_stale:
            stale.append(move.enrolment)
    dues = read_dues(stale) if stale else {}
    for enrolment in stale:
        store_due(enrolment, dues[enrolment.pk], now)
    done = recount_all([move.enrolment for move in moves], fresh)
    moved = [
        Moved(
            move.enrolment,
            len(fresh[move.enrolment.pk]) - done[move.enrolment.pk],
            finish_if_complete(move.enrolment, maps[move.edition.pk].outline["course"]["passing_percentage"], now),
        )
        for move in moves
    ]
    update_enrolments([each.enrolment for each in moved if not each.is_completed], WRITTEN)
    return moved
