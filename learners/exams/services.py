"""Sitting quizzes: opening, saving, submitting and closing attempts by the server's clock.

The only module that reads answer keys. An attempt keeps its edition, seed and paper, so a release in the middle of a
sitting changes nothing, and its key is read again only to grade it. All writes take the enrolment's lock first, then
the attempt's, so two tabs, a late save and the sweeper never grade one sitting twice.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.editions.answers import get_quiz
from courses.quizzes.definition import Quiz
from courses.quizzes.grading import grade_quiz
from courses.quizzes.paper import draw_paper
from courses.quizzes.results import grade_to_json
from learners.enrolments.access import study_access
from learners.enrolments.models import Enrolment
from learners.exams.answers import merge_answers, read_answers
from learners.exams.models import Attempt, AttemptState
from learners.progress.events import read_uuid
from learners.progress.ledger import Ledger, lock_enrolment
from learners.progress.services import record_quiz_result

if TYPE_CHECKING:
    from learners.accounts.models import User

logger = logging.getLogger(__name__)

# What the network may take between the learner's last click and the server's clock.
GRACE = timedelta(seconds=15)


class AttemptRefusedError(Exception):
    """``code``: not_found, attempts_used_up, time_is_up, already_submitted, malformed, or a code of access."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class SavedAnswers:
    """``saved`` names the questions taken over; a question left out was late, malformed or not on the paper."""

    attempt: Attempt
    saved: tuple[str, ...]
    saved_at: datetime


def open_attempt(*, user: "User", enrolment: Enrolment, lesson_key: UUID | str, block_id: UUID | str) -> Attempt:
    """The open attempt at this quiz, or a new one with its own paper and deadline.

    Any number of tabs that open at the same moment get one and the same attempt. Raises ``AttemptRefusedError``
    when the quiz does not exist, its lesson is locked or the attempts are used up.
    """
    lesson_id, quiz_id = read_uuid(str(lesson_key)), read_uuid(str(block_id))
    if lesson_id is None or quiz_id is None:
        raise AttemptRefusedError("not_found", _("There is no such quiz."))
    with transaction.atomic():
        locked = lock_enrolment(enrolment_id=enrolment.pk, user=user)
        if locked is None:
            raise AttemptRefusedError("not_found", _("There is no such enrolment."))
        now = timezone.now()
        attempts = list(Attempt.objects.select_for_update().filter(enrolment_id=locked.pk, block_id=quiz_id))
        running = next((attempt for attempt in attempts if attempt.state == AttemptState.OPEN), None)
        if running is not None and not is_over(running, now):
            return running
        if running is not None:
            _close(running, locked, now)
        found = _find_startable(user, locked, lesson_id, quiz_id, len(attempts))
        if isinstance(found, Quiz):
            return _start(locked, found, lesson_id, attempts, now)
    # Raised outside the transaction: a sitting that was closed a moment ago stays closed and graded.
    raise found


def save_answers(*, user: "User", attempt_id: UUID | str, answers: object) -> SavedAnswers:
    """Keep answers while the attempt runs. Saving the same again is harmless; an older ``seq`` is ignored.

    Raises ``AttemptRefusedError``: ``time_is_up`` after the deadline (and its grace), ``already_submitted``.
    """
    with transaction.atomic():
        attempt, _enrolment = _lock_attempt(user, attempt_id)
        now = timezone.now()
        if attempt.state == AttemptState.EXPIRED or (attempt.state == AttemptState.OPEN and is_over(attempt, now)):
            raise AttemptRefusedError("time_is_up", _("The time for this attempt is up."))
        if attempt.state != AttemptState.OPEN:
            raise AttemptRefusedError("already_submitted", _("This attempt has been submitted."))
        attempt.answers, taken = merge_answers(attempt.answers, read_answers(answers, attempt.paper), now)
        attempt.save(update_fields=["answers"])
    return SavedAnswers(attempt, tuple(taken), now)


def submit_attempt(*, user: "User", attempt_id: UUID | str, answers: object = None) -> Attempt:
    """Hand in and grade, once: every later call returns the same result. ``answers`` are saved first.

    After the deadline nothing new is taken: what was saved in time is graded. Raises ``AttemptRefusedError``.
    """
    with transaction.atomic():
        attempt, enrolment = _lock_attempt(user, attempt_id)
        now = timezone.now()
        if attempt.state == AttemptState.OPEN:
            if answers is not None and not is_over(attempt, now):
                attempt.answers, _taken = merge_answers(attempt.answers, read_answers(answers, attempt.paper), now)
            _close(attempt, enrolment, now)
    return attempt


def close_if_over(attempt: Attempt) -> Attempt:
    """Grade an attempt whose time is up, when somebody comes to look at it."""
    if attempt.state != AttemptState.OPEN or not is_over(attempt, timezone.now()):
        return attempt
    return submit_attempt(user=attempt.enrolment.user, attempt_id=attempt.pk)


