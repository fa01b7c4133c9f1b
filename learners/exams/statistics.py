"""Question analysis: counted in the background from graded attempts, read from one row a quiz and edition.

Each attempt says itself whether its present result is counted (``is_counted``) and which one is (``counted_number``).
An attempt that commits late is found all the same, none is counted twice, and one that gets another result, by a marker
or a regrade, is taken out of the sums as it was and put in as it is, in one transaction.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from courses.quizzes.definition import Question
from learners.exams.grading import Keys
from learners.exams.items import (
    Counts,
    ItemCount,
    add_counts,
    count_paper,
    counts_from_json,
    counts_to_json,
    find_flags,
    find_idle,
    take_counts,
)
from learners.exams.models import Attempt, AttemptResult, ItemStatistics
from learners.exams.queries import get_quiz_titles

logger = logging.getLogger(__name__)

BATCH = 500
QUIZZES = 200  # that one sweep looks after
BUDGET = timedelta(seconds=10)

Unit = tuple[int, UUID, UUID]


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """``share`` of the papers with this choice ticked, 0 to 1."""

    text: str
    is_right: bool
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class QuestionAnalysis:
    """``question`` is ``None`` if the edition's key does not have it; ``idle`` are the texts of unchosen choices."""

    number: int
    question_id: str
    question: Question | None
    count: ItemCount
    choices: tuple[ChoiceLine, ...]
    flags: tuple[str, ...]
    idle: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuizAnalysis:
    """``is_behind``: attempts wait to be counted, which takes a scheduler half a minute."""

    statistics: ItemStatistics
    title: str
    questions: tuple[QuestionAnalysis, ...]
    is_behind: bool


def count_attempts(budget: timedelta = BUDGET) -> int:
    """Count what is graded and not counted yet, or not as it is now; how many attempts. Safe to call from anywhere."""
    until = timezone.now() + budget
    waiting = _waiting().order_by("edition_id", "lesson_key", "block_id")
    units = waiting.values_list("edition_id", "lesson_key", "block_id").distinct()
    total = 0
    for unit in list(units[:QUIZZES]):
        while counted := _count_batch(unit):
            total += counted
            if timezone.now() >= until:
                return total
    return total


def list_statistics() -> "QuerySet[ItemStatistics]":
    """Every quiz and edition that has been counted, the last counted first. Slice it."""
    return (
        ItemStatistics.objects.select_related("edition")
        .defer("body", "edition__outline", "edition__contents")
        .filter(attempts__gt=0)
        .order_by("-computed_at", "-pk")
    )


def get_analysis(statistics_id: int) -> QuizAnalysis | None:
    """The questions of one quiz in one edition with what they came to, in the quiz's order. The number of queries and
    the time do not depend on the number of attempts."""
    row = (
        ItemStatistics.objects.select_related("edition")
        .defer("edition__outline", "edition__contents")
        .filter(pk=statistics_id)
        .first()
    )
    if row is None:
        return None
    unit = (row.edition_id, row.lesson_key, row.block_id)
    quiz = Keys().find(*unit)
    counts = counts_from_json(row.body)
    questions = {question.id: question for question in quiz.questions} if quiz else {}
    order = [*(key for key in questions if key in counts), *sorted(set(counts) - set(questions))]
    return QuizAnalysis(
        statistics=row,
        title=quiz.title if quiz else "",
        questions=tuple(
            _analyse(number, key, questions.get(key), counts[key]) for number, key in enumerate(order, start=1)
        ),
        is_behind=_waiting().filter(edition_id=row.edition_id, block_id=row.block_id).exists(),
    )


def describe_rows(rows: list[ItemStatistics]) -> Iterator[tuple[ItemStatistics, str]]:
    """Each with the title of its quiz. Two queries."""
    titles = get_quiz_titles((row.edition_id, row.lesson_key, row.block_id) for row in rows)
    for row in rows:
        yield row, titles.get((row.edition_id, str(row.lesson_key), str(row.block_id)), "")


