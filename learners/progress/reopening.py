"""Timed blocks whose time ran out for no fault of the learner's: finding them, and letting one be started again."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.editions.documents import Block, LessonDocument
from courses.editions.queries import get_documents
from learners.accounts.models import User
from learners.enrolments.extending import may_extend
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState
from learners.progress.ledger import lock_enrolment
from learners.progress.models import BlockProgress, Reopening
from learners.progress.queries import get_course_maps
from learners.progress.timed import GRACE, is_time_up

MAX_NOTE = 500
MOST_LISTED = 100


class ReopeningRefusedError(Exception):
    """``code``: not_found, not_started, still_running, completed, note_required or note_too_long."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class EndedBlock(TypedDict):
    """A timed block that ended unfinished, its lesson and course by their titles. ``title`` may be empty."""

    enrolment_id: int
    lesson_id: str
    block_id: str
    course: str
    lesson: str
    type: str
    title: str
    clock_started_at: datetime
    deadline_at: datetime


def list_ended_blocks(learner: User, *, enrolment: Enrolment | None = None) -> list[EndedBlock]:
    """The timed blocks of the learner (on one enrolment) that ended unfinished, the last to end first.

    What an enrolment's own edition no longer has, or no longer limits, is left out: it cannot be started. One query,
    three more where there are any.
    """
    rows = BlockProgress.objects.filter(
        enrolment__user_id=learner.pk, clock_started_at__isnull=False, deadline_at__lt=timezone.now() - GRACE
    ).exclude(state=ProgressState.COMPLETED)
    if enrolment is not None:
        rows = rows.filter(enrolment_id=enrolment.pk)
    ended = list(
        rows.select_related("enrolment__edition")
        .defer("watched", "recent_events", "enrolment__edition__outline", "enrolment__edition__contents")
        .order_by("-deadline_at", "pk")[:MOST_LISTED]
    )
    documents = get_documents({(row.enrolment.edition_id, str(row.lesson_key)) for row in ended}) if ended else {}
    courses = get_course_maps({row.enrolment.edition for row in ended}) if ended else {}
    found = []
    for row in ended:
        edition, unit = row.enrolment.edition, (str(row.lesson_key), str(row.block_id))
        block = _find_block(documents.get((edition.pk, unit[0])), unit[1])
        if block is not None and row.clock_started_at is not None and row.deadline_at is not None:
            found.append(
                EndedBlock(
                    enrolment_id=row.enrolment_id,
                    lesson_id=unit[0],
                    block_id=unit[1],
                    course=edition.title,
                    lesson=courses[edition.pk].lessons[unit[0]]["title"],
                    type=block["type"],
                    title=str(block.get("title") or block.get("caption") or ""),
                    clock_started_at=row.clock_started_at,
                    deadline_at=row.deadline_at,
                )
            )
    return found


def find_ended_block(enrolment: Enrolment, lesson_id: UUID | str, block_id: UUID | str) -> EndedBlock | None:
    wanted = (str(lesson_id), str(block_id))
    ended = list_ended_blocks(enrolment.user, enrolment=enrolment)
    return next((each for each in ended if (each["lesson_id"], each["block_id"]) == wanted), None)


def list_reopenable(by: User, enrolment: Enrolment) -> list[EndedBlock]:
    """What ``by`` may open again for the learner; nothing for those who may not give them more time."""
    return list_ended_blocks(enrolment.user, enrolment=enrolment) if may_extend(by, enrolment.user) else []


def reopen_block(*, enrolment_id: int, lesson_key: UUID | str, block_id: UUID | str, by: User, note: str) -> Reopening:
    """The learner may start this timed block again, with its whole time. Who allowed it and why stays on record, with
    the clock that had run.

    For those who may give the learner more time; for everybody else the enrolment does not exist. Only what ended
    unfinished is opened again: nobody's running clock is stopped. Asking the same again before the learner starts it
    answers the same. Raises ``ReopeningRefusedError``.
    """
    note = _check_note(note)
    with transaction.atomic():
        enrolment = lock_enrolment(enrolment_id=enrolment_id)
        if enrolment is None or not may_extend(by, enrolment.user):
            raise ReopeningRefusedError("not_found", _("There is no such enrolment."))
        rows = BlockProgress.objects.filter(enrolment_id=enrolment.pk, lesson_key=lesson_key, block_id=block_id)
        row = rows.first()
        if row is None:
            raise ReopeningRefusedError("not_found", _("This part was never begun."))
        same = row.reopenings.first()
        is_waiting = row.clock_started_at is None and row.state != ProgressState.COMPLETED
        if is_waiting and same is not None and (same.note, same.reopened_by_id) == (note, by.pk):
            return same
        made = Reopening.objects.create(
            progress=row,
            clock_started_at=_find_ended_clock(row, timezone.now()),
            deadline_at=row.deadline_at,
            note=note,
            reopened_by=by,
        )
        row.clock_started_at = row.deadline_at = None
        row.save(update_fields=["clock_started_at", "deadline_at"])
    return made


def _find_block(document: LessonDocument | None, block_id: str) -> Block | None:
    """The timed block of the document that is no quiz."""
    for block in document["blocks"] if document else ():
        if block["id"] == block_id:
            return block if block["time_limit"] and block["type"] != "quiz" else None
    return None


def _check_note(note: str) -> str:
    note = " ".join(note.replace("\x00", " ").split())
    if not note:
        raise ReopeningRefusedError("note_required", _("Say why: the note is shown to the learner."))
    if len(note) > MAX_NOTE:
        raise ReopeningRefusedError("note_too_long", _("The note is longer than %(n)s characters.") % {"n": MAX_NOTE})
    return note


def _find_ended_clock(row: BlockProgress, now: datetime) -> datetime:
    """When the clock that has ended was started. Raises ``ReopeningRefusedError``."""
    if row.state == ProgressState.COMPLETED:
        raise ReopeningRefusedError("completed", _("This part is completed: there is nothing to open again."))
    if row.clock_started_at is None:
        raise ReopeningRefusedError("not_started", _("This part can be started: its clock is not running."))
    if not is_time_up(row.deadline_at, now):
        raise ReopeningRefusedError(
            "still_running", _("The time of this part is not over. More time is granted as an accommodation.")
        )
    return row.clock_started_at
