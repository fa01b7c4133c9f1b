"""The attempts of an enrolment as evidence: paper, answers in words, gradings. The answer key is never part of it."""

from collections import defaultdict

from django.db.models import Prefetch

from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt, AttemptResult
from learners.progress.arithmetic import Unit
from learners.reporting.access import Viewer
from learners.reporting.answers import describe_answer, describe_choices
from learners.reporting.moments import in_utc, iso, moment, name_of, number
from learners.reporting.shapes import AttemptEvidence, GradingEvidence, QuestionEvidence


def collect_attempts(enrolment: Enrolment, viewer: Viewer) -> dict[Unit, list[AttemptEvidence]]:
    """All attempts of the enrolment by lesson and block, in the order they were opened. Two queries."""
    gradings = AttemptResult.objects.select_related("author", "key_edition").defer(
        "results", "key_edition__outline", "key_edition__contents"
    )
    rows = (
        Attempt.objects.filter(enrolment_id=enrolment.pk)
        .select_related("edition")
        .defer("edition__outline", "edition__contents")
        .prefetch_related(Prefetch("gradings", gradings))
        .order_by("opened_at", "number")
    )
    found: dict[Unit, list[AttemptEvidence]] = defaultdict(list)
    for attempt in rows:
        found[(str(attempt.lesson_key), str(attempt.block_id))].append(_attempt(attempt, viewer))
    return dict(found)


def _attempt(attempt: Attempt, viewer: Viewer) -> AttemptEvidence:
    return {
        "id": str(attempt.pk),
        "number": attempt.number,
        "edition": attempt.edition.number,
        "state": attempt.state,
        "opened_at": iso(attempt.opened_at),
        "deadline_at": moment(attempt.deadline_at),
        "submitted_at": moment(attempt.submitted_at),
        "base_time_limit": attempt.base_time_limit,
        "time_limit": attempt.time_limit,
        "accommodation": attempt.accommodation,
        "score": number(attempt.score),
        "passed": attempt.passed,
        "is_graded": attempt.is_graded,
        "questions": _questions(attempt, viewer),
        "gradings": [_grading(each) for each in attempt.gradings.all()],
    }


def _questions(attempt: Attempt, viewer: Viewer) -> list[QuestionEvidence]:
    graded = (attempt.results or {}).get("questions", []) if viewer != "owner" else []
    results = {result["question"]: result for result in graded}
    questions: list[QuestionEvidence] = []
    for question in attempt.paper["questions"]:
        answer = attempt.answers.get(question["id"])
        result = results.get(question["id"], {})
        questions.append(
            {
                "id": question["id"],
                "type": question["type"],
                "prompt": question["prompt"],
                "max_points": question["points"],
                "choices": describe_choices(question),
                "answer": describe_answer(question, answer),
                "saved_at": in_utc(answer.get("saved_at")) if answer else None,
                "late_answer": describe_answer(question, attempt.late_answers.get(question["id"])),
                "points": None if result.get("is_pending") else result.get("points"),
                "comment": str(result.get("comment", "")),
            }
        )
    return questions


def _grading(grading: AttemptResult) -> GradingEvidence:
    return {
        "number": grading.number,
        "kind": grading.kind,
        "edition": grading.key_edition.number,
        "score": number(grading.score),
        "passed": grading.passed,
        "reason": grading.reason,
        "author": name_of(grading.author),
        "created_at": iso(grading.created_at),
    }
