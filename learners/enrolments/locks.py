"""Which lessons of a course are still shut for one learner, and what opens each: arithmetic on facts read before.

A lesson opens when none of these holds it back. What is shared by a whole module holds back each of its lessons.

- ``locked_in_order``: with progression ``in_order``, every required block of every earlier lesson comes first;
- ``prerequisite_lesson``: a lesson it names has to be completed first, perhaps with a minimum score in its quizzes;
- ``not_released_yet``: it opens on a date, or so many days after enrolling; of several moments the latest counts.

A lesson that was opened once stays open, so that an edit of the rules never shuts a learner out. Those who are not
enrolled, in courses that anyone may read, are held back by dates alone: the other rules are about a learner's progress.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.editions.documents import Gate, Outline, OutlineLesson, OutlineModule, RequiredLesson
from courses.enums import Progression
from learners.enums import ProgressState


@dataclass(frozen=True, slots=True)
class Access:
    """``code`` is for programs, ``message`` says why, ``unlock`` says what to do about it.

    ``unlock_lesson_id`` and ``unlock_course_id`` name what to complete, ``opens_at`` is when time alone would open it.
    """

    is_allowed: bool
    code: str
    message: str = ""
    unlock: str = ""
    unlock_lesson_id: str = ""
    unlock_course_id: str = ""
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What locks need to know of a learner's progress: completed (lesson, block) pairs, lessons opened once, scores."""

    completed: frozenset[tuple[str, str]] = frozenset()
    opened: frozenset[str] = frozenset()
    scores: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)


NO_STANDING = Standing()


def make_standing(rows: Iterable[tuple[str, str, str, Decimal | None]]) -> Standing:
    """From lesson, block, state and score of every row of progress."""
    completed, opened, scores = set(), set(), {}
    for lesson, block, state, score in rows:
        opened.add(lesson)
        if state == ProgressState.COMPLETED:
            completed.add((lesson, block))
        if score is not None:
            scores[lesson, block] = score
    return Standing(frozenset(completed), frozenset(opened), scores)


class LessonLocks:
    """The locks of a whole outline, worked out once. ``enrolled_at`` is ``None`` for those who are not enrolled."""

    def __init__(self, outline: Outline, standing: Standing, *, enrolled_at: datetime | None, now: datetime) -> None:
        self._standing, self._enrolled_at, self._now = standing, enrolled_at, now
        self._lessons = {lesson["id"]: (module, lesson) for module, lesson in walk_lessons(outline)}
        self._order: dict[str, int] = {}
        is_in_order = enrolled_at is not None and outline["course"]["progression"] == Progression.IN_ORDER
        self._gap = _find_gap(outline, standing) if is_in_order else None
        if self._gap is not None:
            self._order = {lesson_id: place for place, lesson_id in enumerate(self._lessons)}

    def find(self, lesson_id: str) -> Access | None:
        """The refusal that says what to do first, or ``None`` when the lesson is open."""
        if lesson_id in self._standing.opened or lesson_id not in self._lessons:
            return None
        gates: tuple[Gate, ...] = self._lessons[lesson_id]
        opens_at = self._find_opening(gates)
        lock = self._find_order_lock(lesson_id) or self._find_prerequisite(gates)
        if lock is not None:
            return replace(lock, opens_at=opens_at)
        return None if opens_at is None else _not_released(opens_at)

    def _find_order_lock(self, lesson_id: str) -> Access | None:
        if self._gap is None or self._order[lesson_id] <= self._order[self._gap["id"]]:
            return None
        return _complete_first("locked_in_order", self._gap)

    def _find_prerequisite(self, gates: Iterable[Gate]) -> Access | None:
        if self._enrolled_at is None:
            return None
        for rule in (rule for gate in gates for rule in gate.get("requires", ())):
            lesson = self._lessons.get(rule["id"], (None, None))[1]
            if lesson is None:
                continue
            if not self._is_completed(lesson):
                return _complete_first("prerequisite_lesson", lesson, rule["minimum_score"])
            if not self._is_score_reached(lesson, rule):
                return _reach_first(lesson, rule["minimum_score"])
        return None

    def _is_completed(self, lesson: OutlineLesson) -> bool:
        required = [block["id"] for block in lesson["blocks"] if block["is_required"]] or [lesson["id"]]
        return all((lesson["id"], block_id) in self._standing.completed for block_id in required)

    def _is_score_reached(self, lesson: OutlineLesson, rule: RequiredLesson) -> bool:
        """The mean of the required quizzes by points, or of all where none is required; one not taken counts nothing.
        Without any quiz there is nothing to fail."""
        quizzes = [block for block in lesson["blocks"] if block["weight"] > 0]
        quizzes = [block for block in quizzes if block["is_required"]] or quizzes
        total = sum(block["weight"] for block in quizzes)
        reached = sum(
            (self._standing.scores.get((lesson["id"], block["id"]), Decimal(0)) * block["weight"] for block in quizzes),
            Decimal(0),
        )
        return not total or reached >= (rule["minimum_score"] or 0) * total

    def _find_opening(self, gates: Iterable[Gate]) -> datetime | None:
        """The latest moment that is still ahead."""
        moments = []
        for gate in gates:
            if "release_at" in gate:
                moments.append(datetime.fromisoformat(gate["release_at"]))
            if "release_after_days" in gate and self._enrolled_at is not None:
                moments.append(self._enrolled_at + timedelta(days=gate["release_after_days"]))
        return max((moment for moment in moments if moment > self._now), default=None)


def walk_lessons(outline: Outline) -> Iterator[tuple[OutlineModule, OutlineLesson]]:
    for module in outline["modules"]:
        for lesson in module["lessons"]:
            yield module, lesson


def _find_gap(outline: Outline, standing: Standing) -> OutlineLesson | None:
    """The first lesson that still has a required block to complete."""
    for _module, lesson in walk_lessons(outline):
        if any(
            block["is_required"] and (lesson["id"], block["id"]) not in standing.completed for block in lesson["blocks"]
        ):
            return lesson
    return None


def _complete_first(code: str, lesson: OutlineLesson, minimum_score: int | None = None) -> Access:
    names = {"lesson": lesson["title"], "score": minimum_score}
    if minimum_score:
        message = _("This lesson opens after “%(lesson)s”, with at least %(score)s %% in its quizzes.") % names
        unlock = _("Complete “%(lesson)s” with at least %(score)s %%.") % names
    else:
        message = _("This lesson opens after “%(lesson)s”.") % names
        unlock = _("Complete “%(lesson)s”.") % names
    return Access(False, code, message, unlock, lesson["id"])


def _reach_first(lesson: OutlineLesson, minimum_score: int | None) -> Access:
    names = {"lesson": lesson["title"], "score": minimum_score}
    message = _("This lesson opens with at least %(score)s %% in the quizzes of “%(lesson)s”.") % names
    unlock = _("Reach at least %(score)s %% in the quizzes of “%(lesson)s”.") % names
    return Access(False, "prerequisite_lesson", message, unlock, lesson["id"])


def _not_released(opens_at: datetime) -> Access:
    moment = date_format(timezone.localtime(opens_at), "j M Y, H:i")
    message = _("This lesson opens on %(moment)s.") % {"moment": moment}
    return Access(False, "not_released_yet", message, _("Come back then."), opens_at=opens_at)
