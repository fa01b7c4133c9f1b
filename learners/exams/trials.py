"""What a key that is not released yet would make of a quiz's attempts, on trial: writes nothing, tells no answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from courses.editions.models import CourseState
from learners.exams.grading import Keys, grade_again, marks_by_attempt
from learners.exams.models import Attempt, AttemptState

BATCH = 1_000
# Stands for what is no edition yet; real ones are counted from 1.
UNRELEASED = 0

Unit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Flips:
    """``open`` attempts keep their paper and key; the others are those that would pass or fail if graded again."""

    open: int = 0
    to_pass: int = 0
    to_fail: int = 0


def count_flips(state: CourseState, quizzes: Collection[Unit], key_texts: Mapping[str, str]) -> Flips:
    """For the ``quizzes`` whose key would change; ``key_texts`` are the new keys of their lessons, as compiled.

    Three queries for up to a thousand attempts that were handed in, and two for every edition they were sat on.
    """
    if not quizzes:
        return Flips()
    keys = Keys()
    for lesson, text in key_texts.items():
        keys.put_text(UNRELEASED, lesson, text)
    attempts = Attempt.objects.filter(
        edition__course_key=state.course_key,
        edition__language=state.language,
        lesson_key__in={lesson for lesson, _block in quizzes},
        block_id__in={block for _lesson, block in quizzes},
    )
    running = attempts.filter(state=AttemptState.OPEN).values_list("lesson_key", "block_id").annotate(count=Count("pk"))
    is_open = sum(count for lesson, block, count in running if (str(lesson), str(block)) in quizzes)
    to_pass = to_fail = 0
    closed = attempts.exclude(state=AttemptState.OPEN).defer("paper", "late_answers").order_by("pk")
    for attempt, passes in _grade_all(closed, quizzes, keys):
        if attempt.passed != passes:
            to_pass += bool(passes)
            to_fail += not passes
    return Flips(is_open, to_pass, to_fail)


def _grade_all(
    closed: "QuerySet[Attempt]", quizzes: Collection[Unit], keys: Keys
) -> "list[tuple[Attempt, bool | None]]":
    """What each attempt would come to; ``None`` while an essay waits. What cannot be graded is left out."""
    found: list[tuple[Attempt, bool | None]] = []
    cursor: UUID | None = None
    while batch := list((closed if cursor is None else closed.filter(pk__gt=cursor))[:BATCH]):
        marks = marks_by_attempt(attempt.pk for attempt in batch)
        for attempt in batch:
            if (str(attempt.lesson_key), str(attempt.block_id)) not in quizzes or not attempt.results:
                continue
            regraded = grade_again(attempt, key_edition_id=UNRELEASED, keys=keys, marks=marks.get(attempt.pk, {}))
            if regraded is not None:
                found.append((attempt, None if regraded.grade.is_pending else regraded.grade.passed))
        cursor = batch[-1].pk
    return found
