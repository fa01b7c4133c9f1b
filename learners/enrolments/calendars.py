"""The one adapter of the iCalendar library: deadlines as events that every calendar program understands.

A deadline at the end of the learner's day is an all-day event of that day, which blocks no time; any other moment is
half an hour that ends then. Both remind a week and a day before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from icalendar import Alarm, Calendar, Event

PRODUCT = "-//Coursewright//Deadlines//EN"
REFRESH = timedelta(hours=4)
LAST_SECOND = (23, 59, 59)
# Of an all-day event, which begins at midnight: at nine in the morning, six and a half days and fifteen hours before.
DAY_REMINDERS = (timedelta(days=-6, hours=-15), timedelta(hours=-15))
MOMENT_REMINDERS = (timedelta(days=-7), timedelta(days=-1))
HALF_AN_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline. ``sequence`` and ``changed_at`` grow when the due date moves."""

    uid: str
    due_at: datetime
    title: str
    description: str
    url: str
    sequence: int
    changed_at: datetime


def make_calendar(entries: Iterable[Entry], *, name: str, zone: tzinfo) -> bytes:
    """The feed. The same entries give the same bytes."""
    calendar = Calendar()  # not "new", which draws an id
    for key, value in (("prodid", PRODUCT), ("version", "2.0"), ("method", "PUBLISH"), ("x-wr-calname", name)):
        calendar.add(key, value)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for entry in entries:
        calendar.add_component(_make_event(entry, zone))
    return bytes(calendar.to_ical())


def _make_event(entry: Entry, zone: tzinfo) -> Event:
    local = entry.due_at.astimezone(zone)
    is_whole_day = (local.hour, local.minute, local.second) == LAST_SECOND
    event = Event.new(
        uid=entry.uid,
        summary=entry.title,
        description=entry.description,
        url=entry.url,
        start=local.date() if is_whole_day else entry.due_at - HALF_AN_HOUR,
        end=local.date() + timedelta(days=1) if is_whole_day else entry.due_at,
        stamp=entry.changed_at,
        last_modified=entry.changed_at,
        sequence=entry.sequence,
    )
    event.add("transp", "TRANSPARENT")
    for trigger in DAY_REMINDERS if is_whole_day else MOMENT_REMINDERS:
        alarm = Alarm.new(description=entry.title)
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", trigger)
        event.add_component(alarm)
    return event
