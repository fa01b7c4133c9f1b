"""What a release would do to everybody on the course, before it is made: the same arithmetic as the carry-over.

Nothing is written. Everybody is compared from the edition they are on; of their progress only what is about units
that change is read, and scores only where quizzes, their weights or the pass mark change.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from courses.editions.models import CourseState, Edition
from courses.editions.releasing import Candidate, compare_with
from learners.enrolments.rules import read_course_rules
from learners.exams.trials import Flips, count_flips
from learners.progress.arithmetic import CourseMap, Unit, is_course_complete, map_course, mean_score
from learners.progress.moves import ReleaseStep, find_step
from learners.progress.moving import get_releases
from learners.progress.queries import get_course_maps
from learners.reporting.impact_queries import (
    Crowd,
    DeadlineImpact,
    Standing,
    count_by_unit,
    list_crowds,
    read_scores,
    read_shifts,
    read_standings,
)

CANDIDATE = 0  # stands for the edition that there is not yet


@dataclass(frozen=True, slots=True)
class LearnerCounts:
    """Enrolments as they are now; of those who have completed it, people."""

    not_started: int = 0
    in_progress: int = 0
    completed: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True)
class Impact:
    """``gaining`` and ``completing`` are enrolments, each in the order of their keys. Those who gain to-dos have at
    least one required block more to do; ``todo_blocks`` and ``todo_minutes`` are for somebody who has to do them all.
    ``certificates`` are issued as soon as their learners are carried over."""

    learners: LearnerCounts = field(default_factory=LearnerCounts)
    moving: int = 0
    gaining: tuple[int, ...] = ()
    todo_blocks: int = 0
    todo_minutes: int = 0
    completing: tuple[int, ...] = ()
    certificates: int = 0
    attempts: Flips = field(default_factory=Flips)
    deadlines: DeadlineImpact = field(default_factory=DeadlineImpact)


@dataclass
class _Sum:
    """What is added up over the editions that people are on."""

    moving: list[int] = field(default_factory=list)
    gaining: list[int] = field(default_factory=list)
    completing: list[int] = field(default_factory=list)
    due_moving: list[int] = field(default_factory=list)
    to_do: dict[Unit, float] = field(default_factory=dict)


def predict_impact(*, state: CourseState, candidate: Candidate, policy: str) -> Impact:
    """What releasing ``candidate`` under ``policy`` would do, once everybody is carried over.

    ``candidate`` was compiled against the edition in force. A fixed number of queries, and a fixed number more for
    each edition that somebody is on and would leave.
    """
    crowds = list_crowds(state)
    learners = _count_learners(crowds)
    if state.edition is None or not candidate.is_news:
        return Impact(learners)
    new = map_course(candidate.outline)
    found = _Sum()
    leaving = _find_leaving(state, state.edition, policy, crowds)
    editions = Edition.objects.in_bulk(leaving) if leaving else {}
    maps = get_course_maps(editions.values())
    for pk, states in sorted(leaving.items()):
        _add_edition(found, state, candidate, editions[pk], maps[pk], new, states)
    rules = read_course_rules(candidate.outline["course"])
    return Impact(
        learners=learners,
        moving=len(found.moving),
        gaining=tuple(sorted(found.gaining)),
        todo_blocks=len(found.to_do),
        todo_minutes=math.ceil(sum(found.to_do.values()) / 60),
        completing=tuple(sorted(found.completing)),
        certificates=len(found.completing) if candidate.outline["course"]["has_certificate"] else 0,
        attempts=_count_flips(state, candidate),
        deadlines=read_shifts(found.due_moving, rules),
    )


def _count_learners(crowds: Iterable[Crowd]) -> LearnerCounts:
    counts = dict.fromkeys(("not_started", "in_progress", "completed", "expired"), 0)
    for crowd in crowds:
        if crowd.state == "completed":
            counts["completed"] += crowd.people
        else:
            counts["expired" if crowd.is_expired else crowd.state] += crowd.enrolments
    return LearnerCounts(**counts)


def _find_leaving(state: CourseState, edition: Edition, policy: str, crowds: Iterable[Crowd]) -> dict[int, list[str]]:
    """By edition, which of those on it the release would take along."""
    steps = (
        *get_releases(state.course_key, edition).steps,
        ReleaseStep(edition.number + 1, CANDIDATE, policy),
    )
    found: dict[int, list[str]] = {}
    for crowd in crowds:
        step = find_step(steps, number=crowd.number, state=crowd.state, is_expired=crowd.is_expired)
        if step is not None and step.edition_id == CANDIDATE:
            found.setdefault(crowd.edition_id, []).append(crowd.state)
    return found


def _add_edition(
    found: _Sum,
    state: CourseState,
    candidate: Candidate,
    edition: Edition,
    old: CourseMap,
    new: CourseMap,
    states: Collection[str],
) -> None:
    fresh = new.required.keys() - old.required.keys()
    gone = old.required.keys() - new.required.keys()
    standings = read_standings(state.course_key, edition.pk, states, fresh, gone)
    found.moving += [each.enrolment_id for each in standings]
    found.gaining += [each.enrolment_id for each in standings if each.done_new < len(fresh)]
    found.completing += _find_completing(standings, old, new)
    if read_course_rules(old.outline["course"]) != read_course_rules(new.outline["course"]):
        found.due_moving += [each.enrolment_id for each in standings]
    done = count_by_unit(state.course_key, edition.pk, states, fresh)
    left = [unit for unit in fresh if done.get(unit, 0) < len(standings)]
    if left:
        seconds = _list_seconds(candidate, edition, new)
        found.to_do.update((unit, seconds[unit]) for unit in left)


def _find_completing(standings: Iterable[Standing], old: CourseMap, new: CourseMap) -> list[int]:
    total, pass_mark = len(new.required), new.outline["course"]["passing_percentage"]
    done = {each.enrolment_id: each.required_done - each.done_gone + each.done_new for each in standings}
    scores = {each.enrolment_id: each.score for each in standings}
    hopeful = [pk for pk, count in done.items() if count >= total > 0]
    if _quizzes(old) != _quizzes(new):
        scores = {pk: mean_score(new.required, taken) for pk, taken in read_scores(hopeful).items()}
    return [pk for pk in hopeful if is_course_complete(done[pk], total, scores[pk], pass_mark)]


def _quizzes(course: CourseMap) -> dict[Unit, int]:
    return {unit: weight for unit, weight in course.required.items() if weight > 0}


def _list_seconds(candidate: Candidate, edition: Edition, new: CourseMap) -> dict[Unit, float]:
    """How long each changed block takes, and each lesson where lessons count as a whole."""
    is_previous = candidate.previous is not None and candidate.previous.pk == edition.pk
    changes = candidate.diff if is_previous else compare_with(candidate, edition)
    blocks: dict[Unit, float] = {(block.lesson_id, block.block_id): block.seconds for block in changes.blocks}
    return blocks | {(key, key): lesson["minutes"] * 60.0 for key, lesson in new.lessons.items()}


def _count_flips(state: CourseState, candidate: Candidate) -> Flips:
    """Of the quizzes whose key, points or pass mark this release changes, on whatever edition they were sat."""
    changed = {
        (block.lesson_id, block.block_id)
        for block in candidate.diff.blocks
        if block.kind == "changed" and block.type == "quiz" and {"key", "pass_percent"} & set(block.fields)
    }
    lessons = {lesson for lesson, _block in changed}
    texts = {
        lesson.key: lesson.answers for lesson in candidate.compiled.lessons if lesson.key in lessons and lesson.answers
    }
    return count_flips(state, changed, texts)
