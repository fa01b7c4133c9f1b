"""Question analysis: every graded attempt is counted once, as it is now."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learners.exams import statistics
from learners.exams.items import ItemCount, add_counts, count_paper, counts_from_json
from learners.exams.marking import mark_essay
from learners.exams.models import Attempt, AttemptResult, ItemStatistics
from learners.exams.regrading import continue_regrades, start_regrade
from learners.exams.services import open_attempt
from learners.exams.statistics import count_attempts, describe_rows, get_analysis, list_statistics
from tests.factories.courses import single_question
from tests.factories.learners import UserFactory
from tests.learners.exams.sittings import choose, essay, make_exam, write
from tests.learners.exams.test_regrading import turned

pytestmark = pytest.mark.django_db

Q1, Q2 = single_question(id="q1"), single_question(id="q2")


def stored(exam):
    return counts_from_json(ItemStatistics.objects.get(block_id=exam.quiz["id"]).body)


def counted_anew():
    """What the rows say, counted the simple way."""
    counts = {}
    for attempt in Attempt.objects.filter(is_graded=True):
        counts = add_counts(counts, count_paper(attempt.results["questions"], attempt.answers, attempt.opened_at))
    return counts


def test_attempts_are_counted_once():
    exam = make_exam(Q1, Q2)
    exam.sit(choose("right"), choose("right", "q2"))
    exam.sit(choose("wrong"))
    assert [count_attempts(), count_attempts()] == [2, 0]
    exam.sit(choose("wrong"), choose("wrong", "q2"))
    assert [count_attempts(), count_attempts()] == [1, 0]
    row = ItemStatistics.objects.get()
    assert (row.attempts, row.edition) == (3, exam.state.edition)
    assert row.counted_until == Attempt.objects.latest("submitted_at").submitted_at
    counts = stored(exam)
    assert counts == counted_anew()
    assert (counts["q1"].n, counts["q1"].full, counts["q1"].choices) == (3, 1, {"right": 1, "wrong": 2})
    assert (counts["q2"].omitted, counts["q2"].nothing) == (1, 1)


def test_running_and_unmarked_attempts_are_not_counted():
    exam = make_exam(Q1, essay())
    exam.sit(choose("right"), write())
    enrolment = exam.enrol()
    open_attempt(user=enrolment.user, enrolment=enrolment, **exam.unit)
    assert (count_attempts(), ItemStatistics.objects.count()) == (0, 0)


def test_a_mark_and_a_changed_mark_are_followed():
    exam = make_exam(essay())
    attempt = exam.sit(write())
    facts = {"attempt_id": attempt.pk, "question_id": "q9", "marker": UserFactory()}
    first = mark_essay(criteria={"facts": 2, "style": 1}, **facts)
    assert (count_attempts(), stored(exam)["q9"].facility) == (1, 1.0)
    changed = {"facts": 0, "style": 0}
    mark_essay(criteria=changed, replaces=first.mark.marked_at, reason="Copied.", **facts)
    assert (count_attempts(), stored(exam)["q9"].facility) == (1, 0.0)
    assert (ItemStatistics.objects.get().attempts, stored(exam)) == (1, counted_anew())


def test_a_regrade_is_followed_in_the_edition_of_the_paper():
    exam = make_exam(Q1, Q2)
    for choice in ("right", "wrong", "wrong"):
        exam.sit(choose(choice), choose("right", "q2"))
    count_attempts()
    assert stored(exam)["q1"].facility == pytest.approx(1 / 3)
    start_regrade(
        key_edition=exam.release(turned(Q1), Q2),
        **exam.unit,
        reason="The key was wrong.",
        author=UserFactory(),
        is_in_favour_only=False,
    )
    continue_regrades()
    assert (count_attempts(), ItemStatistics.objects.get().attempts) == (3, 3)
    assert stored(exam)["q1"].facility == pytest.approx(2 / 3)
    assert stored(exam) == counted_anew()


def test_a_regrade_before_the_first_count_is_counted_as_it_is():
    exam = make_exam(Q1)
    exam.sit(choose("wrong"))
    facts = {"reason": "The key was wrong.", "author": UserFactory()}
    start_regrade(key_edition=exam.release(turned(Q1)), **exam.unit, **facts)
    continue_regrades()
    count_attempts()
    assert (stored(exam)["q1"].facility, Attempt.objects.get().counted_number) == (1.0, 2)


def test_attempts_from_before_results_were_kept_are_taken_out_again():
    exam = make_exam(Q1)
    exam.sit(choose("wrong"))
    AttemptResult.objects.all().delete()
    count_attempts()
    facts = {"reason": "The key was wrong.", "author": UserFactory()}
    start_regrade(key_edition=exam.release(turned(Q1)), **exam.unit, **facts)
    continue_regrades()
    count_attempts()
    assert (stored(exam), ItemStatistics.objects.get().attempts) == (counted_anew(), 1)


def test_an_attempt_that_cannot_be_read_stops_no_other(caplog):
    exam = make_exam(Q1)
    broken = exam.sit(choose("right"))
    exam.sit(choose("right"))
    Attempt.objects.filter(pk=broken.pk).update(results={"points": "1"})
    assert [count_attempts(), count_attempts()] == [2, 0]
    assert stored(exam)["q1"].n == 1


def test_a_count_that_fails_in_the_middle_counts_nothing(monkeypatch):
    exam = make_exam(Q1)
    exam.sit(choose("right"))

    def fail(attempts):
        raise RuntimeError("no luck")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(statistics, "_mark_counted", fail)
        count_attempts()
    assert stored(exam) == {}
    assert (count_attempts(), stored(exam)["q1"].n) == (1, 1)


def test_editions_are_counted_apart():
    exam = make_exam(Q1)
    exam.sit(choose("right"))
    exam.release(turned(Q1))
    exam.sit(choose("right"))
    assert count_attempts() == 2
    rows = ItemStatistics.objects.order_by("edition__number")
    assert [(row.edition.number, counts_from_json(row.body)["q1"].facility) for row in rows] == [(1, 1.0), (2, 0.0)]


def test_the_analysis_has_the_quizs_words_and_order():
    exam = make_exam(Q2, Q1, title="Final")
    exam.sit(choose("right"), choose("wrong", "q2"))
    count_attempts()
    analysis = get_analysis(ItemStatistics.objects.get().pk)
    assert (analysis.title, analysis.is_behind) == ("Final", False)
    assert [(each.number, each.question_id) for each in analysis.questions] == [(1, "q2"), (2, "q1")]
    first = analysis.questions[0]
    assert [(line.text, line.is_right, line.count, line.share) for line in first.choices] == [
        ("This", True, 0, 0.0),
        ("That", False, 1, 1.0),
    ]
    assert (first.question.prompt, first.flags, first.idle) == ("Which one?", (), ())
    exam.sit(choose("right"))
    assert get_analysis(analysis.statistics.pk).is_behind is True


def test_idle_choices_are_named():
    exam = make_exam(replace(Q1, points=2))
    exam.sit(choose("right"))
    count_attempts()
    assert get_analysis(ItemStatistics.objects.get().pk).questions[0].idle == ("That",)


def test_an_unknown_analysis_is_none():
    assert get_analysis(999) is None


@pytest.mark.parametrize("count", [1, 3])
def test_reading_takes_the_same_queries_for_any_number_of_attempts_and_quizzes(count):
    exams = [make_exam(Q1, title=f"Check {number}") for number in range(count)]
    for exam in exams:
        for _number in range(count):
            exam.sit(choose("right"))
    count_attempts()
    with CaptureQueriesContext(connection) as captured:
        titles = [title for _row, title in describe_rows(list(list_statistics()))]
    assert (sorted(titles), len(captured)) == ([f"Check {number}" for number in range(count)], 3)
    with CaptureQueriesContext(connection) as captured:
        get_analysis(ItemStatistics.objects.first().pk)
    assert len(captured) == 4


def test_an_empty_count_has_no_figures():
    count = ItemCount()
    assert (count.facility, count.discrimination, count.mean_seconds, count.median_seconds) == (None,) * 4


def test_scores_are_not_touched_by_counting():
    exam = make_exam(Q1)
    exam.sit(choose("right"))
    count_attempts()
    assert list(Attempt.objects.values_list("score", "passed")) == [(Decimal(100), True)]
