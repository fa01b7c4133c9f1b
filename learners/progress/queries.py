"""Reading progress: the states of blocks and lessons, and outlines arranged for arithmetic."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from courses.editions.documents import Outline
from courses.editions.queries import get_lesson_document, get_outline
from learners.enrolments.access import Standing, make_standing
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState
from learners.progress.arithmetic import MEDIA_TYPES, CourseMap, State, Unit, lesson_state, map_course
from learners.progress.models import BlockProgress

if TYPE_CHECKING:
    from collections.abc import Collection


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


@lru_cache(maxsize=32)
def get_course_map(edition_id: int, digest: str) -> CourseMap:
    """The edition's outline arranged for arithmetic; shared, not to be changed."""
    return map_course(get_outline(edition_id, digest))


def list_block_rows(enrolment: Enrolment | None) -> dict[Unit, BlockRow]:
    """Every block (and lesson) the learner has touched on this enrolment. One query, short columns."""
    if enrolment is None:
        return {}
    rows = BlockProgress.objects.filter(enrolment_id=enrolment.pk).values_list(
        "lesson_key", "block_id", "state", "position", "score"
    )
    return {(str(lesson), str(block)): BlockRow(*columns) for lesson, block, *columns in rows}


def standing_of(rows: dict[Unit, BlockRow]) -> Standing:
    return make_standing((lesson, block, row.state) for (lesson, block), row in rows.items())


def lesson_states(
    enrolment: Enrolment | None, outline: Outline, *, standing: Standing | None = None
) -> dict[str, LessonState]:
    """The state of every lesson of the outline by lesson id; ``standing`` spares the one query."""
    if standing is None:
        standing = standing_of(list_block_rows(enrolment))
    course = map_course(outline)
    return {key: _lesson_state(course, key, standing) for key in course.lessons}


def _lesson_state(course: CourseMap, lesson_id: str, standing: Standing) -> LessonState:
    units = course.required_of(lesson_id)
    blocks = [unit for unit in units if unit[0] != unit[1]]
    return LessonState(
        state=lesson_state(units, standing.completed, is_opened=lesson_id in standing.opened),
        required_left=sum(unit not in standing.completed for unit in blocks),
        required_total=len(blocks),
    )


def completed_units(enrolment_ids: "Collection[int]") -> dict[int, set[Unit]]:
    """What is completed on each of several enrolments. One query."""
    found: dict[int, set[Unit]] = {pk: set() for pk in enrolment_ids}
    rows = BlockProgress.objects.filter(enrolment_id__in=enrolment_ids, state=ProgressState.COMPLETED)
    for pk, lesson, block in rows.values_list("enrolment_id", "lesson_key", "block_id"):
        found[pk].add((str(lesson), str(block)))
    return found


def media_durations(edition_id: int, lesson_id: str) -> dict[str, float]:
    """Seconds of every video and audio block whose length the server knows, and can therefore measure."""
    document = get_lesson_document(edition_id, lesson_id)
    if document is None:
        return {}
    return {
        block["id"]: float(block["duration"])
        for block in document["blocks"]
        if block["type"] in MEDIA_TYPES and (block.get("duration") or 0) > 0  # type: ignore[typeddict-item]
    }
