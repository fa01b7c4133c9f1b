"""Writing progress. Every write holds the lock of its enrolment, so counters, states and completion never disagree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.editions.models import CourseState
from courses.editions.queries import get_lesson_document
from learners.accommodations.services import lock_accommodation
from learners.enrolments.access import study_access
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState
from learners.progress.applying import EventResult, apply_event
from learners.progress.arithmetic import Unit, share_time, time_credit
from learners.progress.completion import (
    add_completed,
    finish_if_complete,
    recount,
    save_enrolment,
)
from learners.progress.events import MAX_EVENTS, Event, read_event
from learners.progress.ledger import Ledger, lock_enrolment
from learners.progress.models import BlockProgress
from learners.progress.moving import Move, find_target, move_enrolments
from learners.progress.queries import media_rules
from learners.progress.timed import find_time_refusal

if TYPE_CHECKING:
    from learners.accounts.models import User

TOUCH_INTERVAL = timedelta(seconds=30)


class ProgressRefusedError(Exception):
    """The whole write is refused. ``code``: not_found, malformed, too_many_events, or a code of access."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class BlockResult:
    lesson: str
    block: str
    state: str
    position: float
    deadline_at: datetime | None = None  # of a timed block that runs


@dataclass(frozen=True, slots=True)
class ProgressResult:
    """What the write came to: one result an event, the blocks and lessons that changed, the enrolment as it is now."""

    enrolment: Enrolment
    events: tuple[EventResult, ...]
    blocks: tuple[BlockResult, ...]
    lesson_states: dict[str, str]
    is_newly_completed: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class MissingBlock:
    block_id: str
    type: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class LessonCompletion:
    is_complete: bool
    missing: tuple[MissingBlock, ...]
    enrolment: Enrolment
    is_course_completed: bool


def record_progress(*, user: "User", enrolment_id: int, events: Any) -> ProgressResult:
    """Apply a batch of events, each at most once; a bad event is refused by itself and harms no other.

    An event is ``{id, lesson, block}`` with ``state``, ``position``, ``watched`` or ``active`` seconds. With ``block``
    equal to ``lesson`` it is about a lesson that has no required block. Four queries, whatever the size of batch and
    course (SQLite writes 80 rows a statement), and one more each when something may be started, when a clock is and
    when the course is completed. Raises ``ProgressRefusedError``.
    """
    if not isinstance(events, Sequence) or isinstance(events, str | bytes):
        raise ProgressRefusedError("malformed", _("Progress is a list of events."))
    if len(events) > MAX_EVENTS:
        raise ProgressRefusedError("too_many_events", _("At most %(limit)s events at once.") % {"limit": MAX_EVENTS})
    read = [read_event(raw) for raw in events]
    good = [event for event in read if isinstance(event, Event)]
    with transaction.atomic():
        if any(event.state == ProgressState.IN_PROGRESS for event in good):
            lock_accommodation(user.pk)  # a clock may start
        ledger = _open_ledger(user=user, enrolment_id=enrolment_id)
        ledger.load([event.lesson for event in good])
        results = tuple(
            apply_event(ledger, user, event)
            if isinstance(event, Event)
            else EventResult(event.id, "refused", event.code, event.message)
            for event in read
        )
        done = {result.id for result in results if result.status == "applied"}
        applied = [event for event in good if event.id in done]
        is_news = bool(applied) and _settle(ledger, applied[-1])
        touched = {event.lesson for event in applied}
        states: dict[str, str] = {lesson: ledger.lesson_state(lesson) for lesson in touched}
    return ProgressResult(ledger.enrolment, results, _block_results(ledger), states, is_news, ledger.now)


