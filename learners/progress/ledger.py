"""The progress rows of one enrolment, held while its row is locked: read once, changed in memory, written at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from courses.editions.documents import Outline
from courses.editions.models import Edition
from learners.enrolments.access import staff_or
from learners.enrolments.locks import Access, LessonLocks, make_standing
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState
from learners.progress.arithmetic import CourseMap, State, Unit, lesson_state
from learners.progress.models import BlockProgress
from learners.progress.queries import get_course_map
from learners.progress.writing import upsert_rows

if TYPE_CHECKING:
    from learners.accounts.models import User

WRITTEN = (
    "edition",
    "state",
    "position",
    "position_at",
    "clock_started_at",
    "deadline_at",
    "watched",
    "seconds_spent",
    "score",
    "completed_at",
    "last_accessed_at",
    "recent_events",
)


# Every write of progress begins with this one row, so it is written by hand: building and compiling the same query
# with the ORM took nine times as long as this takes to run.
_COLUMNS = ", ".join(f'enrolment."{field.column}"' for field in Enrolment._meta.concrete_fields)
# In the order of the model, as ``from_db`` wants them; the first two are the enrolment's own.
_EDITION_FIELDS = ["id", "course_key", "language", "number", "digest", "title", "slug"]
_EDITION_COLUMNS = ", ".join(f'edition."{name}" AS "edition_{name}"' for name in _EDITION_FIELDS[2:])
_LOCK_SQL = f"""
    SELECT {_COLUMNS}, {_EDITION_COLUMNS}, EXISTS (
        SELECT 1 FROM learners_grant AS held
        WHERE held.user_id = enrolment.user_id AND held.course_key = enrolment.course_key
            AND held.starts_at <= %s AND (held.ends_at IS NULL OR held.ends_at > %s)
    ) AS has_grant
    FROM learners_enrolment AS enrolment
    JOIN courses_edition AS edition ON edition.id = enrolment.edition_id
    WHERE enrolment.id = %s
"""  # noqa: S608 -- only names of our own columns are put in


def lock_enrolment(*, enrolment_id: int, user: "User | None" = None) -> Enrolment | None:
    """The enrolment with its edition, locked until the transaction ends (SQLite: the transaction itself is the lock).

    ``has_grant`` says whether its learner holds a grant in force. With ``user``, somebody else's enrolment is as good
    as none. Everything that changes progress, counters or attempts of an enrolment takes this lock first, so that no
    two writes interleave.
    """
    if not 0 < enrolment_id < 2**63:
        return None
    moment = connection.ops.adapt_datetimefield_value(timezone.now())
    params: list[object] = [moment, moment, enrolment_id]
    sql = _LOCK_SQL
    if user is not None:
        sql += " AND enrolment.user_id = %s"
        params.append(user.pk)
    if connection.features.has_select_for_update:
        sql += " FOR UPDATE OF enrolment"
    enrolment = next(iter(Enrolment.objects.raw(sql, params)), None)
    if enrolment is None:
        return None
    columns = (getattr(enrolment, f"edition_{name}") for name in _EDITION_FIELDS[2:])
    values = [enrolment.edition_id, enrolment.course_key, *columns]
    enrolment.edition = Edition.from_db(connection.alias, _EDITION_FIELDS, values)
    return enrolment


def _read_rows(enrolment_id: int, lessons: set[str] | None) -> Iterable[BlockProgress]:
    """The rows of these lessons, or all; by hand for the same reason."""
    sql = "SELECT * FROM learners_blockprogress WHERE enrolment_id = %s"
    params: list[object] = [enrolment_id]
    if lessons is not None:
        to_key = BlockProgress._meta.get_field("lesson_key").get_db_prep_value
        params += [to_key(lesson, connection) for lesson in lessons]
        sql += f" AND lesson_key IN ({', '.join(['%s'] * len(lessons))})"
    return BlockProgress.objects.raw(sql, params) if lessons != set() else ()


@dataclass
class Ledger:
    enrolment: Enrolment
    now: datetime
    rows: dict[Unit, BlockProgress] = field(default_factory=dict)
    changed: dict[Unit, BlockProgress] = field(default_factory=dict)
    newly_completed: list[Unit] = field(default_factory=list)
    active: dict[Unit, int] = field(default_factory=dict)
    _locks: LessonLocks | None = None

    @property
    def outline(self) -> Outline:
        return self.course.outline

    @property
    def course(self) -> CourseMap:
        return get_course_map(self.enrolment.edition_id, self.enrolment.edition.digest)

    def load(self, lessons: Collection[str]) -> None:
        """Read the rows of these lessons; all rows where lessons open after others. One query."""
        rows = _read_rows(self.enrolment.pk, None if self.course.has_lesson_rules else set(lessons))
        self.rows = {(str(row.lesson_key), str(row.block_id)): row for row in rows}
        if not self.course.has_locks:
            return
        standing = make_standing((lesson, block, row.state, row.score) for (lesson, block), row in self.rows.items())
        self._locks = LessonLocks(self.outline, standing, enrolled_at=self.enrolment.enrolled_at, now=self.now)

    def find_lock(self, user: "User", lesson_id: str) -> Access | None:
        """Why the lesson is still locked for ``user``, or ``None``."""
        lock = self._locks.find(lesson_id) if self._locks else None
        return None if lock is None or staff_or(user, lock).is_allowed else lock

    def open(self, unit: Unit) -> BlockProgress:
        """The row to change; a new one counts from when the lesson was last opened, which the server knows."""
        row = self.rows.get(unit)
        if row is None:
            lesson = self.rows.get((unit[0], unit[0]))
            since = lesson.last_accessed_at if lesson is not None else self.now
            row = BlockProgress(
                enrolment_id=self.enrolment.pk,
                lesson_key=unit[0],
                block_id=unit[1],
                started_at=since,
                last_accessed_at=since,
            )
            self.rows[unit] = row
        self.changed[unit] = row
        row.last_accessed_at = self.now
        if row.state != ProgressState.COMPLETED:
            row.edition_id = self.enrolment.edition_id
        return row

    def lesson_state(self, lesson_id: str) -> State:
        """Of a lesson whose rows were loaded."""
        completed = {unit for unit, row in self.rows.items() if row.state == ProgressState.COMPLETED}
        is_opened = any(lesson == lesson_id for lesson, _block in self.rows)
        return lesson_state(self.course.required_of(lesson_id), completed, is_opened=is_opened)

    def complete(self, unit: Unit) -> bool:
        """Completed never goes back; True when it is news."""
        row = self.open(unit)
        if row.state == ProgressState.COMPLETED:
            return False
        row.state, row.completed_at = ProgressState.COMPLETED, self.now
        self.newly_completed.append(unit)
        return True

    def save_rows(self) -> None:
        """One statement for new and known rows alike."""
        upsert_rows(list(self.changed.values()), WRITTEN)
