"""What several sittings come to: best, last, average, and when the next may begin."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners.exams.policies import Sitting, attempts_left, opens_again_at, settle_score

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
scores = st.decimals(min_value=0, max_value=100, places=2)
sittings = st.lists(st.builds(Sitting, scores, st.booleans()), min_size=1, max_size=8)


def sat(*results: str, mark: int = 70) -> list[Sitting]:
    return [Sitting(Decimal(score), Decimal(score) >= mark) for score in results]


@pytest.mark.parametrize(
    ("policy", "results", "expected"),
    [
        ("best", ("40", "90", "60"), ("90", True)),
        ("last", ("40", "90", "60"), ("60", False)),
        ("average", ("40", "90", "60"), ("63.33", False)),
        ("average", ("69.99", "70"), ("70.00", True)),  # 69.995 is 70.00 to two places, and that is what counts
        ("average", ("69.98", "70"), ("69.99", False)),
    ],
)
def test_settle_score_follows_the_policy(policy, results, expected):
    settled = settle_score(policy, sat(*results), 70)
    assert settled == Sitting(Decimal(expected[0]), expected[1])


@pytest.mark.parametrize("policy", ["best", "last", "average"])
def test_settle_score_of_nothing_is_nothing(policy):
    assert settle_score(policy, [], 70) is None


@given(sittings, st.integers(0, 100))
def test_settle_score_best_is_never_below_the_others(results, mark):
    best, last, average = (settle_score(policy, results, mark) for policy in ("best", "last", "average"))
    assert best is not None
    assert last is not None
    assert average is not None
    assert Decimal(0) <= average.score <= best.score <= Decimal(100)
    assert last.score <= best.score
    assert average.score >= min(each.score for each in results)


@given(st.builds(Sitting, scores, st.booleans()))
def test_settle_score_of_one_sitting_is_its_score(result):
    assert {settle_score(policy, [result], 50).score for policy in ("best", "last", "average")} == {result.score}


@pytest.mark.parametrize(("allowed", "extra", "used", "left"), [(None, 5, 9, None), (2, 1, 2, 1), (2, 0, 5, 0)])
def test_attempts_left_adds_extra_attempts_to_a_limit(allowed, extra, used, left):
    assert attempts_left(allowed, extra=extra, used=used) == left


def test_opens_again_after_the_cool_down():
    assert opens_again_at(NOON, 30) == NOON + timedelta(minutes=30)
    assert (opens_again_at(None, 30), opens_again_at(NOON, None), opens_again_at(NOON, 0)) == (None, None, None)