def complete_lesson(*, user: "User", enrolment: Enrolment, lesson_key: UUID | str) -> LessonCompletion:
    """The learner says the lesson is done: completes what they may complete themselves, and names the rest.

    Quizzes are completed by passing them, media of known length by watching. Raises ``ProgressRefusedError``.
    """
    lesson_id = str(lesson_key)
    with transaction.atomic():
        ledger = _open_ledger(user=user, enrolment_id=enrolment.pk)
        lesson = ledger.course.lessons.get(lesson_id)
        if lesson is None:
            raise ProgressRefusedError("not_found", _("This lesson does not exist in this edition of the course."))
        ledger.load([lesson_id])
        lock = ledger.find_lock(user, lesson_id)
        if lock is not None:
            raise ProgressRefusedError(lock.code, lock.message)
        measured = media_rules(ledger.enrolment.edition_id, lesson_id)
        missing = []
        for block in lesson["blocks"]:
            if not block["is_required"]:
                continue
            row = ledger.rows.get((lesson_id, block["id"]))
            if row is not None and row.state == ProgressState.COMPLETED:
                continue
            limited = find_time_refusal(ledger, Event("", lesson_id, block["id"], "completed"))
            if limited is not None:
                missing.append((block["id"], block["type"], limited.code))
            elif block["type"] == "quiz" or block["id"] in measured:
                missing.append((block["id"], block["type"], block["type"]))
            else:
                ledger.complete((lesson_id, block["id"]))
        if not missing:
            ledger.complete((lesson_id, lesson_id))
        else:
            ledger.open((lesson_id, lesson_id))
        is_news = _settle(ledger, Event("", lesson_id, lesson_id))
    return LessonCompletion(
        not missing, _name_missing(ledger.enrolment.edition_id, lesson_id, missing), ledger.enrolment, is_news
    )


def touch_lesson(*, enrolment: Enrolment, lesson_key: UUID | str) -> Enrolment:
    """The learner opened a lesson that access let them open. Writes at most once in 30 seconds for the same lesson."""
    lesson_id = str(lesson_key)
    now = timezone.now()
    is_same = str(enrolment.last_lesson_key) == lesson_id
    if is_same and enrolment.last_accessed_at and now - enrolment.last_accessed_at < TOUCH_INTERVAL:
        return enrolment
    with transaction.atomic():
        locked = lock_enrolment(enrolment_id=enrolment.pk)
        if locked is None:
            return enrolment
        BlockProgress.objects.bulk_create(
            [
                BlockProgress(
                    enrolment_id=locked.pk,
                    lesson_key=lesson_id,
                    block_id=lesson_id,
                    edition_id=locked.edition_id,
                    started_at=now,
                    last_accessed_at=now,
                )
            ],
            update_conflicts=True,
            unique_fields=["enrolment", "lesson_key", "block_id"],
            update_fields=["last_accessed_at"],
        )
        seconds = time_credit(_seconds_since(locked, now))
        _note_activity(locked, lesson_id, locked.last_block_id if is_same else None, now, seconds)
        save_enrolment(locked)
    return locked


def follow_current_edition(enrolment: Enrolment, state: CourseState) -> Enrolment:
    """Move an unfinished enrolment to the newest edition whose release takes it along; what is completed stays.

    Never to another language (see ``learners.progress.languages``). Called when the learner next opens the course,
    where the carry-over in the background has not been yet. A completed enrolment stays with the edition that was
    studied. Removing a required block may complete the enrolment; a changed deadline moves the due date.
    """
    if find_target(enrolment, state) is None:
        return enrolment
    with transaction.atomic():
        locked = lock_enrolment(enrolment_id=enrolment.pk)
        target = find_target(locked, state) if locked is not None else None
        if locked is None or target is None:
            return locked or enrolment
        move_enrolments([Move(locked, target)], timezone.now())
    return locked


