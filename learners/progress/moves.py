"""Who moves to which edition when releases are made. Pure: no Django, no clock, no database."""

from collections.abc import Sequence
from dataclasses import dataclass

UNFINISHED = ("not_started", "in_progress")


@dataclass(frozen=True, slots=True)
class ReleaseStep:
    """An edition and whom its release takes along: ``keep`` nobody, ``not_started`` those who have not started,
    ``everyone`` all who are not finished."""

    number: int
    edition_id: int
    policy: str


def find_step(steps: Sequence[ReleaseStep], *, number: int, state: str, is_expired: bool = False) -> ReleaseStep | None:
    """The newest release after edition ``number`` that takes along an enrolment in this state; ``None``: it stays.

    ``steps`` are in the order of their numbers. What is completed or has expired is a record, and never moves.
    """
    if state not in UNFINISHED or is_expired:
        return None
    for step in reversed(steps):
        if step.number <= number:
            return None
        if step.policy == "everyone" or (step.policy == "not_started" and state == "not_started"):
            return step
    return None
