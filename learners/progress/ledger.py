"""The progress rows of one enrolment, held while its row is locked: read once, changed in memory, written at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from courses.editions.documents import Outline
from courses.enums import Progression
from learners.enrolments.access import Access, LessonLocks, make_standing, staff_or
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import LONG_TEXTS, grant_exists
from learners.enums import ProgressState
from learners.progress.arithmetic import CourseMap, State, Unit, lesson_state, total_seconds
from learners.progress.models import BlockProgress
from learners.progress.queries import get_course_map

if TYPE_CHECKING:
    from learners.accounts.models import User

WRITTEN = [
    "state",
    "position",
    "watched",
    "seconds_spent",
    "score",
    "completed_at",
    "last_accessed_at",
    "recent_events",
]


def lock_enrolment(*, enrolment_id: int, user: "User | None" = None) -> Enrolment | None:
    """The enrolment with its edition, locked until the transaction ends (SQLite: the transaction itself is the lock).

    ``has_grant`` is annotated. With ``user``, somebody else's enrolment is as good as none. Everything that changes
    progress, counters or attempts of an enrolment takes this lock first, so that no two writes interleave.
    """
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("edition").defer(*LONG_TEXTS)
    rows = rows.annotate(has_grant=grant_exists()).filter(pk=enrolment_id)
    return (rows.filter(user_id=user.pk) if user is not None else rows).first()


@dataclass
class Ledger:
    enrolment: Enrolment
    now: datetime
    rows: dict[Unit, BlockProgress] = field(default_factory=dict)
    changed: dict[Unit, BlockProgress] = field(default_factory=dict)
    newly_completed: list[Unit] = field(default_factory=list)
    _reported: dict[Unit, tuple[datetime, float]] = field(default_factory=dict)
    _locks: LessonLocks | None = None

    @property
    def outline(self) -> Outline:
        return self.course.outline

    @property
    def course(self) -> CourseMap:
        return get_course_map(self.enrolment.edition_id, self.enrolment.edition.digest)

    def load(self, lessons: Collection[str]) -> None:
        """Read the rows of these lessons; all rows where lessons open in order. One query."""
        rows = BlockProgress.objects.filter(enrolment_id=self.enrolment.pk)
        is_in_order = self.outline["course"]["progression"] == Progression.IN_ORDER
        if not is_in_order:
            rows = rows.filter(lesson_key__in=set(lessons))
        self.rows = {(str(row.lesson_key), str(row.block_id)): row for row in rows}
        if is_in_order:
            standing = make_standing((lesson, block, row.state) for (lesson, block), row in self.rows.items())
            self._locks = LessonLocks(self.outline, standing)

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
        self._reported.setdefault(unit, (row.last_accessed_at, total_seconds(row.watched)))
        self.changed[unit] = row
        row.last_accessed_at = self.now
        return row

    def lesson_state(self, lesson_id: str) -> State:
        """Of a lesson whose rows were loaded."""
        completed = {unit for unit, row in self.rows.items() if row.state == ProgressState.COMPLETED}
        is_opened = any(lesson == lesson_id for lesson, _block in self.rows)
        return lesson_state(self.course.required_of(lesson_id), completed, is_opened=is_opened)

    def reported(self, unit: Unit) -> tuple[datetime, float]:
        """When the opened row was last reported on before this write, and how many seconds were credited by then."""
        return self._reported[unit]

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
        if not self.changed:
            return
        for row in self.changed.values():
            row.pk = None  # rows with a key would be written by a statement of their own
        BlockProgress.objects.bulk_create(
            self.changed.values(),
            update_conflicts=True,
            unique_fields=["enrolment", "lesson_key", "block_id"],
            update_fields=WRITTEN,
        )
