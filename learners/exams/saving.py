"""Saving answers one by one while the attempt runs: one row locked, read and written."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.exams.answers import merge_answers, read_answers
from learners.exams.closing import keep_late
from learners.exams.locking import AttemptRefusedError, is_over, no_attempt
from learners.exams.models import Attempt, AttemptState
from learners.progress.events import read_uuid

if TYPE_CHECKING:
    from learners.accounts.models import User

# By hand, as the first row of every progress write is: the ORM takes several times as long to build the same query.
_READ = ["id", "enrolment_id", "edition_id", "state", "paper", "answers", "late_answers", "deadline_at"]
_LOCK_SQL = f"""
    SELECT {", ".join(f"attempt.{name}" for name in _READ)}
    FROM learners_attempt AS attempt
    JOIN learners_enrolment AS enrolment ON enrolment.id = attempt.enrolment_id
    WHERE attempt.id = %s AND enrolment.user_id = %s
"""  # noqa: S608 -- only names of our own columns are put in
_SAVE_SQL = "UPDATE learners_attempt SET answers = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class SavedAnswers:
    """``saved`` names the questions taken over; a question left out was late, malformed or not on the paper."""

    attempt: Attempt
    saved: tuple[str, ...]
    saved_at: datetime


def save_answers(*, user: "User", attempt_id: UUID | str, answers: object) -> SavedAnswers:
    """Keep answers while the attempt runs. Saving the same again is harmless; an older ``seq`` is ignored.

    An attempt that was opened may be finished: a grant that ends in the middle loses nothing. Two queries. Raises
    ``AttemptRefusedError``: ``already_submitted``, or ``time_is_up`` after the deadline (and its grace), when the
    answers have been kept in ``late_answers`` and are never scored.
    """
    late: tuple[str, ...] = ()
    with transaction.atomic():
        attempt = _lock_own(user, attempt_id)
        now = timezone.now()
        is_late = attempt.state == AttemptState.EXPIRED or is_over(attempt, now)
        if attempt.state == AttemptState.SUBMITTED:
            raise AttemptRefusedError("already_submitted", _("This attempt has been submitted."))
        read = read_answers(answers, attempt.paper)
        if is_late:
            late = keep_late(attempt, read, now)
        else:
            merged, taken = merge_answers(attempt.answers, read, now)
            if merged != attempt.answers:
                attempt.answers = merged
                _write(attempt)
    if is_late:
        # Raised outside the transaction, so that the evidence stays.
        raise AttemptRefusedError("time_is_up", _("The time for this attempt is up."), late=late)
    return SavedAnswers(attempt, tuple(taken), now)


def _lock_own(user: "User", attempt_id: UUID | str) -> Attempt:
    key = read_uuid(str(attempt_id))
    if key is None:
        raise no_attempt()
    sql = _LOCK_SQL + (" FOR UPDATE OF attempt" if connection.features.has_select_for_update else "")
    attempt = next(iter(Attempt.objects.raw(sql, [_db_key(key), user.pk])), None)
    if attempt is None:
        raise no_attempt()
    return attempt


def _write(attempt: Attempt) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SAVE_SQL, [json.dumps(attempt.answers), _db_key(str(attempt.pk))])


def _db_key(key: str) -> Any:
    return Attempt._meta.pk.get_db_prep_value(key, connection)
