"""Blocks with a time limit: the clock starts when the learner starts the block and is the server's alone.

Quizzes keep their own clock, with each attempt. What is completed stays completed and may be looked at again.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from learners.accommodations.models import Accommodation
from learners.accommodations.queries import get_accommodation
from learners.accommodations.timing import MINUTE, allowed_seconds
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState
from learners.progress.events import Event, EventError
from learners.progress.ledger import Ledger
from learners.progress.models import BlockProgress
from learners.progress.queries import get_course_map

GRACE = timedelta(seconds=15)  # for the network, as in exams


def is_time_up(deadline_at: datetime | None, now: datetime) -> bool:
    return deadline_at is not None and now > deadline_at + GRACE


def find_time_refusal(ledger: Ledger, event: Event) -> EventError | None:
    """Why an event on a timed block may not be applied, if so. A repeated event is not refused: it changes nothing."""
    unit = (event.lesson, event.block)
    block, row = ledger.course.blocks.get(unit), ledger.rows.get(unit)
    if block is None or "time_limit" not in block or block["type"] == "quiz":
        return None
    if row is not None and (row.state == ProgressState.COMPLETED or event.id in row.recent_events):
        return None
    if row is None or row.clock_started_at is None:
        if event.state == "in_progress":
            return None
        return EventError(event.id, "not_started", _("The time for this part is limited: start it first."))
    if is_time_up(row.deadline_at, ledger.now):
        return EventError(event.id, "time_is_up", _("The time for this part is over."))
    return None


def start_clock(ledger: Ledger, row: BlockProgress) -> None:
    """Does nothing on blocks without a time limit and where the clock is running. One query where it starts."""
    block = ledger.course.blocks.get((str(row.lesson_key), str(row.block_id)))
    if block is None or "time_limit" not in block or block["type"] == "quiz" or row.clock_started_at is not None:
        return
    row.clock_started_at = ledger.now
    if row.pk is None:
        row.started_at = ledger.now  # not when the lesson was opened: until now there was nothing to watch
    row.deadline_at = _deadline(ledger.now, block["time_limit"], get_accommodation(ledger.enrolment.user_id))


def extend_running_blocks(*, accommodation: Accommodation, now: datetime) -> int:
    """Move the end of the learner's running blocks to what is granted now, never to an earlier moment; how many.

    What is over stays over. The caller holds the lock of the accommodation, which whoever starts a clock takes first: a
    clock is either seen here or starts with what was granted. The enrolments are locked because their rows are written.
    """
    mine = Enrolment.objects.filter(user_id=accommodation.user_id).order_by("pk")
    list(mine.select_for_update().values_list("pk"))
    running = BlockProgress.objects.filter(
        enrolment__user_id=accommodation.user_id, deadline_at__gte=now - GRACE, clock_started_at__isnull=False
    ).exclude(state=ProgressState.COMPLETED)
    extended = 0
    for row in running.select_related("enrolment__edition").defer(
        "enrolment__edition__outline", "enrolment__edition__contents"
    ):
        edition = row.enrolment.edition
        block = get_course_map(edition.pk, edition.digest).blocks.get((str(row.lesson_key), str(row.block_id)))
        if block is None or "time_limit" not in block or row.clock_started_at is None or row.deadline_at is None:
            continue
        deadline_at = _deadline(row.clock_started_at, block["time_limit"], accommodation)
        if deadline_at is not None and deadline_at <= row.deadline_at:
            continue
        row.deadline_at = deadline_at
        row.save(update_fields=["deadline_at"])
        extended += 1
    return extended


def _deadline(start: datetime, minutes: int, held: Accommodation | None) -> datetime | None:
    seconds: int | None = minutes * MINUTE
    if held is not None:
        seconds = allowed_seconds(seconds, time_factor=held.time_factor, is_untimed=held.is_untimed)
    return None if seconds is None else start + timedelta(seconds=seconds)
