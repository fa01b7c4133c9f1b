"""What a learner may see of a graded attempt: the marks at once, the key when it can no longer be used.

With attempts left, whoever hands in an empty paper to read the answers would pass the next one. So the key, its
explanations and the feedback on choices are kept back until the quiz is passed or its attempts are used up. A quiz with
unlimited attempts is practice: there the learner is shown everything at once.
"""

from collections.abc import Mapping
from typing import Any

from courses.editions.queries import get_lesson_document
from courses.quizzes.results import read_result
from learners.exams.models import Attempt, AttemptState


def results_by_question(attempt: Attempt) -> Mapping[str, dict[str, Any]]:
    """The graded results by question id, as far as the learner may see them; empty while the attempt is open."""
    if attempt.state == AttemptState.OPEN or not attempt.results:
        return {}
    is_shown = is_key_shown(attempt)
    return {result["question"]: read_result(result, is_key_shown=is_shown) for result in attempt.results["questions"]}


def is_key_shown(attempt: Attempt) -> bool:
    """One query at most, and none for a passed attempt (besides the first reading of the lesson)."""
    if attempt.state == AttemptState.OPEN:
        return False
    if attempt.passed:
        return True
    document = get_lesson_document(attempt.edition_id, str(attempt.lesson_key))
    blocks = document["blocks"] if document else []
    quiz = next((block for block in blocks if block["id"] == str(attempt.block_id)), None)
    if quiz is None or quiz["type"] != "quiz" or quiz["attempts_allowed"] is None:
        return True
    sittings = Attempt.objects.filter(enrolment_id=attempt.enrolment_id, block_id=attempt.block_id)
    return (
        sittings.exclude(state=AttemptState.OPEN).count() >= quiz["attempts_allowed"]
        or sittings.filter(passed=True).exists()
    )
