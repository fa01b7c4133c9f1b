"""Choosing what to grade again, and following regrades: lists with a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from courses.editions.models import CourseState, Edition
from courses.editions.queries import get_documents, get_outline
from learners.enrolments.models import Enrolment
from learners.exams.models import AttemptResult, Regrade
from learners.exams.queries import get_quiz_titles
from learners.exams.regrading import Change

MANY = 500


@dataclass(frozen=True, slots=True)
class CourseQuiz:
    """A quiz of the edition in force."""

    lesson_key: str
    block_id: str
    lesson_title: str
    title: str

    @property
    def key(self) -> str:
        return f"{self.lesson_key}:{self.block_id}"


def list_course_states() -> list[CourseState]:
    """Courses with at least two editions, by title. One query."""
    states = CourseState.objects.filter(edition__number__gt=1).select_related("edition")
    return list(states.only("pk", "title", "language", "edition__number").order_by("title", "pk")[:MANY])


def list_quizzes(state: CourseState) -> list[CourseQuiz]:
    """The quizzes of the edition in force, in the order of the course. Three queries at most."""
    if state.edition is None:
        return []
    outline = get_outline(state.edition.pk, state.edition.digest)
    lessons = [
        lesson
        for module in outline["modules"]
        for lesson in module["lessons"]
        if any(block["type"] == "quiz" for block in lesson["blocks"])
    ]
    documents = get_documents({(state.edition.pk, lesson["id"]) for lesson in lessons})
    return [
        CourseQuiz(lesson["id"], block["id"], lesson["title"], str(block.get("title", "")))
        for lesson in lessons
        for block in documents[(state.edition.pk, lesson["id"])]["blocks"]
        if block["type"] == "quiz"
    ]


def list_key_editions(state: CourseState) -> list[Edition]:
    """Editions that have older ones, the newest first. One query."""
    editions = Edition.objects.filter(course_key=state.course_key, language=state.language, number__gt=1)
    return list(editions.defer("outline", "contents").order_by("-number")[:MANY])


def list_regrades() -> "QuerySet[Regrade]":
    """The latest first. Slice it."""
    return (
        Regrade.objects.select_related("key_edition", "author")
        .defer("key_edition__outline", "key_edition__contents")
        .order_by("-created_at", "-pk")
    )


def describe_regrades(regrades: Sequence[Regrade]) -> list[tuple[Regrade, str]]:
    """With the titles of their quizzes. Two queries."""
    titles = get_quiz_titles((each.key_edition_id, each.lesson_key, each.block_id) for each in regrades)
    return [
        (each, titles.get((each.key_edition_id, str(each.lesson_key), str(each.block_id)), "")) for each in regrades
    ]


def list_results(regrade: Regrade) -> "QuerySet[AttemptResult]":
    """What a regrade changed, with the score before it as ``old_score`` and ``old_passed``; who passes or fails by it
    first, then whose score it changed. Slice it."""
    before = AttemptResult.objects.filter(attempt=OuterRef("attempt"), number__lt=OuterRef("number"))
    return (
        AttemptResult.objects.filter(regrade=regrade)
        .select_related("attempt__enrolment__user")
        .defer("results", *(f"attempt__{name}" for name in ("paper", "answers", "late_answers", "results")))
        .annotate(
            old_score=Subquery(before.order_by("-number").values("score")[:1]),
            old_passed=Subquery(before.order_by("-number").values("passed")[:1]),
            weight=Case(When(~Q(passed=F("old_passed")), then=0), When(~Q(score=F("old_score")), then=1), default=2),
        )
        .order_by("weight", "pk")
    )


def get_learner_names(changes: Sequence[Change]) -> dict[int, str]:
    """Names by enrolment, of those on one page. One query."""
    enrolments = Enrolment.objects.filter(pk__in=[change.enrolment_id for change in changes]).select_related("user")
    return {enrolment.pk: str(enrolment.user) for enrolment in enrolments}
