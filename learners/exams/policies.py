"""What several sittings of one quiz come to, and when the next may begin. Pure: no Django, no clock, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from courses.quizzes.definition import ScorePolicy
from courses.quizzes.grading import round_points


@dataclass(frozen=True, slots=True)
class Sitting:
    """One graded attempt."""

    score: Decimal
    is_passed: bool


def settle_score(policy: ScorePolicy, sittings: Sequence[Sitting], pass_percent: int) -> Sitting | None:
    """The score that counts and whether it passes, from the graded sittings, oldest first; ``None`` before any.

    Best: the highest score, passed if any sitting was. Last: the latest. Average: the mean to two places, half up,
    passed when the mean reaches the pass mark.
    """
    if not sittings:
        return None
    if policy == "last":
        return sittings[-1]
    if policy == "average":
        mean = round_points(sum((Fraction(each.score) for each in sittings), Fraction(0)) / len(sittings))
        return Sitting(mean, mean >= pass_percent)
    return Sitting(max(each.score for each in sittings), any(each.is_passed for each in sittings))


def attempts_left(allowed: int | None, *, extra: int, used: int) -> int | None:
    """``None`` means any number. Extra attempts add to a limit and mean nothing without one."""
    return None if allowed is None else max(0, allowed + extra - used)


def opens_again_at(last_closed_at: datetime | None, cooldown_minutes: int | None) -> datetime | None:
    """When the cool-down after the last sitting ends; ``None`` where there is nothing to wait for."""
    if last_closed_at is None or not cooldown_minutes:
        return None
    return last_closed_at + timedelta(minutes=cooldown_minutes)