def close_overdue_attempts(now: datetime | None = None) -> int:
    """Grade what was saved in every attempt whose time is up; how many. One transaction each, safe to repeat."""
    now = now or timezone.now()
    due = Attempt.objects.filter(state=AttemptState.OPEN, deadline_at__lt=now - GRACE)
    closed = 0
    for attempt_id, enrolment_id in list(due.order_by("deadline_at").values_list("pk", "enrolment_id")[:500]):
        with transaction.atomic():
            enrolment = lock_enrolment(enrolment_id=enrolment_id)
            attempt = Attempt.objects.select_for_update().filter(pk=attempt_id, state=AttemptState.OPEN).first()
            if enrolment is None or attempt is None:
                continue
            _close(attempt, enrolment, now)
            closed += 1
    return closed


def is_over(attempt: Attempt, now: datetime) -> bool:
    return attempt.deadline_at is not None and now > attempt.deadline_at + GRACE


def _find_startable(
    user: "User", enrolment: Enrolment, lesson_id: str, block_id: str, used: int
) -> Quiz | AttemptRefusedError:
    """The quiz to sit, or why it may not be sat now."""
    ledger = Ledger(enrolment, timezone.now())
    quiz = get_quiz(enrolment.edition_id, lesson_id, block_id)
    if quiz is None or not quiz.questions or (lesson_id, block_id) not in ledger.course.blocks:
        return AttemptRefusedError("not_found", _("There is no such quiz."))
    access = study_access(user, ledger.outline, enrolment, has_grant=enrolment.has_grant)  # type: ignore[attr-defined]
    if not access.is_allowed:
        return AttemptRefusedError(access.code, access.message)
    ledger.load([lesson_id])
    lock = ledger.find_lock(user, lesson_id)
    if lock is not None:
        return AttemptRefusedError(lock.code, lock.message)
    if quiz.attempts_allowed is not None and used >= quiz.attempts_allowed:
        return AttemptRefusedError("attempts_used_up", _("You have used all attempts at this quiz."))
    return quiz


def _start(enrolment: Enrolment, quiz: Quiz, lesson_id: str, earlier: list[Attempt], now: datetime) -> Attempt:
    seed = secrets.randbelow(2**62)
    return Attempt.objects.create(
        enrolment=enrolment,
        edition_id=enrolment.edition_id,
        lesson_key=UUID(lesson_id),
        block_id=UUID(quiz.id),
        number=max((attempt.number for attempt in earlier), default=0) + 1,
        seed=seed,
        paper=draw_paper(quiz, seed),
        opened_at=now,
        deadline_at=now + timedelta(minutes=quiz.time_limit) if quiz.time_limit else None,
    )


def _lock_attempt(user: "User", attempt_id: UUID | str) -> tuple[Attempt, Enrolment]:
    """The attempt and its enrolment, both locked, in the order every writer uses."""
    missing = AttemptRefusedError("not_found", _("There is no such attempt."))
    key = read_uuid(str(attempt_id))
    if key is None:
        raise missing
    own = Attempt.objects.filter(pk=key, enrolment__user_id=user.pk)
    enrolment_id = own.values_list("enrolment_id", flat=True).first()
    enrolment = lock_enrolment(enrolment_id=enrolment_id, user=user) if enrolment_id else None
    if enrolment is None:
        raise missing
    return Attempt.objects.select_for_update().get(pk=key), enrolment


def _close(attempt: Attempt, enrolment: Enrolment, now: datetime) -> None:
    """Grade what is saved with the key of the attempt's own edition, and record it. Both rows are locked."""
    lesson_id, block_id = str(attempt.lesson_key), str(attempt.block_id)
    quiz = get_quiz(attempt.edition_id, lesson_id, block_id)
    if quiz is None:
        # Editions are never deleted, so this is a damaged database: end the sitting rather than block the learner.
        logger.error("attempt %s has no answer key in edition %s", attempt.pk, attempt.edition_id)
        grade = grade_quiz(Quiz(id=block_id, title="", introduction=""), {})
    else:
        grade = grade_quiz(quiz.on_paper(question["id"] for question in attempt.paper["questions"]), attempt.answers)
    is_late = is_over(attempt, now)
    attempt.state = AttemptState.EXPIRED if is_late else AttemptState.SUBMITTED
    attempt.submitted_at = attempt.deadline_at if is_late else now
    attempt.score, attempt.passed = grade.percent, grade.passed
    attempt.results, attempt.is_graded = grade_to_json(grade), not grade.is_pending
    attempt.save(update_fields=["answers", "state", "submitted_at", "score", "passed", "results", "is_graded"])
    record_quiz_result(
        enrolment=enrolment,
        lesson_id=lesson_id,
        block_id=block_id,
        score=grade.percent,
        is_passed=grade.passed,
        now=now,
    )
