"""Reading attempts, always as their own learner."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from courses.editions.queries import get_documents
from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt, AttemptResult

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User

# A list of attempts needs neither papers nor answers.
LONG_TEXTS = ("paper", "answers", "late_answers", "results")


def get_attempt(user: "User | AnonymousUser", attempt_id: UUID | str) -> Attempt | None:
    """``None`` for somebody else's. With the enrolment and the facts of the attempt's edition. One query."""
    if not user.is_authenticated:
        return None
    return (
        Attempt.objects.select_related("enrolment", "edition")
        .defer("edition__outline", "edition__contents")
        .filter(pk=attempt_id, enrolment__user_id=user.pk)
        .first()
    )


def list_scored_results(attempt: Attempt) -> list[AttemptResult]:
    """The results with a score, the latest first: more than one when it was graded again. One query."""
    results = AttemptResult.objects.filter(attempt_id=attempt.pk, score__isnull=False)
    return list(results.defer("results").order_by("-number"))


def list_own_attempts(user: "User", *, enrolment_id: int | None = None) -> "QuerySet[Attempt]":
    """The attempts of this person (at the quizzes of one enrolment), the last opened first. Slice it."""
    attempts = Attempt.objects.filter(enrolment__user_id=user.pk).defer(*LONG_TEXTS).order_by("-opened_at", "pk")
    return attempts if enrolment_id is None else attempts.filter(enrolment_id=enrolment_id)


def list_attempts(enrolment: Enrolment | None, lesson_id: str) -> dict[str, list[Attempt]]:
    """All attempts at the quizzes of a lesson by block id, oldest first. One query."""
    attempts: dict[str, list[Attempt]] = defaultdict(list)
    if enrolment is None:
        return attempts
    for attempt in Attempt.objects.filter(enrolment_id=enrolment.pk, lesson_key=lesson_id).defer(*LONG_TEXTS):
        attempts[str(attempt.block_id)].append(attempt)
    return attempts


def get_quiz_titles(units: Iterable[tuple[int, UUID, UUID]]) -> dict[tuple[int, str, str], str]:
    """Titles by (edition, lesson, block), as the edition has them; what an edition does not have is left out. Two
    queries, whatever the number."""
    wanted = {(edition, str(lesson), str(block)) for edition, lesson, block in units}
    documents = get_documents({(edition, lesson) for edition, lesson, _block in wanted})
    return {
        (edition, lesson, block["id"]): str(block.get("title", ""))
        for (edition, lesson), document in documents.items()
        for block in document["blocks"]
        if (edition, lesson, block["id"]) in wanted
    }
