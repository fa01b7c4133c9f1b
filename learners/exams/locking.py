"""What every write of an attempt shares: refusals, the server's clock with its grace, and the order of locks.

The order is person (only to start a clock), enrolment, attempt. Saving takes the attempt's lock alone.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt
from learners.progress.events import read_uuid
from learners.progress.ledger import lock_enrolment

if TYPE_CHECKING:
    from learners.accounts.models import User

# What the network may take between the learner's last click and the server's clock.
GRACE = timedelta(seconds=15)


class AttemptRefusedError(Exception):
    """``code``: not_found, attempts_used_up, cooling_down, time_is_up, already_submitted, or a code of access.

    ``available_at`` says when a quiz that is cooling down opens again. ``late`` names the questions whose answers came
    after the end: they are kept as evidence and not scored.
    """

    def __init__(
        self, code: str, message: str, *, available_at: datetime | None = None, late: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.available_at = available_at
        self.late = late


def is_over(attempt: Attempt, now: datetime) -> bool:
    return attempt.deadline_at is not None and now > attempt.deadline_at + GRACE


def no_attempt() -> AttemptRefusedError:
    return AttemptRefusedError("not_found", _("There is no such attempt."))


def lock_attempt(user: "User", attempt_id: UUID | str) -> tuple[Attempt, Enrolment]:
    """The attempt and its enrolment, both locked. Raises ``AttemptRefusedError`` for somebody else's."""
    key = read_uuid(str(attempt_id))
    if key is None:
        raise no_attempt()
    own = Attempt.objects.filter(pk=key, enrolment__user_id=user.pk)
    enrolment_id = own.values_list("enrolment_id", flat=True).first()
    enrolment = lock_enrolment(enrolment_id=enrolment_id, user=user) if enrolment_id else None
    if enrolment is None:
        raise no_attempt()
    return Attempt.objects.select_for_update().get(pk=key), enrolment
