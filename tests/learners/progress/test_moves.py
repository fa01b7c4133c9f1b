"""Whom a release takes along."""

import pytest

from learners.progress.moves import ReleaseStep, find_step

POLICIES = ("everyone", "not_started", "keep")


def steps(*policies):
    return [ReleaseStep(number, 100 + number, policy) for number, policy in enumerate(policies, 1)]


@pytest.mark.parametrize(
    ("policies", "number", "not_started", "in_progress"),
    [
        (("everyone",), 1, None, None),
        (("everyone", "everyone"), 1, 2, 2),
        (("everyone", "not_started"), 1, 2, None),
        (("everyone", "keep"), 1, None, None),
        (("everyone", "everyone", "keep"), 1, 2, 2),
        (("everyone", "everyone", "not_started"), 1, 3, 2),
        (("everyone", "keep", "everyone"), 1, 3, 3),
        (("everyone", "everyone", "everyone"), 2, 3, 3),
        (("everyone", "everyone", "keep"), 2, None, None),
        (("everyone", "everyone"), 7, None, None),
        ((), 1, None, None),
    ],
)
def test_it_is_the_newest_release_that_covers_it(policies, number, not_started, in_progress):
    for state, expected in (("not_started", not_started), ("in_progress", in_progress)):
        step = find_step(steps(*policies), number=number, state=state)
        assert (step.number if step else None) == expected


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_completed_or_has_expired_never_moves(policy):
    assert find_step(steps("everyone", policy), number=1, state="completed") is None
    for state in ("not_started", "in_progress"):
        assert find_step(steps("everyone", policy), number=1, state=state, is_expired=True) is None
