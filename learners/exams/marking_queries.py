"""What waits for a marker and what has been marked: lists of any length, with a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from courses.quizzes.definition import Question
from courses.quizzes.grading import is_waiting
from learners.exams.grading import Keys, find_questions
from learners.exams.models import Attempt, AttemptResult, AttemptState, EssayMark
from learners.exams.queries import get_quiz_titles
from learners.progress.events import read_uuid

if TYPE_CHECKING:
    from learners.accounts.models import User

UNREAD = ("paper", "answers", "late_answers", "edition__outline", "edition__contents")
MANY = 100


@dataclass(frozen=True, slots=True)
class WaitingAttempt:
    attempt: Attempt
    quiz_title: str
    open_count: int


@dataclass(frozen=True, slots=True)
class QuizChoice:
    """A quiz that has something waiting."""

    course_key: UUID
    course_title: str
    block_id: UUID
    quiz_title: str


@dataclass(frozen=True, slots=True)
class EssayToMark:
    """One answer with what its marker needs: the key's rubric and guidance, the text, a mark it may have already, and
    the attempt's results so far, the first first."""

    attempt: Attempt
    quiz_title: str
    question: Question
    text: str
    word_count: int
    mark: EssayMark | None
    place: int
    total: int
    history: tuple[AttemptResult, ...]


def list_waiting(
    marker: "User", *, course_key: UUID | None = None, block_id: UUID | None = None
) -> "QuerySet[Attempt]":
    """Handed in and not marked to the end, the longest waiting first, without the marker's own. Slice it."""
    waiting = (
        Attempt.objects.filter(is_graded=False, submitted_at__isnull=False)
        .exclude(enrolment__user_id=marker.pk)
        .select_related("enrolment__user", "edition")
        .defer(*UNREAD)
        .order_by("submitted_at", "pk")
    )
    if course_key is not None:
        waiting = waiting.filter(edition__course_key=course_key)
    return waiting if block_id is None else waiting.filter(block_id=block_id)


def describe_waiting(attempts: Sequence[Attempt]) -> list[WaitingAttempt]:
    """With the titles of their quizzes and how many essays are open. Two queries."""
    titles = get_quiz_titles((each.edition_id, each.lesson_key, each.block_id) for each in attempts)
    return [
        WaitingAttempt(
            attempt,
            titles.get((attempt.edition_id, str(attempt.lesson_key), str(attempt.block_id)), ""),
            sum(bool(result.get("is_pending")) for result in (attempt.results or {}).get("questions", ())),
        )
        for attempt in attempts
    ]


def count_waiting(marker: "User") -> int:
    """For a badge: counts no further than ``MANY``. One query."""
    return len(list_waiting(marker).values_list("pk", flat=True)[:MANY])


def list_waiting_quizzes(marker: "User") -> list[QuizChoice]:
    """The quizzes to choose from, by course and title; ``MANY`` at most. Three queries."""
    rows = list_waiting(marker).order_by("edition__course_key", "block_id", "-edition__number")
    values = rows.values_list("edition_id", "edition__course_key", "edition__title", "lesson_key", "block_id")
    found: dict[UUID, tuple[int, UUID, str, UUID, UUID]] = {}
    for row in values.distinct()[: 10 * MANY]:
        found.setdefault(row[4], row)
    titles = get_quiz_titles((row[0], row[3], row[4]) for row in found.values())
    choices = [
        QuizChoice(course_key, course, block, titles.get((edition, str(lesson), str(block)), ""))
        for edition, course_key, course, lesson, block in found.values()
    ]
    return sorted(choices, key=lambda each: (each.course_title, each.quiz_title))[:MANY]


def list_marks() -> "QuerySet[EssayMark]":
    """What has been marked, the latest first. Slice it."""
    return (
        EssayMark.objects.select_related("marked_by", "attempt__enrolment__user", "attempt__edition")
        .defer(*(f"attempt__{name}" for name in (*UNREAD, "results")))
        .order_by("-marked_at", "-pk")
    )


def describe_marks(marks: Sequence[EssayMark]) -> list[tuple[EssayMark, str]]:
    """With the titles of their quizzes. Two queries."""
    units = [(mark.attempt.edition_id, mark.attempt.lesson_key, mark.attempt.block_id) for mark in marks]
    titles = get_quiz_titles(units)
    return [
        (mark, titles.get((edition, str(lesson), str(block)), ""))
        for mark, (edition, lesson, block) in zip(marks, units, strict=True)
    ]


def get_essay(attempt_id: UUID | str, question_id: str = "") -> EssayToMark | None:
    """That answer, or the first of the attempt that waits. ``None`` where there is nothing a person must read."""
    key = read_uuid(str(attempt_id))
    attempt = (
        Attempt.objects.select_related("enrolment__user", "edition")
        .defer("edition__outline", "edition__contents")
        .filter(pk=key)
        .exclude(state=AttemptState.OPEN)
        .first()
        if key
        else None
    )
    if attempt is None:
        return None
    questions = find_questions(attempt, Keys())
    essays = [
        questions[asked["id"]]
        for asked in attempt.paper["questions"]
        if asked["id"] in questions and is_waiting(questions[asked["id"]], attempt.answers.get(asked["id"]))
    ]
    marks = {
        mark.question_id: mark for mark in EssayMark.objects.select_related("marked_by").filter(attempt_id=attempt.pk)
    }
    open_ones = [essay for essay in essays if essay.id not in marks]
    wanted = [essay for essay in essays if essay.id == question_id] if question_id else open_ones or essays
    if not wanted:
        return None
    essay = wanted[0]
    text = attempt.answers[essay.id]["text"]
    titles = get_quiz_titles([(attempt.edition_id, attempt.lesson_key, attempt.block_id)])
    return EssayToMark(
        attempt=attempt,
        quiz_title=next(iter(titles.values()), ""),
        question=essay,
        text=text,
        word_count=len(text.split()),
        mark=marks.get(essay.id),
        place=essays.index(essay) + 1,
        total=len(essays),
        history=tuple(AttemptResult.objects.filter(attempt=attempt).select_related("author").defer("results")),
    )


def find_next_waiting(
    marker: "User",
    *,
    after: tuple[datetime, UUID] | None = None,
    course_key: UUID | None = None,
    block_id: UUID | None = None,
) -> UUID | None:
    """The attempt to mark next: behind ``after`` in the queue, or its first."""
    waiting = list_waiting(marker, course_key=course_key, block_id=block_id)
    keys = waiting.values_list("submitted_at", "pk")
    if after is not None:
        later = keys.filter(submitted_at__gte=after[0])[:MANY]
        behind = next((pk for submitted_at, pk in later if submitted_at and (submitted_at, pk) > after), None)
        if behind is not None:
            return behind
    first = keys.first()
    return first[1] if first is not None and (after is None or first[1] != after[1]) else None
