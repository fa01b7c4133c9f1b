"""Progress events as clients send them, checked one by one. Pure: a bad event becomes an error, never an exception."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from uuid import UUID

MAX_EVENTS = 200
MAX_CLAIMED_INTERVALS = 500
MAX_SECONDS = 7 * 24 * 3600.0
CLIENT_STATES = ("in_progress", "completed")


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    lesson: str
    block: str
    state: str | None = None
    position: float | None = None
    watched: tuple[tuple[float, float], ...] = ()
    active: int | None = None  # seconds spent on the block since the event before; believed as far as the clock allows
    at: datetime | None = None  # the client's clock: puts positions in order, and decides nothing else


@dataclass(frozen=True, slots=True)
class EventError:
    id: str | None
    code: str
    message: str


def read_event(raw: object) -> Event | EventError:
    """One event from JSON: ``{id, lesson, block}`` as UUIDs plus ``state``, ``position``, ``watched`` or ``active``."""
    if not isinstance(raw, Mapping):
        return EventError(None, "malformed", "An event is an object.")
    event_id = read_uuid(raw.get("id"))
    if event_id is None:
        return EventError(None, "malformed", "An event needs an id, a UUID.")
    lesson, block = read_uuid(raw.get("lesson")), read_uuid(raw.get("block"))
    if lesson is None or block is None:
        return EventError(event_id, "malformed", "An event names its lesson and block by UUID.")
    state, position = raw.get("state"), raw.get("position")
    if state is not None and state not in CLIENT_STATES:
        return EventError(event_id, "malformed", "state is in_progress or completed.")
    if position is not None and not _is_seconds(position):
        return EventError(event_id, "malformed", "position is a number of seconds.")
    watched = _read_intervals(raw.get("watched"))
    if watched is None:
        return EventError(event_id, "malformed", "watched is a list of [start, end] in seconds.")
    reached = None if position is None else float(position)
    return _read_times(raw, Event(event_id, lesson, block, state, reached, watched))


def _read_times(raw: Mapping[str, Any], event: Event) -> Event | EventError:
    active, at = raw.get("active"), raw.get("at")
    if active is not None and not (_is_seconds(active) and active >= 0):
        return EventError(event.id, "malformed", "active is a number of seconds.")
    moment = None if at is None else _read_moment(at)
    if at is not None and moment is None:
        return EventError(event.id, "malformed", "at is a moment with its time zone, such as 2026-01-31T12:00:00Z.")
    if event.state is None and event.position is None and not event.watched and active is None:
        return EventError(event.id, "malformed", "An event needs a state, a position, watched or active.")
    return replace(event, active=None if active is None else int(active), at=moment)


def read_uuid(value: Any) -> str | None:
    """The canonical spelling, or ``None``."""
    if isinstance(value, UUID):
        return str(value)
    if not isinstance(value, str) or len(value) not in (32, 36):
        return None
    try:
        return str(UUID(value))
    except ValueError:
        return None


def _read_moment(value: object) -> datetime | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _is_seconds(value: object) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MAX_SECONDS and isfinite(value)
    )


def _read_intervals(value: object) -> tuple[tuple[float, float], ...] | None:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or len(value) > MAX_CLAIMED_INTERVALS:
        return None
    pairs = []
    for pair in value:
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not all(_is_seconds(edge) for edge in pair):
            return None
        pairs.append((float(pair[0]), float(pair[1])))
    return tuple(pairs)
