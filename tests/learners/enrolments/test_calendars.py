"""The feed, read back as a calendar program reads it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from learners.enrolments.calendars import Entry, make_calendar

MADRID = ZoneInfo("Europe/Madrid")
CHANGED = datetime(2030, 1, 1, 12, tzinfo=UTC)


def make_entry(**changes) -> Entry:
    facts = {
        "uid": "enrolment-1-cycle-1@example.com",
        "due_at": datetime(2030, 3, 31, 21, 59, 59, tzinfo=UTC),
        "title": "Due: Selling, and “more”; \\ twice",
        "description": "Line one\nLine two",
        "url": "https://example.com/courses/selling/",
        "sequence": 3,
        "changed_at": CHANGED,
    }
    return Entry(**(facts | changes))


def read(entry: Entry):
    calendar = Calendar.from_ical(make_calendar([entry], name="Deadlines", zone=MADRID))
    return calendar, calendar.walk("VEVENT")[0]


def test_the_end_of_a_day_is_an_event_of_that_day():
    calendar, event = read(make_entry())
    assert str(calendar["X-PUBLISHED-TTL"]) == "PT4H"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2030, 3, 31), date(2030, 4, 1))
    assert (str(event["UID"]), str(event["SUMMARY"]), str(event["DESCRIPTION"]), str(event["TRANSP"])) == (
        "enrolment-1-cycle-1@example.com",
        "Due: Selling, and “more”; \\ twice",
        "Line one\nLine two",
        "TRANSPARENT",
    )
    assert (event["SEQUENCE"], event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (3, CHANGED, CHANGED)
    assert [(str(alarm["ACTION"]), alarm["TRIGGER"].dt) for alarm in event.walk("VALARM")] == [
        ("DISPLAY", timedelta(days=-6, hours=-15)),
        ("DISPLAY", timedelta(hours=-15)),
    ]
    assert (str(calendar["METHOD"]), str(calendar["VERSION"]), str(calendar["X-WR-CALNAME"])) == (
        "PUBLISH",
        "2.0",
        "Deadlines",
    )


def test_any_other_moment_is_half_an_hour_that_ends_then():
    due = datetime(2030, 3, 31, 5, 59, 59, tzinfo=UTC)  # the day of a company elsewhere
    _calendar, event = read(make_entry(due_at=due))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (due - timedelta(minutes=30), due)
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-7), timedelta(days=-1)]


def test_the_same_entries_give_the_same_bytes_in_lines_of_75_octets():
    made = [make_calendar([make_entry(title="ä" * 200)], name="Deadlines", zone=MADRID) for _again in range(2)]
    assert made[0] == made[1]
    assert max(len(line) for line in made[0].split(b"\r\n")) <= 75


def test_no_entries_are_an_empty_calendar():
    assert Calendar.from_ical(make_calendar([], name="Deadlines", zone=UTC)).walk("VEVENT") == []
