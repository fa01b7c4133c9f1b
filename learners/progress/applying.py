"""Applies one progress event to the rows held by a ledger: what a client may say, and how much of it is believed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from learners.progress.arithmetic import (
    MEDIA_TYPES,
    clamp_position,
    credit_intervals,
    is_watched,
    total_seconds,
    watch_allowance,
)
from learners.progress.events import Event, EventError
from learners.progress.ledger import Ledger
from learners.progress.models import BlockProgress
from learners.progress.queries import media_rules
from learners.progress.timed import find_time_refusal, start_clock

if TYPE_CHECKING:
    from learners.accounts.models import User

KEPT_EVENT_IDS = 100


@dataclass(frozen=True, slots=True)
class EventResult:
    """``status``: applied, duplicate (was applied before) or refused, with ``code`` and ``message`` why."""

    id: str | None
    status: str
    code: str = ""
    message: str = ""


def apply_event(ledger: Ledger, user: "User", event: Event) -> EventResult:
    refusal = _find_refusal(ledger, user, event)
    if refusal is not None:
        return EventResult(event.id, "refused", refusal.code, refusal.message)
    unit = (event.lesson, event.block)
    row = ledger.open(unit)
    if event.id in row.recent_events:
        return EventResult(event.id, "duplicate")
    row.recent_events = [*row.recent_events, event.id][-KEPT_EVENT_IDS:]
    if event.active is not None:
        ledger.active[unit] = ledger.active.get(unit, 0) + event.active
    if event.state == "in_progress":
        start_clock(ledger, row)
    if event.position is not None or event.watched:
        _apply_media(ledger, event, row)
    if event.state == "completed":
        ledger.complete(unit)
    return EventResult(event.id, "applied")


def _find_refusal(ledger: Ledger, user: "User", event: Event) -> EventError | None:
    """Why this event may not be applied. Decided before any row is made for it."""
    lesson = ledger.course.lessons.get(event.lesson)
    is_lesson = event.block == event.lesson
    block = ledger.course.blocks.get((event.lesson, event.block))
    if lesson is None or (block is None and not is_lesson):
        return EventError(event.id, "unknown_block", _("This edition of the course has no such lesson or block."))
    lock = ledger.find_lock(user, event.lesson)
    if lock is not None:
        return EventError(event.id, lock.code, lock.message)
    refusal = find_time_refusal(ledger, event)
    if refusal is not None:
        return refusal
    is_media = block is not None and block["type"] in MEDIA_TYPES
    if (event.position is not None or event.watched) and not is_media:
        return EventError(event.id, "not_media", _("Only video and audio have a position."))
    if event.state != "completed":
        return None
    if is_lesson and any(each["is_required"] for each in lesson["blocks"]):
        return EventError(event.id, "lesson_has_required_blocks", _("Complete the required blocks of this lesson."))
    if block is not None and block["type"] == "quiz":
        return EventError(event.id, "quiz_is_graded", _("A quiz is completed by passing it."))
    if is_media and event.block in media_rules(ledger.enrolment.edition_id, event.lesson):
        return EventError(event.id, "media_is_measured", _("This is completed by watching or listening to it."))
    return None


def _apply_media(ledger: Ledger, event: Event, row: BlockProgress) -> None:
    """Position and watched intervals; credits no more than can have been watched since it was opened."""
    rule = media_rules(ledger.enrolment.edition_id, event.lesson).get(event.block)
    duration = rule.duration if rule else None
    if event.position is not None:
        _apply_position(ledger, event, event.position, duration, row)
    if not event.watched:
        return
    allowance = watch_allowance(
        seconds_since_opened=(ledger.now - row.started_at).total_seconds(), credited=total_seconds(row.watched)
    )
    row.watched = [
        list(piece)
        for piece in credit_intervals(
            [(start, end) for start, end in row.watched], event.watched, allowance=allowance, duration=duration
        )
    ]
    watched = [(start, end) for start, end in row.watched]
    if rule is not None and is_watched(watched, rule.duration, rule.required_percent):
        ledger.complete((event.lesson, event.block))


def _apply_position(ledger: Ledger, event: Event, position: float, duration: float | None, row: BlockProgress) -> None:
    """Late news of an earlier moment does not move the learner back; no clock runs ahead of the server's."""
    reached_at = min(event.at, ledger.now) if event.at else ledger.now
    if row.position_at is None or reached_at >= row.position_at:
        row.position, row.position_at = clamp_position(position, duration), reached_at
