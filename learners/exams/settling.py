"""Results of attempts, and what they come to for the block. Every function expects the locks of ``lock_attempt``."""

from datetime import datetime
from typing import TYPE_CHECKING

from courses.quizzes.definition import Quiz
from courses.quizzes.grading import Grade
from courses.quizzes.results import grade_to_json
from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt, AttemptResult, AttemptState, Regrade
from learners.exams.policies import Sitting, settle_score
from learners.progress.services import record_quiz_result

if TYPE_CHECKING:
    from learners.accounts.models import User


def add_result(
    *,
    attempt: Attempt,
    grade: Grade,
    kind: str,
    key_edition_id: int,
    now: datetime,
    reason: str = "",
    author: "User | None" = None,
    regrade: Regrade | None = None,
) -> AttemptResult:
    """A new result beside the earlier ones; the attempt carries it from now on, saved with its answers and state.

    While an essay waits to be marked there is no score, and nobody has passed or failed.
    """
    attempt.is_graded = not grade.is_pending
    attempt.is_counted = False
    attempt.score = None if grade.is_pending else grade.percent
    attempt.passed = None if grade.is_pending else grade.passed
    attempt.results = grade_to_json(grade)
    attempt.save(
        update_fields=[
            "answers",
            "late_answers",
            "state",
            "submitted_at",
            "score",
            "passed",
            "results",
            "is_graded",
            "is_counted",
        ]
    )
    numbers = AttemptResult.objects.filter(attempt=attempt).order_by("-number").values_list("number", flat=True)
    return AttemptResult.objects.create(
        attempt=attempt,
        number=(numbers.first() or 0) + 1,
        kind=kind,
        key_edition_id=key_edition_id,
        score=attempt.score,
        passed=attempt.passed,
        results=attempt.results,
        reason=reason,
        author=author,
        regrade=regrade,
        created_at=now,
    )


def settle_quiz(
    *, enrolment: Enrolment, lesson_id: str, block_id: str, quiz: Quiz, now: datetime, is_activity: bool = True
) -> bool:
    """Work out the block's score anew from all its graded attempts; True when that completed the course.

    Called after anything that grades: handing in, marking, grading again. ``quiz`` gives policy and pass mark. A block
    that was completed stays completed, whatever the score has become. ``is_activity`` says whether the learner is at it
    just now, which counts as time spent. Safe to repeat.
    """
    graded = Attempt.objects.filter(
        enrolment_id=enrolment.pk, lesson_key=lesson_id, block_id=block_id, is_graded=True
    ).exclude(state=AttemptState.OPEN)
    sittings = [
        Sitting(score, bool(passed))
        for score, passed in graded.order_by("number").values_list("score", "passed")
        if score is not None
    ]
    settled = settle_score(quiz.score_policy, sittings, quiz.pass_percent)
    return record_quiz_result(
        enrolment=enrolment,
        lesson_id=lesson_id,
        block_id=block_id,
        score=settled.score if settled else None,
        is_passed=settled is not None and settled.is_passed,
        now=now,
        is_activity=is_activity,
    )
