"""Quizzes as the lesson and result pages show them: tries used and left, best score, whether another try may start."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.editions.documents import QuizBlock
from learners.accommodations.models import Accommodation
from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt, AttemptState
from learners.exams.opening import limit_for
from learners.exams.policies import attempts_left, opens_again_at
from learners.views.cards import AttemptSummary, QuizCard


def make_quiz_card(
    block: QuizBlock,
    lesson_id: str,
    enrolment: Enrolment | None,
    attempts: list[Attempt],
    *,
    is_passed: bool,
    accommodation: Accommodation | None = None,
) -> QuizCard:
    """``accommodation`` is what is in force for the learner; ``attempts`` are all of theirs, oldest first."""
    extra = accommodation.extra_attempts if accommodation and block["attempts_allowed"] is not None else 0
    left = attempts_left(block["attempts_allowed"], extra=extra, used=len(attempts))
    running = next((attempt for attempt in attempts if attempt.state == AttemptState.OPEN), None)
    scores = [attempt.score for attempt in attempts if attempt.score is not None]
    available_at = None if running or left == 0 else _find_wait(block, attempts)
    can_open = (
        enrolment is not None
        and block["question_count"] > 0
        and (running is not None or (left != 0 and available_at is None))
    )
    return QuizCard(
        open_url=reverse("attempt-open"),
        open_attempt_url=reverse("attempt", args=[running.pk]) if running else None,
        attempts_used=len(attempts),
        attempts_allowed=None if block["attempts_allowed"] is None else block["attempts_allowed"] + extra,
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
        available_at=available_at,
        limit_minutes=own_minutes(block["time_limit"], accommodation),
        is_untimed=bool(block["time_limit"] and accommodation and accommodation.is_untimed),
        extra_attempts=extra,
        score_note=_explain_score(block),
    )


def _find_wait(block: QuizBlock, attempts: list[Attempt]) -> datetime | None:
    """When the cool-down ends, if it is running."""
    closed_at = max((each.submitted_at for each in attempts if each.submitted_at is not None), default=None)
    opens_at = opens_again_at(closed_at, block.get("cooldown_minutes"))
    return opens_at if opens_at is not None and opens_at > timezone.now() else None


def own_minutes(limit: int | None, accommodation: Accommodation | None) -> int | None:
    """The learner's own limit where it is longer than everybody's."""
    if not limit or accommodation is None:
        return None
    seconds = limit_for(limit * 60, accommodation)
    return seconds // 60 if seconds is not None and seconds > limit * 60 else None


def _explain_score(block: QuizBlock) -> str:
    """Which of several attempts counts, where it is not the best."""
    policy = block.get("score_policy", "best")
    if policy == "last":
        return _("Your last attempt counts.")
    return _("The average of your attempts counts.") if policy == "average" else ""


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