def record_quiz_result(
    *,
    enrolment: Enrolment,
    lesson_id: str,
    block_id: str,
    score: Decimal | None,
    is_passed: bool,
    now: datetime,
    is_activity: bool = True,
) -> bool:
    """Set the score that counts and complete the block when it is passed; True when that completed the course.

    ``score`` is ``None`` while no attempt is graded yet. Without ``is_activity`` somebody else is at work, a marker for
    one: neither time nor "last seen" of the learner moves. The caller holds the lock of ``enrolment``.
    """
    unit = (lesson_id, block_id)
    ledger = Ledger(enrolment, now)
    ledger.load([lesson_id])
    known = ledger.rows.get(unit)
    seen_at = known.last_accessed_at if known is not None else now
    row = ledger.open(unit)
    if is_passed:
        ledger.complete(unit)
    row.score = score
    if not is_activity:
        row.last_accessed_at = seen_at
    ledger.save_rows()
    if is_activity:
        _note_activity(enrolment, lesson_id, block_id, now, time_credit(_seconds_since(enrolment, now)))
    is_news = False
    if enrolment.state != ProgressState.COMPLETED:
        recount(enrolment)
        is_news = finish_if_complete(enrolment, ledger.outline["course"]["passing_percentage"], now)
    save_enrolment(enrolment)
    return is_news


def _open_ledger(*, user: "User", enrolment_id: int) -> Ledger:
    enrolment = lock_enrolment(enrolment_id=enrolment_id, user=user)
    if enrolment is None:
        raise ProgressRefusedError("not_found", _("There is no such enrolment."))
    ledger = Ledger(enrolment, timezone.now())
    access = study_access(user, ledger.outline, enrolment, has_grant=enrolment.has_grant)  # type: ignore[attr-defined]
    if not access.is_allowed:
        raise ProgressRefusedError(access.code, access.message)
    return ledger


def _settle(ledger: Ledger, last: Event) -> bool:
    """Write rows, counters and activity; True when the course has just been completed."""
    enrolment = ledger.enrolment
    block_id = None if last.block == last.lesson else last.block
    credited = _credit_time(ledger, (last.lesson, last.block))
    for unit, seconds in credited.items():
        if unit in ledger.changed:
            ledger.changed[unit].seconds_spent += seconds
    _note_activity(enrolment, last.lesson, block_id, ledger.now, sum(credited.values()))
    ledger.save_rows()
    add_completed(enrolment, ledger.newly_completed)
    is_news = finish_if_complete(enrolment, ledger.outline["course"]["passing_percentage"], ledger.now)
    save_enrolment(enrolment)
    return is_news


def _credit_time(ledger: Ledger, last: Unit) -> dict[Unit, int]:
    """Seconds by block: what heartbeats claim as far as the clock allows; without any, the time since the last sign of
    life, all of it on the last block."""
    since = _seconds_since(ledger.enrolment, ledger.now)
    return share_time(ledger.active, since) if ledger.active else {last: time_credit(since)}


def _seconds_since(enrolment: Enrolment, now: datetime) -> float | None:
    return (now - enrolment.last_accessed_at).total_seconds() if enrolment.last_accessed_at else None


def _note_activity(
    enrolment: Enrolment, lesson_id: str, block_id: UUID | str | None, now: datetime, seconds: int
) -> None:
    """Last lesson and block, first start, and the seconds to credit."""
    enrolment.seconds_spent += seconds
    enrolment.last_accessed_at = now
    enrolment.last_lesson_key, enrolment.last_block_id = lesson_id, block_id
    enrolment.started_at = enrolment.started_at or now
    if enrolment.state == ProgressState.NOT_STARTED:
        enrolment.state = ProgressState.IN_PROGRESS


def _name_missing(edition_id: int, lesson_id: str, missing: list[tuple[str, str, str]]) -> tuple[MissingBlock, ...]:
    document = get_lesson_document(edition_id, lesson_id) if missing else None
    titles = {block["id"]: block.get("title", "") for block in document["blocks"]} if document else {}
    reasons = {
        "quiz": _("pass the quiz"),
        "video": _("watch the video"),
        "audio": _("listen to the recording"),
        "not_started": _("start the part with limited time"),
        "time_is_up": _("a part whose time is over; ask the people who run the course to open it again"),
    }
    return tuple(MissingBlock(key, kind, str(titles.get(key, "")), reasons[why]) for key, kind, why in missing)


def _block_results(ledger: Ledger) -> tuple[BlockResult, ...]:
    return tuple(
        BlockResult(lesson, block, row.state, row.position, row.deadline_at)
        for (lesson, block), row in ledger.changed.items()
    )
