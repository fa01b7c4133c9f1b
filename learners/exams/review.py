"""What a learner may see of a graded attempt: the marks at once, the key when the quiz's review policy says so.

- ``when_useless``: once the quiz is passed or its attempts (with extra ones) are used up; at once where attempts are
  unlimited. With attempts left, whoever hands in an empty paper to read the answers would pass the next one.
- ``after_submission``: at once. ``after_passing``: once any attempt has passed. ``never``: not even then.
- ``after_deadline``: once the enrolment's due date has passed and no attempt at the quiz is running; an enrolment
  without a due date follows ``when_useless``, so that nobody waits for a day that never comes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from courses.editions.documents import QuizBlock
from courses.editions.queries import get_lesson_document
from courses.quizzes.results import read_result
from learners.accommodations.queries import get_accommodation
from learners.exams.models import Attempt, AttemptState
from learners.exams.policies import attempts_left


def results_by_question(attempt: Attempt) -> Mapping[str, dict[str, Any]]:
    """The graded results by question id, as far as the learner may see them; empty while the attempt is open."""
    if attempt.state == AttemptState.OPEN or not attempt.results:
        return {}
    is_shown = is_key_shown(attempt)
    return {result["question"]: read_result(result, is_key_shown=is_shown) for result in attempt.results["questions"]}


def is_key_shown(attempt: Attempt, now: datetime | None = None) -> bool:
    """Three queries at most, besides the first reading of the lesson and of an enrolment that was not read along."""
    if attempt.state == AttemptState.OPEN:
        return False
    quiz = find_quiz_block(attempt)
    policy = quiz.get("review_policy", "when_useless") if quiz else "when_useless"
    if policy in ("never", "after_submission"):
        return policy == "after_submission"
    if policy == "after_passing":
        return _has_passed(attempt)
    due_at = attempt.enrolment.due_at if policy == "after_deadline" else None
    if due_at is not None:
        return (now or timezone.now()) >= due_at and not _sittings(attempt).filter(state=AttemptState.OPEN).exists()
    return _is_useless(attempt, quiz)


def find_quiz_block(attempt: Attempt) -> QuizBlock | None:
    """The settings of the attempt's own edition, without a key."""
    document = get_lesson_document(attempt.edition_id, str(attempt.lesson_key))
    blocks = document["blocks"] if document else []
    block = next((block for block in blocks if block["id"] == str(attempt.block_id)), None)
    return block if block is not None and block["type"] == "quiz" else None


def _is_useless(attempt: Attempt, quiz: QuizBlock | None) -> bool:
    if attempt.passed or quiz is None or quiz["attempts_allowed"] is None or _has_passed(attempt):
        return True
    used = _sittings(attempt).exclude(state=AttemptState.OPEN).count()
    if used < quiz["attempts_allowed"]:
        return False
    held = get_accommodation(attempt.enrolment.user_id)
    return attempts_left(quiz["attempts_allowed"], extra=held.extra_attempts if held else 0, used=used) == 0


def _has_passed(attempt: Attempt) -> bool:
    return bool(attempt.passed) or _sittings(attempt).filter(passed=True).exists()


def _sittings(attempt: Attempt) -> Any:
    return Attempt.objects.filter(enrolment_id=attempt.enrolment_id, block_id=attempt.block_id)
