"""Quizzes as the lesson and result pages show them: tries used and left, best score, whether another try may start."""

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.editions.documents import QuizBlock
from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt, AttemptState
from learners.views.cards import AttemptSummary, QuizCard


def make_quiz_card(
    block: QuizBlock, lesson_id: str, enrolment: Enrolment | None, attempts: list[Attempt], *, is_passed: bool
) -> QuizCard:
    allowed = block["attempts_allowed"]
    left = None if allowed is None else max(0, allowed - len(attempts))
    running = next((attempt for attempt in attempts if attempt.state == AttemptState.OPEN), None)
    scores = [attempt.score for attempt in attempts if attempt.score is not None]
    can_open = enrolment is not None and block["question_count"] > 0 and (running is not None or left != 0)
    return QuizCard(
        open_url=reverse("attempt-open"),
        open_attempt_url=reverse("attempt", args=[running.pk]) if running else None,
        attempts_used=len(attempts),
        attempts_allowed=allowed,
        attempts_left=left,
        best_score=max(scores, default=None),
        passed=is_passed,
        can_open=can_open,
        message=_explain(block, enrolment, left, running is not None, is_passed=is_passed),
        enrolment_id=enrolment.pk if enrolment else None,
        lesson_id=lesson_id,
        block_id=block["id"],
        attempts=[
            AttemptSummary(
                attempt.number,
                attempt.score,
                attempt.passed,
                reverse("attempt", args=[attempt.pk]),
                attempt.submitted_at,
            )
            for attempt in attempts
            if attempt.state != AttemptState.OPEN
        ],
    )


def _explain(
    block: QuizBlock, enrolment: Enrolment | None, left: int | None, is_running: bool, *, is_passed: bool
) -> str:
    if enrolment is None:
        return _("Enrol to take this quiz.")
    if block["question_count"] == 0:
        return _("This quiz has no questions yet.")
    if is_running:
        return _("You have an attempt in progress.")
    if left == 0:
        return _("You have used all attempts.") if not is_passed else _("You passed, and have used all attempts.")
    return ""
