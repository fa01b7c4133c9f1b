"""The resolver: which date wins, why, and where its day ends."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners.enrolments.deadlines import (
    CompanyRule,
    CourseDays,
    CourseDeadline,
    Extension,
    Invitation,
    Recertification,
    closes_at,
    days_until,
    end_of_day,
    end_of_day_after,
    resolve,
)

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def codes(deadline):
    return [reason.code for reason in deadline.reasons]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("UTC", date(2030, 3, 31), utc(2030, 3, 31, 23, 59, 59)),
        ("Europe/Berlin", date(2030, 3, 30), utc(2030, 3, 30, 22, 59, 59)),
        ("Europe/Berlin", date(2030, 3, 31), utc(2030, 3, 31, 21, 59, 59)),  # a day of 23 hours
        ("Europe/Berlin", date(2030, 10, 27), utc(2030, 10, 27, 22, 59, 59)),  # a day of 25 hours
        ("America/Havana", date(2025, 3, 8), utc(2025, 3, 9, 4, 59, 59)),  # the next day begins at 1 o'clock
        ("America/Havana", date(2025, 11, 2), utc(2025, 11, 3, 4, 59, 59)),  # 0 to 1 o'clock comes twice
        ("America/Sao_Paulo", date(2018, 2, 17), utc(2018, 2, 18, 2, 59, 59)),  # 23 to 24 o'clock comes twice
        ("America/Sao_Paulo", date(2018, 11, 3), utc(2018, 11, 4, 2, 59, 59)),  # midnight does not exist
        ("Pacific/Apia", date(2011, 12, 29), utc(2011, 12, 30, 9, 59, 59)),  # the 30th does not exist
        ("Pacific/Apia", date(2011, 12, 30), utc(2011, 12, 30, 9, 59, 59)),
        ("Pacific/Kiritimati", date(2030, 6, 1), utc(2030, 6, 1, 9, 59, 59)),  # +14
        ("Etc/GMT+12", date(2030, 6, 1), utc(2030, 6, 2, 11, 59, 59)),  # -12
    ],
)
def test_end_of_day_is_its_last_second_in_every_zone(zone, day, end):
    assert end_of_day(day, ZoneInfo(zone)) == end


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_end_of_day_survives_absurd_days_and_can_be_shown_anywhere(day, zone):
    end = end_of_day(day, ZoneInfo(zone))
    shown = [end.astimezone(ZoneInfo(name)).year for name in ("Pacific/Kiritimati", "Etc/GMT+12")]
    assert set(shown) <= {1899, 1900, 2999, 3000}


def test_end_of_day_after_counts_calendar_days_across_a_change_of_clocks():
    before = datetime(2030, 3, 29, 23, 30, tzinfo=UTC)  # the 30th in Berlin
    assert end_of_day_after(before, 2, ZoneInfo("Europe/Berlin")) == utc(2030, 4, 1, 21, 59, 59)
    assert end_of_day_after(START, 2_000_000_000, UTC).year == 2129


def test_closes_at_is_the_end_of_a_later_day_or_never():
    due = end_of_day(date(2030, 3, 30), ZoneInfo("Europe/Berlin"))
    assert closes_at(due, 1, ZoneInfo("Europe/Berlin")) == utc(2030, 3, 31, 21, 59, 59)
    assert closes_at(due, 0, ZoneInfo("Europe/Berlin")) == due
    assert closes_at(due, None, UTC) is None


def test_days_until_counts_calendar_days_of_the_learner():
    now = datetime(2030, 1, 1, 23, 0, tzinfo=UTC)
    due = datetime(2030, 1, 2, 1, 0, tzinfo=UTC)
    assert days_until(due, now, UTC) == 1
    assert days_until(due, now, ZoneInfo("Asia/Tokyo")) == 0
    assert days_until(now, due, UTC) == -1


def test_without_rules_nothing_is_due():
    deadline = resolve([], enrolled_at=START, zone=UTC)
    assert (deadline.due_at, deadline.reasons) == (None, ())


def test_the_earliest_wins_and_every_reason_is_named_in_order():
    deadline = resolve(
        [
            CourseDays(30),
            CourseDeadline(date(2030, 3, 1)),
            Invitation(utc(2029, 12, 30), days=10),
            CompanyRule("Northwind", TOKYO, day=date(2030, 1, 20), note="audit"),
            Recertification(utc(2030, 2, 1)),
        ],
        enrolled_at=START,
        zone=ZoneInfo("Europe/Berlin"),
    )
    assert [(reason.code, reason.due_at) for reason in deadline.reasons] == [
        ("invitation", utc(2030, 1, 9, 22, 59, 59)),
        ("company_rule", utc(2030, 1, 20, 14, 59, 59)),
        ("course_days", utc(2030, 1, 31, 22, 59, 59)),
        ("recertification", utc(2030, 1, 31, 23, 59, 59)),
        ("course_deadline", utc(2030, 3, 1, 22, 59, 59)),
    ]
    assert deadline.due_at == utc(2030, 1, 9, 22, 59, 59)
    assert deadline.reasons[1].zone == TOKYO


def test_days_of_a_company_are_counted_on_its_calendar():
    late = datetime(2030, 1, 1, 20, tzinfo=UTC)  # the 2nd in Tokyo
    deadline = resolve([CompanyRule("Northwind", TOKYO, days=1)], enrolled_at=late, zone=UTC)
    assert deadline.due_at == utc(2030, 1, 3, 14, 59, 59)


def test_an_extension_wins_over_everything_earlier():
    rules = [CourseDeadline(date(2030, 2, 1)), CompanyRule("Northwind", UTC, days=5)]
    promise = Extension(utc(2030, 3, 1), "parental leave", "Ana Ruiz")
    deadline = resolve([*rules, promise], enrolled_at=START, zone=UTC)
    assert (deadline.due_at, codes(deadline)) == (promise.due_at, ["extension", "company_rule", "course_deadline"])
    assert (deadline.reasons[0].note, deadline.reasons[0].by) == ("parental leave", "Ana Ruiz")


def test_an_extension_never_shortens():
    """The course was given more time than the promise."""
    deadline = resolve([CourseDeadline(date(2030, 6, 1)), Extension(utc(2030, 3, 1))], enrolled_at=START, zone=UTC)
    assert (deadline.due_at, codes(deadline)) == (utc(2030, 6, 1, 23, 59, 59), ["course_deadline", "extension"])


def test_the_furthest_of_several_extensions_counts():
    first, second = Extension(utc(2030, 5, 1), "first"), Extension(utc(2030, 4, 1), "second")
    deadline = resolve([CourseDays(5), second, first], enrolled_at=START, zone=UTC)
    assert [(reason.code, reason.note) for reason in deadline.reasons] == [("extension", "first"), ("course_days", "")]


def test_without_a_deadline_there_is_nothing_to_extend():
    assert resolve([Extension(utc(2030, 5, 1))], enrolled_at=START, zone=UTC).reasons == ()


def test_dates_of_an_earlier_cycle_ask_nothing_of_a_later_one():
    rules = [CourseDeadline(date(2029, 12, 1)), Recertification(utc(2030, 2, 1))]
    deadline = resolve(rules, enrolled_at=START, zone=UTC, not_before=START)
    assert codes(deadline) == ["recertification"]
    assert codes(resolve(rules, enrolled_at=START, zone=UTC)) == ["course_deadline", "recertification"]


ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            *("UTC", "Europe/Berlin", "America/Havana", "Pacific/Apia", "Pacific/Kiritimati", "Etc/GMT+12"),
            *("America/St_Johns", "Australia/Lord_Howe"),
        )
    ]
)
DAYS = st.dates(date(1950, 1, 1), date(2200, 1, 1))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- with zones
COUNTS = st.integers(0, 100_000)
EXTENSIONS = st.builds(Extension, MOMENTS, st.text(max_size=5), st.text(max_size=5))
DATES = st.one_of(
    st.builds(CourseDeadline, DAYS),
    st.builds(CourseDays, COUNTS),
    st.builds(Invitation, MOMENTS, day=DAYS),
    st.builds(Invitation, MOMENTS, days=COUNTS),
    st.builds(CompanyRule, st.text(max_size=5), ZONES, day=DAYS),
    st.builds(CompanyRule, st.text(max_size=5), ZONES, days=COUNTS),
    st.builds(Recertification, MOMENTS),
)
RULES = st.lists(st.one_of(DATES, EXTENSIONS), max_size=8)


@given(RULES, MOMENTS, ZONES)
def test_the_winner_is_always_the_first_of_the_reasons(rules, enrolled_at, zone):
    deadline = resolve(rules, enrolled_at=enrolled_at, zone=zone)
    has_dates = any(not isinstance(rule, Extension) for rule in rules)
    assert (deadline.due_at is not None) == has_dates == bool(deadline.reasons)
    if deadline.reasons:
        assert deadline.due_at == deadline.reasons[0].due_at


@given(st.lists(DATES, min_size=1, max_size=8), MOMENTS, ZONES)
def test_without_extensions_nothing_is_earlier_than_the_winner(rules, enrolled_at, zone):
    deadline = resolve(rules, enrolled_at=enrolled_at, zone=zone)
    assert deadline.due_at == min(reason.due_at for reason in deadline.reasons)
    assert len(deadline.reasons) == len(rules)


@given(RULES, EXTENSIONS, MOMENTS, ZONES)
def test_adding_an_extension_never_makes_it_earlier(rules, extension, enrolled_at, zone):
    before = resolve(rules, enrolled_at=enrolled_at, zone=zone).due_at
    after = resolve([*rules, extension], enrolled_at=enrolled_at, zone=zone).due_at
    assert after is before is None or after >= before


@given(RULES, MOMENTS, ZONES, st.randoms(use_true_random=False))
def test_the_order_of_the_rules_does_not_matter(rules, enrolled_at, zone, random):
    shuffled = list(rules)
    random.shuffle(shuffled)
    assert resolve(shuffled, enrolled_at=enrolled_at, zone=zone) == resolve(rules, enrolled_at=enrolled_at, zone=zone)


@given(DAYS, ZONES)
def test_a_second_later_it_is_the_next_day(day, zone):
    end = end_of_day(day, zone)
    assert end.astimezone(zone).date() <= day < (end + timedelta(seconds=1)).astimezone(zone).date()
