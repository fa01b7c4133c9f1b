"""The arithmetic of progress, mostly as properties."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from learners.progress.arithmetic import (
    MAX_INTERVALS,
    clamp_position,
    credit_intervals,
    is_course_complete,
    is_watched,
    lesson_state,
    mean_score,
    merge_intervals,
    percent_of,
    subtract_intervals,
    time_credit,
    total_seconds,
    watch_allowance,
)

seconds = st.floats(min_value=0, max_value=10_000, allow_nan=False).map(lambda value: round(value, 1))
intervals = st.lists(st.tuples(seconds, seconds), max_size=30)


@given(intervals)
def test_merge_intervals_is_sorted_disjoint_and_stable(pieces):
    merged = merge_intervals(pieces)
    assert all(start < end for start, end in merged)
    assert all(merged[place][1] < merged[place + 1][0] for place in range(len(merged) - 1))
    assert merge_intervals(merged) == merged
    assert merge_intervals(reversed(pieces)) == merged


@given(intervals, seconds)
def test_merge_intervals_covers_exactly_what_the_pieces_cover(pieces, moment):
    covered = any(start < moment < end for start, end in pieces)
    touched = any(start <= moment <= end for start, end in pieces if start < end)
    inside = any(start < moment < end for start, end in merge_intervals(pieces))
    assert inside or not covered
    assert touched or not inside


@given(intervals, intervals)
def test_subtract_intervals_leaves_nothing_known(pieces, known):
    rest = subtract_intervals(pieces, known)
    assert subtract_intervals(rest, known) == rest
    union = total_seconds(merge_intervals([*pieces, *known]))
    assert abs(total_seconds(rest) + total_seconds(merge_intervals(known)) - union) < 1e-6


@given(intervals, intervals, st.floats(min_value=0, max_value=5_000), st.floats(min_value=1, max_value=5_000))
def test_credit_intervals_never_exceeds_allowance_or_duration(known, claimed, allowance, duration):
    known = credit_intervals([], known, allowance=1e9, duration=duration)
    credited = credit_intervals(known, claimed, allowance=allowance, duration=duration)
    assert total_seconds(credited) <= total_seconds(known) + allowance + 0.02 * (len(credited) + 1)
    assert all(0 <= start <= end <= duration + 0.01 for start, end in credited)
    assert total_seconds(credited) >= total_seconds(known) - 0.02 * (len(known) + 1)


def test_credit_intervals_takes_the_earliest_first():
    assert credit_intervals([(0, 10)], [(5, 20), (30, 40)], allowance=12, duration=None) == [(0, 20), (30, 32)]


def test_credit_intervals_bounds_what_is_stored():
    confetti = [(float(second), second + 0.5) for second in range(2 * MAX_INTERVALS)]
    assert len(credit_intervals([], confetti, allowance=1e9, duration=None)) == MAX_INTERVALS


def test_watch_allowance_gives_the_grace_once():
    assert watch_allowance(seconds_since_opened=10, credited=0) == 35
    assert watch_allowance(seconds_since_opened=10, credited=35) == 0
    assert watch_allowance(seconds_since_opened=1000, credited=2500) == 10


def test_watch_allowance_is_never_negative():
    assert watch_allowance(seconds_since_opened=-5, credited=99) == 0


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_percent_of_is_100_only_when_all_is_done(done, total):
    percent = percent_of(min(done, total), total)
    assert 0 <= percent <= 100
    assert (percent == 100) == (total > 0 and done >= total)


def test_mean_score_weighs_by_points_and_ignores_what_is_not_required():
    required = {("l", "a"): 3, ("l", "b"): 1, ("l", "t"): 0}
    scores = {("l", "a"): Decimal(100), ("l", "b"): Decimal(50), ("l", "other"): Decimal(0)}
    assert mean_score(required, scores) == Decimal("87.50")
    assert mean_score(required, {}) is None


@given(st.lists(st.tuples(st.integers(1, 50), st.decimals(0, 100, places=2)), min_size=1, max_size=20))
def test_mean_score_lies_between_worst_and_best(quizzes):
    required = {("l", str(place)): weight for place, (weight, _score) in enumerate(quizzes)}
    scores = {("l", str(place)): score for place, (_weight, score) in enumerate(quizzes)}
    mean = mean_score(required, scores)
    assert mean is not None
    assert min(scores.values()) <= mean <= max(scores.values())


def test_is_course_complete_needs_everything_and_the_score():
    assert is_course_complete(3, 3, None, 70) is True
    assert is_course_complete(3, 3, Decimal(70), 70) is True
    assert is_course_complete(3, 3, Decimal("69.99"), 70) is False
    assert is_course_complete(2, 3, Decimal(100), 70) is False
    assert is_course_complete(0, 0, None, 0) is False


def test_lesson_state_by_its_units():
    units = [("l", "a"), ("l", "b")]
    assert lesson_state(units, set(), is_opened=False) == "not_started"
    assert lesson_state(units, {("l", "a")}, is_opened=True) == "in_progress"
    assert lesson_state(units, set(units), is_opened=True) == "completed"


def test_is_watched_at_nine_tenths():
    assert is_watched([(0.0, 90.0)], 100) is True
    assert is_watched([(0.0, 89.8)], 100) is False
    assert is_watched([(0.0, 1.0)], 3600) is False


def test_clamp_position_stays_within_the_media():
    assert [clamp_position(value, 60) for value in (-1, 30, 99)] == [0, 30, 60]
    assert clamp_position(float("inf"), None) == 0


def test_time_credit_counts_a_minute_of_a_pause():
    assert [time_credit(value) for value in (None, -3, 0.9, 59.9, 3600)] == [0, 0, 0, 59, 60]
