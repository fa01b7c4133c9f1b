"""Closing attempts: handing in, and what the scheduler does for whoever never came back."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.editions.answers import get_quiz
from courses.quizzes.definition import Quiz
from courses.quizzes.grading import grade_quiz
from learners.enrolments.models import Enrolment
from learners.exams.answers import find_changed, merge_answers, read_answers
from learners.exams.locking import GRACE, is_over, lock_attempt
from learners.exams.models import Attempt, AttemptState, ResultKind
from learners.exams.settling import add_result, settle_quiz
from learners.progress.ledger import lock_enrolment

if TYPE_CHECKING:
    from learners.accounts.models import User

logger = logging.getLogger(__name__)

# A sweep takes so many; the next one follows half a minute later.
SWEEP = 500


def submit_attempt(*, user: "User", attempt_id: UUID | str, answers: object = None) -> Attempt:
    """Hand in and grade, once: every later call returns the same result. ``answers`` are saved first.

    After the deadline (and its grace) what was saved in time is graded; new answers are kept in ``late_answers`` and
    never scored. Raises ``AttemptRefusedError``.
    """
    with transaction.atomic():
        attempt, enrolment = lock_attempt(user, attempt_id)
        now = timezone.now()
        if attempt.state == AttemptState.SUBMITTED:
            return attempt
        read = read_answers(answers, attempt.paper)
        if is_over(attempt, now):
            keep_late(attempt, read, now)
        else:
            attempt.answers, _taken = merge_answers(attempt.answers, read, now)
        if attempt.state == AttemptState.OPEN:
            close_attempt(attempt, enrolment, now)
    return attempt


def keep_late(attempt: Attempt, read: dict[str, dict[str, object]], now: datetime) -> tuple[str, ...]:
    """Keep what came after the end and says something else than what was saved in time; the questions it is about.

    The attempt's lock is held.
    """
    late = find_changed(attempt.answers, read)
    if not late:
        return ()
    attempt.late_answers, _taken = merge_answers(attempt.late_answers, late, now)
    attempt.save(update_fields=["late_answers"])
    return tuple(late)


def close_if_over(attempt: Attempt) -> Attempt:
    """Grade an attempt whose time is up, when somebody comes to look at it."""
    if attempt.state != AttemptState.OPEN or not is_over(attempt, timezone.now()):
        return attempt
    return submit_attempt(user=attempt.enrolment.user, attempt_id=attempt.pk)


def close_overdue_attempts(now: datetime | None = None) -> int:
    """Grade what was saved in every attempt whose time is up; how many. One transaction each, safe to repeat.

    An attempt without a time limit stays open until its learner hands it in: the quiz says "continue". One attempt that
    cannot be closed keeps no other from being closed.
    """
    now = now or timezone.now()
    due = Attempt.objects.filter(state=AttemptState.OPEN, deadline_at__lt=now - GRACE)
    closed = 0
    for attempt_id, enrolment_id in list(due.order_by("deadline_at").values_list("pk", "enrolment_id")[:SWEEP]):
        try:
            closed += _close_overdue(attempt_id, enrolment_id, now)
        except Exception:
            logger.exception("attempt %s could not be closed", attempt_id)
    return closed


def _close_overdue(attempt_id: UUID, enrolment_id: int, now: datetime) -> bool:
    with transaction.atomic():
        enrolment = lock_enrolment(enrolment_id=enrolment_id)
        attempt = Attempt.objects.select_for_update().filter(pk=attempt_id, state=AttemptState.OPEN).first()
        # Meanwhile it may have been handed in, or its learner given more time.
        if enrolment is None or attempt is None or not is_over(attempt, now):
            return False
        close_attempt(attempt, enrolment, now)
    return True


def close_attempt(attempt: Attempt, enrolment: Enrolment, now: datetime) -> None:
    """Grade what is saved with the key of the attempt's own edition, and record it. Both rows are locked."""
    lesson_id, block_id = str(attempt.lesson_key), str(attempt.block_id)
    quiz = get_quiz(attempt.edition_id, lesson_id, block_id)
    if quiz is None:
        # Editions are never deleted, so this is a damaged database: end the sitting rather than block the learner.
        logger.error("attempt %s has no answer key in edition %s", attempt.pk, attempt.edition_id)
        quiz = Quiz(id=block_id, title="", introduction="")
    is_late = is_over(attempt, now)
    attempt.state = AttemptState.EXPIRED if is_late else AttemptState.SUBMITTED
    attempt.submitted_at = attempt.deadline_at if is_late else now
    grade = grade_quiz(quiz.on_paper(question["id"] for question in attempt.paper["questions"]), attempt.answers)
    add_result(attempt=attempt, grade=grade, kind=ResultKind.SUBMISSION, key_edition_id=attempt.edition_id, now=now)
    settle_quiz(enrolment=enrolment, lesson_id=lesson_id, block_id=block_id, quiz=quiz, now=now)