def _analyse(number: int, key: str, question: Question | None, count: ItemCount) -> QuestionAnalysis:
    choices = question.choices if question else ()
    texts = {choice.id: choice.text for choice in choices}
    wrong = [choice.id for choice in choices if not choice.is_correct]
    right = question.right_ids if question else ()
    return QuestionAnalysis(
        number=number,
        question_id=key,
        question=question,
        count=count,
        choices=tuple(
            ChoiceLine(
                choice.text,
                choice.is_correct,
                count.choices.get(choice.id, 0),
                count.choices.get(choice.id, 0) / count.n if count.n else 0.0,
            )
            for choice in choices
        ),
        flags=find_flags(count, right=right, wrong=wrong),
        idle=tuple(texts[key] for key in find_idle(count, wrong)),
    )


def _waiting() -> "QuerySet[Attempt]":
    return Attempt.objects.filter(is_graded=True, is_counted=False)


def _count_batch(unit: Unit) -> int:
    """One transaction: the sums and the attempts' own word that they are in them. An attempt somebody else holds is
    left for the next sweep, so nobody ever waits for the count."""
    edition_id, lesson_key, block_id = unit
    facts = {"edition_id": edition_id, "lesson_key": lesson_key, "block_id": block_id}
    if not ItemStatistics.objects.filter(**facts).exists():
        ItemStatistics.objects.bulk_create([ItemStatistics(**facts)], ignore_conflicts=True)
    with transaction.atomic():
        statistics = ItemStatistics.objects.select_for_update().get(edition_id=edition_id, block_id=block_id)
        skips = connection.features.has_select_for_update_skip_locked
        held = _waiting().filter(**facts).select_for_update(skip_locked=skips)
        attempts = list(held.defer("paper", "late_answers").order_by("pk")[:BATCH])
        if not attempts:
            return 0
        counted_before = _read_counted(attempts)
        counts = counts_from_json(statistics.body)
        for attempt in attempts:
            if attempt.counted_number is not None:
                statistics.attempts -= 1
                counts = take_counts(counts, counted_before.get(attempt.pk, {}))
            statistics.attempts += 1
            counts = add_counts(counts, _count(attempt, attempt.results))
        _save(statistics, counts, attempts)
        _mark_counted(attempts)
    return len(attempts)


def _save(statistics: ItemStatistics, counts: Counts, attempts: list[Attempt]) -> None:
    moments = [*(attempt.submitted_at for attempt in attempts), statistics.counted_until]
    statistics.counted_until = max((moment for moment in moments if moment is not None), default=None)
    statistics.computed_at = timezone.now()
    statistics.body = counts_to_json(counts)
    statistics.save(update_fields=["attempts", "body", "counted_until", "computed_at"])


def _mark_counted(attempts: list[Attempt]) -> None:
    """With the number of the result they have now; one statement for each number there is."""
    keys = [attempt.pk for attempt in attempts]
    results = AttemptResult.objects.filter(attempt_id__in=keys).values("attempt_id").order_by()
    last = dict(results.annotate(last=Max("number")).values_list("attempt_id", "last"))
    by_number: dict[int, list[UUID]] = {}
    for attempt in attempts:
        # An attempt from before results were kept will have its present one as the first.
        first = 0 if attempt.results is None else 1
        by_number.setdefault(last.get(attempt.pk, first), []).append(attempt.pk)
    for number, those in by_number.items():
        Attempt.objects.filter(pk__in=those).update(is_counted=True, counted_number=number)


def _read_counted(attempts: list[Attempt]) -> dict[UUID, Counts]:
    """What the sums hold of those that were counted before, from the results of that time. One query, if any."""
    before = {attempt.pk: attempt for attempt in attempts if attempt.counted_number is not None}
    if not before:
        return {}
    return {
        result.attempt_id: _count(before[result.attempt_id], result.results)
        for result in AttemptResult.objects.filter(attempt_id__in=list(before))
        if result.number == before[result.attempt_id].counted_number
    }


def _count(attempt: Attempt, results: object) -> Counts:
    """Nothing for an attempt that cannot be read: it must not stop the others, now or when it is taken out again."""
    try:
        return count_paper(results["questions"], attempt.answers, attempt.opened_at)  # type: ignore[index]
    except (KeyError, TypeError, ValueError, AttributeError):
        logger.exception("attempt %s cannot be counted", attempt.pk)
        return {}
