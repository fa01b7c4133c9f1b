"""Reading progress: the states of blocks and lessons, and outlines arranged for arithmetic."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING

from courses.editions.concealing import Clock
from courses.editions.documents import Outline
from courses.editions.models import Edition
from courses.editions.queries import get_lesson_document, get_outline
from learners.enrolments.locks import Standing, make_standing
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState
from learners.progress.arithmetic import DEFAULT_PERCENT, CourseMap, State, Unit, lesson_state, map_course
from learners.progress.models import BlockProgress

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class LessonState:
    """``required_left`` counts required blocks; a lesson without any has none left, and is completed by its button."""

    state: State
    required_left: int
    required_total: int


@dataclass(frozen=True, slots=True)
class BlockRow:
    state: str
    position: float
    score: Decimal | None
    clock_started_at: datetime | None = None
    deadline_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MediaRule:
    """How long a recording is, and how much of it has to be played."""

    duration: float
    required_percent: int


class _CourseMaps:
    """The course maps this process used last. Editions never change, so nothing here can be out of date."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._maps: OrderedDict[tuple[int, str], CourseMap] = OrderedDict()

    def find(self, key: tuple[int, str]) -> CourseMap | None:
        with self._lock:
            found = self._maps.get(key)
            if found is not None:
                self._maps.move_to_end(key)
            return found

    def keep(self, key: tuple[int, str], course: CourseMap) -> CourseMap:
        with self._lock:
            self._maps[key] = course
            while len(self._maps) > self._size:
                self._maps.popitem(last=False)
        return course

    def clear(self) -> None:
        with self._lock:
            self._maps.clear()


_course_maps = _CourseMaps(64)
clear_course_maps = _course_maps.clear


def get_course_map(edition_id: int, digest: str) -> CourseMap:
    """The edition's outline arranged for arithmetic; shared, not to be changed."""
    key = (edition_id, digest)
    return _course_maps.find(key) or _course_maps.keep(key, map_course(get_outline(edition_id, digest)))


def get_course_maps(editions: "Iterable[Edition]") -> dict[int, CourseMap]:
    """The course maps of several editions by edition id. At most one query."""
    digests = {edition.pk: edition.digest for edition in editions}
    found = {pk: course for pk, digest in digests.items() if (course := _course_maps.find((pk, digest)))}
    missing = digests.keys() - found.keys()
    if missing:
        for pk, digest, text in Edition.objects.filter(pk__in=missing).values_list("pk", "digest", "outline"):
            found[pk] = _course_maps.keep((pk, digest), map_course(json.loads(text)))
    return found


def list_block_rows(enrolment: Enrolment | None) -> dict[Unit, BlockRow]:
    """Every block (and lesson) the learner has touched on this enrolment. One query, short columns."""
    if enrolment is None:
        return {}
    rows = BlockProgress.objects.filter(enrolment_id=enrolment.pk).values_list(
        "lesson_key", "block_id", "state", "position", "score", "clock_started_at", "deadline_at"
    )
    return {
        (str(lesson), str(block)): BlockRow(state, position, score, clock_started_at, deadline_at)
        for lesson, block, state, position, score, clock_started_at, deadline_at in rows
    }


def list_clocks(rows: "Iterable[tuple[Unit, BlockRow]]", lesson_id: str) -> dict[str, Clock]:
    """The clocks of a lesson's timed blocks by block id, as delivery wants them. What is completed is open for good."""
    return {
        block: Clock(row.clock_started_at is not None or row.state == ProgressState.COMPLETED, row.deadline_at)
        for (lesson, block), row in rows
        if lesson == lesson_id
    }


def standing_of(rows: dict[Unit, BlockRow]) -> Standing:
    return make_standing((lesson, block, row.state, row.score) for (lesson, block), row in rows.items())


def lesson_states(
    enrolment: Enrolment | None,
    outline: Outline,
    *,
    standing: Standing | None = None,
    course: CourseMap | None = None,
) -> dict[str, LessonState]:
    """The state of every lesson of the outline by lesson id; ``standing`` spares the one query, ``course`` the work."""
    if standing is None:
        standing = standing_of(list_block_rows(enrolment))
    course = course or map_course(outline)
    return {key: _lesson_state(course, key, standing) for key in course.lessons}


def _lesson_state(course: CourseMap, lesson_id: str, standing: Standing) -> LessonState:
    units = course.required_of(lesson_id)
    blocks = [unit for unit in units if unit[0] != unit[1]]
    return LessonState(
        state=lesson_state(units, standing.completed, is_opened=lesson_id in standing.opened),
        required_left=sum(unit not in standing.completed for unit in blocks),
        required_total=len(blocks),
    )


def media_rules(edition_id: int, lesson_id: str) -> dict[str, MediaRule]:
    """Of every video and audio block whose length the server knows, and can therefore measure."""
    document = get_lesson_document(edition_id, lesson_id)
    if document is None:
        return {}
    return {
        block["id"]: MediaRule(float(block["duration"]), block.get("required_percent", DEFAULT_PERCENT))
        for block in document["blocks"]
        if (block["type"] == "video" or block["type"] == "audio") and block["duration"]
    }
