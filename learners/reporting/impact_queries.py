"""The rows an impact is predicted from: enrolments, and of progress only what is about units that change."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from courses.editions.models import CourseState
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import LONG_TEXTS
from learners.enrolments.rules import CourseRules, read_dues
from learners.enums import ProgressState
from learners.progress.arithmetic import Unit
from learners.progress.models import BlockProgress

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many enrolments, and people, on one edition in one state."""

    edition_id: int
    number: int
    state: str
    is_expired: bool
    enrolments: int
    people: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One unfinished enrolment: its counters, and how many of the units that come and go it has completed."""

    enrolment_id: int
    required_done: int
    score: Decimal | None
    done_new: int
    done_gone: int


@dataclass(frozen=True, slots=True)
class DeadlineImpact:
    """Due dates that move; ``appearing`` and ``vanishing`` had none before or have none after. Shifts are of the rest:
    negative is earlier."""

    moved: int = 0
    appearing: int = 0
    vanishing: int = 0
    earliest_shift: timedelta | None = None
    latest_shift: timedelta | None = None


def list_crowds(state: CourseState) -> list[Crowd]:
    """Everybody on the course in its language. One query."""
    rows = (
        Enrolment.objects.filter(course_key=state.course_key, edition__language=state.language)
        .order_by()
        .annotate(is_open=Q(expired_at__isnull=True))
        .values_list("edition_id", "edition__number", "state", "is_open")
        .annotate(enrolments=Count("pk"), people=Count("user_id", distinct=True))
    )
    return [
        Crowd(edition, number, standing, not is_open, enrolments, people)
        for edition, number, standing, is_open, enrolments, people in rows
    ]


def read_standings(
    course_key: UUID, edition_id: int, states: Collection[str], new: Collection[Unit], gone: Collection[Unit]
) -> list[Standing]:
    """Of everybody on that edition in these states who is not expired. Two queries, one where no unit changes."""
    rows = _unfinished(course_key, edition_id, states).values_list("pk", "required_done", "score")
    done = _count_done(course_key, edition_id, new, gone)
    return [Standing(pk, required, score, *done.get(pk, (0, 0))) for pk, required, score in rows]


def count_by_unit(
    course_key: UUID, edition_id: int, states: Collection[str], units: Collection[Unit]
) -> dict[Unit, int]:
    """How many of them have completed each of the units. One query."""
    if not units:
        return {}
    rows = (
        BlockProgress.objects.filter(
            enrolment__in=_unfinished(course_key, edition_id, states),
            state=ProgressState.COMPLETED,
            lesson_key__in={lesson for lesson, _block in units},
            block_id__in={block for _lesson, block in units},
        )
        .order_by()
        .values_list("lesson_key", "block_id")
        .annotate(count=Count("pk"))
    )
    return {(str(lesson), str(block)): count for lesson, block, count in rows if (str(lesson), str(block)) in units}


def read_scores(enrolment_ids: Sequence[int]) -> dict[int, dict[Unit, Decimal]]:
    """The scores of all quizzes these have taken. One query for up to five thousand enrolments."""
    found: dict[int, dict[Unit, Decimal]] = {pk: {} for pk in enrolment_ids}
    for chunk in _chunks(enrolment_ids):
        rows = BlockProgress.objects.filter(enrolment_id__in=chunk).exclude(score=None)
        for pk, lesson, block, score in rows.values_list("enrolment_id", "lesson_key", "block_id", "score"):
            if score is not None:
                found[pk][str(lesson), str(block)] = score
    return found


def read_shifts(enrolment_ids: Sequence[int], rules: CourseRules) -> DeadlineImpact:
    """What becomes of their due dates under other rules of the course. Six queries for up to five thousand."""
    moved = appearing = vanishing = 0
    shifts: list[timedelta] = []
    for chunk in _chunks(enrolment_ids):
        rows = list(Enrolment.objects.filter(pk__in=chunk).select_related("user", "edition").defer(*LONG_TEXTS))
        dues = read_dues(rows, course=rules)
        for row in rows:
            before, after = row.due_at, dues[row.pk].deadline.due_at
            if before == after:
                continue
            moved += 1
            appearing += before is None
            vanishing += after is None
            if before is not None and after is not None:
                shifts.append(after - before)
    return DeadlineImpact(moved, appearing, vanishing, min(shifts, default=None), max(shifts, default=None))


def _unfinished(course_key: UUID, edition_id: int, states: Collection[str]) -> Any:
    return Enrolment.objects.filter(
        course_key=course_key, edition_id=edition_id, state__in=states, expired_at__isnull=True
    )


def _chunks(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[first : first + CHUNK] for first in range(0, len(keys), CHUNK))


_SQL = """
    SELECT progress.enrolment_id, SUM(CASE WHEN {new} THEN 1 ELSE 0 END), SUM(CASE WHEN {gone} THEN 1 ELSE 0 END)
    FROM learners_enrolment AS enrolment
    JOIN learners_blockprogress AS progress ON progress.enrolment_id = enrolment.id
    WHERE enrolment.course_key = %s AND enrolment.edition_id = %s AND enrolment.completed_at IS NULL
        AND progress.state = %s AND progress.lesson_key IN ({lessons})
    GROUP BY progress.enrolment_id
"""


def _count_done(
    course_key: UUID, edition_id: int, new: Collection[Unit], gone: Collection[Unit]
) -> dict[int, tuple[int, int]]:
    """By enrolment, how many of the ``new`` and of the ``gone`` units it has completed. One query, none without any.

    By hand, because pairs of columns are compared: a copied block has the same id in two lessons.
    """
    lessons = sorted({lesson for lesson, _block in [*new, *gone]})
    if not lessons:
        return {}
    sql = _SQL.format(new=_is_among(new), gone=_is_among(gone), lessons=", ".join(["%s"] * len(lessons)))
    params = [
        *_to_database(part for unit in [*new, *gone] for part in unit),
        *_to_database([str(course_key)]),
        edition_id,
        ProgressState.COMPLETED.value,
        *_to_database(lessons),
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {pk: (int(done_new), int(done_gone)) for pk, done_new, done_gone in cursor.fetchall()}


def _is_among(units: Collection[Unit]) -> str:
    if not units:
        return "1 = 0"
    return f"(progress.lesson_key, progress.block_id) IN (VALUES {', '.join(['(%s, %s)'] * len(units))})"


def _to_database(keys: Iterable[str]) -> list[Any]:
    field = BlockProgress._meta.get_field("lesson_key")
    return [cast(Any, field).get_db_prep_value(key, connection) for key in keys]
