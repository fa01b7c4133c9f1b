"""Opening an attempt: who may sit the quiz now, the paper drawn for them and the end by the server's clock."""

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.editions.answers import get_quiz
from courses.quizzes.definition import Quiz
from courses.quizzes.paper import draw_paper
from learners.accommodations.models import Accommodation
from learners.accommodations.queries import get_accommodation
from learners.accommodations.services import lock_accommodation
from learners.accommodations.timing import allowed_seconds
from learners.enrolments.access import study_access
from learners.enrolments.models import Enrolment
from learners.exams.closing import close_attempt
from learners.exams.locking import AttemptRefusedError, is_over
from learners.exams.models import Attempt, AttemptState
from learners.exams.policies import attempts_left, opens_again_at
from learners.exams.queries import LONG_TEXTS
from learners.progress.events import read_uuid
from learners.progress.ledger import Ledger, lock_enrolment

if TYPE_CHECKING:
    from learners.accounts.models import User


def open_attempt(*, user: "User", enrolment: Enrolment, lesson_key: UUID | str, block_id: UUID | str) -> Attempt:
    """The open attempt at this quiz, or a new one with its own paper and deadline.

    Any number of tabs that open at the same moment get one and the same attempt. Raises ``AttemptRefusedError``
    when the quiz does not exist, its lesson is locked, the attempts are used up or the cool-down is running.
    """
    lesson_id, quiz_id = read_uuid(str(lesson_key)), read_uuid(str(block_id))
    if lesson_id is None or quiz_id is None:
        raise AttemptRefusedError("not_found", _("There is no such quiz."))
    with transaction.atomic():
        lock_accommodation(user.pk)
        locked = lock_enrolment(enrolment_id=enrolment.pk, user=user)
        if locked is None:
            raise AttemptRefusedError("not_found", _("There is no such enrolment."))
        now = timezone.now()
        sat = Attempt.objects.select_for_update().filter(enrolment_id=locked.pk, block_id=quiz_id)
        attempts = list(sat.defer(*LONG_TEXTS))
        running = next((attempt for attempt in attempts if attempt.state == AttemptState.OPEN), None)
        if running is not None and not is_over(running, now):
            return running
        if running is not None:
            close_attempt(running, locked, now)
        held = get_accommodation(user.pk)
        found = _find_startable(user, locked, lesson_id, quiz_id, now)
        if isinstance(found, Quiz):
            found = _find_wait(found, attempts, held, now) or found
        if isinstance(found, Quiz):
            return _start(locked, found, lesson_id, attempts, held, now)
    # Raised outside the transaction: a sitting that was closed a moment ago stays closed and graded.
    raise found


def describe_accommodation(held: Accommodation | None) -> dict[str, Any]:
    """What an attempt keeps of the accommodation it ran under: never the note."""
    if held is None:
        return {}
    return {
        "id": held.pk,
        "time_factor": f"{held.time_factor:.2f}",
        "extra_attempts": held.extra_attempts,
        "is_untimed": held.is_untimed,
    }


def limit_for(base: int | None, held: Accommodation | None) -> int | None:
    """The seconds this learner gets of a limit of ``base`` seconds."""
    if held is None:
        return base
    return allowed_seconds(base, time_factor=held.time_factor, is_untimed=held.is_untimed)


def _find_startable(
    user: "User", enrolment: Enrolment, lesson_id: str, block_id: str, now: datetime
) -> Quiz | AttemptRefusedError:
    """The quiz, or why this person may not sit it."""
    ledger = Ledger(enrolment, now)
    quiz = get_quiz(enrolment.edition_id, lesson_id, block_id)
    if quiz is None or not quiz.question_count or (lesson_id, block_id) not in ledger.course.blocks:
        return AttemptRefusedError("not_found", _("There is no such quiz."))
    access = study_access(user, ledger.outline, enrolment, has_grant=enrolment.has_grant)  # type: ignore[attr-defined]
    if not access.is_allowed:
        return AttemptRefusedError(access.code, access.message)
    ledger.load([lesson_id])
    lock = ledger.find_lock(user, lesson_id)
    return quiz if lock is None else AttemptRefusedError(lock.code, lock.message)


def _find_wait(
    quiz: Quiz, earlier: list[Attempt], held: Accommodation | None, now: datetime
) -> AttemptRefusedError | None:
    """Why no further attempt may start now, if so."""
    extra = held.extra_attempts if held else 0
    if attempts_left(quiz.attempts_allowed, extra=extra, used=len(earlier)) == 0:
        return AttemptRefusedError("attempts_used_up", _("You have used all attempts at this quiz."))
    closed_at = max((each.submitted_at for each in earlier if each.submitted_at is not None), default=None)
    available_at = opens_again_at(closed_at, quiz.cooldown_minutes)
    if available_at is None or available_at <= now:
        return None
    moment = date_format(timezone.localtime(available_at), "j M Y, H:i")
    message = _("Take a break first: the next attempt opens on %(moment)s.") % {"moment": moment}
    return AttemptRefusedError("cooling_down", message, available_at=available_at)


def _start(
    enrolment: Enrolment,
    quiz: Quiz,
    lesson_id: str,
    earlier: list[Attempt],
    held: Accommodation | None,
    now: datetime,
) -> Attempt:
    seed = secrets.randbelow(2**62)
    base = quiz.time_limit * 60 if quiz.time_limit else None
    limit = limit_for(base, held)
    return Attempt.objects.create(
        enrolment=enrolment,
        edition_id=enrolment.edition_id,
        lesson_key=UUID(lesson_id),
        block_id=UUID(quiz.id),
        number=max((attempt.number for attempt in earlier), default=0) + 1,
        seed=seed,
        paper=draw_paper(quiz, seed),
        accommodation=describe_accommodation(held),
        base_time_limit=base,
        time_limit=limit,
        opened_at=now,
        deadline_at=now + timedelta(seconds=limit) if limit is not None else None,
    )
