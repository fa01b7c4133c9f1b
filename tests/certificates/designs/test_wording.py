"""Facts as words of the design's language."""

from certificates.designs.placeholders import PLACEHOLDERS
from certificates.designs.samples import SAMPLE_NUMBER, sample_facts
from certificates.designs.wording import make_values


def values(language: str = "en", **changes: object) -> dict[str, str | None]:
    return make_values(number=SAMPLE_NUMBER, facts=sample_facts(**changes), language=language)


def test_every_placeholder_has_a_value() -> None:
    assert set(values()) == set(PLACEHOLDERS)
    assert None not in values().values()


def test_dates_and_numbers_follow_the_language() -> None:
    english, german = values("en"), values("de")
    assert (english["completed_on"], english["score"], english["hours"]) == ("12 March 2026", "92.5 %", "6.1")
    assert (german["completed_on"], german["score"], german["hours"]) == ("12. März 2026", "92,5 %", "6,1")


def test_what_was_not_measured_or_given_is_missing() -> None:
    bare = values(score=None, seconds_spent=60, minutes=0, expires_on=None)
    assert [name for name, value in bare.items() if value is None] == ["score", "hours", "duration", "expires_on"]


def test_duration_is_said_in_hours_and_minutes() -> None:
    assert [values(minutes=minutes)["duration"] for minutes in (5, 60, 95)] == ["5 min", "1 h", "1 h 35 min"]
