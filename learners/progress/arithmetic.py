"""The arithmetic of progress: what counts, how far, how well, what is next. Pure: no Django, no clock, no database.

What counts ("units") are the required blocks of a course. A course without any required block is measured by its
lessons instead: each lesson is one unit, done when the learner marks it as complete, so that such a course can be
completed but never by accident. A unit is ``(lesson id, block id)``; a lesson itself is ``(lesson id, lesson id)``.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from typing import Literal

from courses.editions.documents import Outline, OutlineBlock, OutlineLesson
from courses.gates import has_dates, has_lesson_rules

Unit = tuple[str, str]
Interval = tuple[float, float]
State = Literal["not_started", "in_progress", "completed"]

MEDIA_TYPES = frozenset({"video", "audio"})
DEFAULT_PERCENT = 90
FASTEST_SPEED = 2.5
GRACE_SECONDS = 10.0
LONGEST_GAP = 60
MAX_INTERVALS = 400


@dataclass(frozen=True, slots=True)
class CourseMap:
    """An outline arranged for arithmetic. ``required`` maps every unit that counts to its quiz points (0: no quiz)."""

    outline: Outline
    lessons: dict[str, OutlineLesson]
    blocks: dict[Unit, OutlineBlock]
    required: dict[Unit, int]
    is_by_lesson: bool
    has_locks: bool  # any lesson may be shut for a while
    has_lesson_rules: bool  # whether one is may depend on progress in another

    def required_of(self, lesson_id: str) -> list[Unit]:
        """The units of one lesson: its required blocks, or the lesson itself where it has none."""
        lesson = self.lessons[lesson_id]
        units = [(lesson_id, block["id"]) for block in lesson["blocks"] if block["is_required"]]
        return units or [(lesson_id, lesson_id)]


def map_course(outline: Outline) -> CourseMap:
    lessons = {lesson["id"]: lesson for module in outline["modules"] for lesson in module["lessons"]}
    blocks = {(key, block["id"]): block for key, lesson in lessons.items() for block in lesson["blocks"]}
    required = {
        unit: block["weight"] if block["type"] == "quiz" else 0
        for unit, block in blocks.items()
        if block["is_required"]
    }
    is_by_lesson = not required
    is_bound_to_lessons = has_lesson_rules(outline)
    return CourseMap(
        outline,
        lessons,
        blocks,
        {(key, key): 0 for key in lessons} if is_by_lesson else required,
        is_by_lesson=is_by_lesson,
        has_locks=is_bound_to_lessons or has_dates(outline),
        has_lesson_rules=is_bound_to_lessons,
    )


def percent_of(done: int, total: int) -> int:
    """Whole percent, rounded down: 100 means all of it."""
    return min(100, done * 100 // total) if total > 0 else 0


def mean_score(required: Mapping[Unit, int], scores: Mapping[Unit, Decimal]) -> Decimal | None:
    """The mean of the best scores, weighted by points, over the required quizzes taken so far; ``None`` before any.

    A course cannot be completed with a required quiz untaken, so on completion the mean is over all of them.
    """
    taken = [(scores[unit], weight) for unit, weight in required.items() if weight > 0 and unit in scores]
    total = sum(weight for _score, weight in taken)
    if not total:
        return None
    mean = sum((score * weight for score, weight in taken), Decimal(0)) / total
    return mean.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def is_course_complete(done: int, total: int, score: Decimal | None, passing_percentage: int) -> bool:
    """Everything required is done, and the score suffices. Without any scored quiz there is nothing to fail."""
    return total > 0 and done >= total and (score is None or score >= passing_percentage)


def lesson_state(units: Iterable[Unit], completed: Collection[Unit], *, is_opened: bool) -> State:
    if all(unit in completed for unit in units):
        return "completed"
    return "in_progress" if is_opened else "not_started"


def merge_intervals(intervals: Iterable[Iterable[float]]) -> list[Interval]:
    """The union as sorted, disjoint intervals; touching ones become one, empty and backward ones vanish."""
    merged: list[Interval] = []
    for start, end in sorted((float(start), float(end)) for start, end in intervals):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def total_seconds(intervals: Iterable[Interval]) -> float:
    return sum(end - start for start, end in intervals)


def subtract_intervals(intervals: Iterable[Interval], known: Iterable[Interval]) -> list[Interval]:
    """What of ``intervals`` is not in ``known``."""
    pieces = merge_intervals(intervals)
    for known_start, known_end in merge_intervals(known):
        rest: list[Interval] = []
        for start, end in pieces:
            if end <= known_start or start >= known_end:
                rest.append((start, end))
                continue
            if start < known_start:
                rest.append((start, known_start))
            if end > known_end:
                rest.append((known_end, end))
        pieces = rest
    return pieces


def credit_intervals(
    known: Iterable[Interval], claimed: Iterable[Interval], *, allowance: float, duration: float | None
) -> list[Interval]:
    """``known`` plus as much of the claim as ``allowance`` seconds cover, earliest first; nothing past the end."""
    limit = duration if duration else float("inf")
    clipped = [(max(0.0, start), min(end, limit)) for start, end in claimed]
    known = merge_intervals(known)
    granted: list[Interval] = []
    for start, end in subtract_intervals(clipped, known):
        if allowance <= 0:
            break
        end = min(end, start + allowance)
        allowance -= end - start
        granted.append((start, end))
    union = merge_intervals([*known, *granted])
    if len(union) > MAX_INTERVALS:
        # Bounded storage against confetti: the shortest pieces are forgotten.
        union = sorted(sorted(union, key=lambda piece: piece[0] - piece[1])[:MAX_INTERVALS])
    return [(round(start, 2), round(end, 2)) for start, end in union]


def watch_allowance(*, seconds_since_opened: float, credited: float) -> float:
    """How many new seconds can honestly have been watched: over all reports no more than the fastest player manages
    since the block was opened, however the reports are cut and in whatever order they arrive. The grace, for clocks
    and slow networks, is given once."""
    return max(0.0, max(0.0, seconds_since_opened) * FASTEST_SPEED + GRACE_SECONDS - credited)


def is_watched(intervals: Iterable[Interval], duration: float, required_percent: int = DEFAULT_PERCENT) -> bool:
    # A tenth of a second forgives rounding, nothing more.
    return total_seconds(intervals) + 0.1 >= duration * required_percent / 100


def clamp_position(position: float, duration: float | None) -> float:
    if not isfinite(position):
        return 0.0
    return round(max(0.0, min(position, duration) if duration else position), 2)


def time_credit(seconds_since_last: float | None) -> int:
    """Seconds of study between two signs of life; a long silence is a pause, of which a minute counts."""
    if seconds_since_last is None:
        return 0
    return int(max(0.0, min(seconds_since_last, LONGEST_GAP)))


def share_time(claims: Mapping[Unit, int], seconds_since_last: float | None) -> dict[Unit, int]:
    """What is believed of the seconds claimed for several blocks: together no more than have passed by the server's
    clock since the last sign of life, however many tabs claim them. First come, first served."""
    left = int(max(0.0, seconds_since_last or 0.0))
    believed = {}
    for unit, claimed in claims.items():
        believed[unit] = min(max(0, claimed), left)
        left -= believed[unit]
    return believed


def minutes_left(course: CourseMap, completed: Collection[Unit]) -> int:
    return sum(
        lesson["minutes"]
        for key, lesson in course.lessons.items()
        if not all(unit in completed for unit in course.required_of(key))
    )


def find_resume_lesson(
    course: CourseMap,
    completed: Collection[Unit],
    *,
    last_lesson_id: str | None,
    is_completed: bool,
    is_open: Callable[[str], bool] = lambda _lesson_id: True,
) -> str | None:
    """Where "Continue" leads: the last lesson if it is unfinished, else the next unfinished one, else the first
    unfinished one anywhere, else (all done) the last lesson again. One that is not open is passed over as long as
    another unfinished one is; with all of them shut, it is the first of them."""
    order = list(course.lessons)
    if not order:
        return None
    place = order.index(last_lesson_id) if last_lesson_id in course.lessons else 0
    if is_completed:
        return order[place]
    unfinished = [
        key
        for key in [*order[place:], *order[:place]]
        if not all(unit in completed for unit in course.required_of(key))
    ]
    return next((key for key in unfinished if is_open(key)), unfinished[0] if unfinished else order[place])
