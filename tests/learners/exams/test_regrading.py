"""Regrades: tried first, then done once each, with the old results beside the new ones."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.quizzes.definition import Question
from learners.enrolments.models import Enrolment
from learners.exams import regrading
from learners.exams.marking import mark_essay
from learners.exams.models import Attempt, AttemptResult, Regrade
from learners.exams.regrading import (
    RegradeRefusedError,
    continue_regrades,
    preview_regrade,
    start_regrade,
)
from learners.exams.services import open_attempt, submit_attempt
from learners.progress.models import BlockProgress
from tests.factories.courses import single_question
from tests.factories.learners import UserFactory
from tests.learners.exams.sittings import choose, essay, make_exam, write

pytestmark = pytest.mark.django_db

Q1, Q2 = single_question(id="q1"), single_question(id="q2")


def turned(question):
    """With the other choice right."""
    return replace(
        question, choices=tuple(replace(choice, is_correct=not choice.is_correct) for choice in question.choices)
    )


@pytest.fixture
def author():
    return UserFactory(name="Rita Regrader")


def start(exam, edition, author, **changes):
    facts = {"reason": "The key was wrong.", "author": author} | exam.unit | changes
    return start_regrade(key_edition=edition, **facts)


def scores():
    return list(Attempt.objects.order_by("opened_at").values_list("score", "passed"))


@pytest.fixture
def exam():
    """Three people: two right answers, one right, none right. Then the key of q1 is turned."""
    exam = make_exam(Q1, Q2, pass_percent=100)
    for first, second in (("right", "right"), ("wrong", "right"), ("wrong", "wrong")):
        exam.sit(choose(first), choose(second, "q2"))
    exam.corrected = exam.release(turned(Q1), Q2)
    return exam


def test_preview_says_who_flips_and_writes_nothing(exam):
    before = (scores(), AttemptResult.objects.count())
    preview = preview_regrade(key_edition=exam.corrected, **exam.unit, is_in_favour_only=False)
    assert (preview.total, preview.unchanged, preview.broken, preview.kept_questions) == (3, 0, 0, {})
    assert [(each.flip, each.old_score, each.new_score) for each in preview.changes] == [
        ("fails", Decimal(100), Decimal(50)),
        ("passes", Decimal(50), Decimal(100)),
        ("", Decimal(0), Decimal(50)),
    ]
    assert (preview.count("fails"), preview.count("passes"), preview.kept_count) == (1, 1, 0)
    assert (scores(), AttemptResult.objects.count()) == before


def test_preview_in_favour_only_names_whoever_keeps_their_result(exam):
    preview = preview_regrade(key_edition=exam.corrected, **exam.unit)
    assert [(each.flip, each.is_kept) for each in preview.changes] == [("passes", False), ("", False), ("", True)]


def test_regrade_in_favour_only_takes_nothing_from_anybody(exam, author):
    regrade = start(exam, exam.corrected, author)
    assert continue_regrades() == 3
    regrade.refresh_from_db()
    assert scores() == [(Decimal(100), True), (Decimal(100), True), (Decimal(50), False)]
    assert (regrade.attempts_total, regrade.attempts_done, regrade.attempts_changed) == (3, 3, 2)
    assert (regrade.attempts_failed, regrade.finished_at is None, regrade.claimed_until) == (0, False, None)


def test_regrade_both_ways_keeps_completed_what_was_completed(exam, author):
    start(exam, exam.corrected, author, is_in_favour_only=False)
    continue_regrades()
    assert scores() == [(Decimal(50), False), (Decimal(100), True), (Decimal(50), False)]
    states = Enrolment.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["completed", "completed", "in_progress"]
    rows = BlockProgress.objects.filter(block_id=exam.quiz["id"]).order_by("enrolment_id")
    assert [(row.score, row.state) for row in rows] == [
        (Decimal(50), "completed"),
        (Decimal(100), "completed"),
        (Decimal(50), "in_progress"),
    ]


def test_new_results_stand_beside_the_old_with_reason_and_author(exam, author):
    regrade = start(exam, exam.corrected, author)
    continue_regrades()
    old, new = AttemptResult.objects.filter(attempt=Attempt.objects.order_by("opened_at")[1])
    assert (old.number, old.kind, old.score, old.passed) == (1, "submission", Decimal(50), False)
    assert (new.number, new.kind, new.score, new.passed) == (2, "regrade", Decimal(100), True)
    assert (new.reason, new.author, new.regrade, new.key_edition) == (
        "The key was wrong.",
        author,
        regrade,
        exam.corrected,
    )


def test_a_regrade_that_is_finished_does_nothing_more(exam, author):
    start(exam, exam.corrected, author)
    continue_regrades()
    count = AttemptResult.objects.count()
    assert (continue_regrades(), AttemptResult.objects.count()) == (0, count)
    start(exam, exam.corrected, author)
    continue_regrades()
    assert AttemptResult.objects.count() == count


def test_a_running_attempt_keeps_paper_and_key(exam, author):
    enrolment = exam.enrol()
    enrolment.edition = exam.state.edition.__class__.objects.get(number=1, course_key=exam.state.course_key)
    enrolment.save()
    attempt = open_attempt(user=enrolment.user, enrolment=enrolment, **exam.unit)
    start(exam, exam.corrected, author, is_in_favour_only=False)
    submit_attempt(user=enrolment.user, attempt_id=attempt.pk, answers=[choose("right"), choose("right", "q2")])
    continue_regrades()
    attempt.refresh_from_db()
    assert (attempt.score, attempt.gradings.count()) == (Decimal(100), 1)


def test_attempts_on_the_corrected_edition_and_other_quizzes_are_left_alone(exam, author):
    exam.sit(choose("right"), choose("right", "q2"))
    other = make_exam(Q1)
    other.sit(choose("right"))
    start(exam, exam.corrected, author, is_in_favour_only=False)
    assert continue_regrades() == 3
    assert scores()[3:] == [(Decimal(50), False), (Decimal(100), True)]


def test_questions_that_are_gone_keep_their_key(author):
    exam = make_exam(Q1, Q2, pass_percent=50)
    exam.sit(choose("wrong"), choose("right", "q2"))
    corrected = exam.release(turned(Q1))
    preview = preview_regrade(key_edition=corrected, **exam.unit)
    assert (preview.kept_questions, preview.changes[0].new_score) == ({"q2": "Which one?"}, Decimal(100))


def test_pass_mark_and_points_stay_those_of_the_paper(author):
    exam = make_exam(Q1, Q2, pass_percent=50)
    exam.sit(choose("right"))
    corrected = exam.release(replace(Q1, points=9), turned(Q2), pass_percent=90)
    assert preview_regrade(key_edition=corrected, **exam.unit).changes == ()


def test_an_essay_keeps_its_marks_and_one_that_waits_is_marked_under_the_new_key(author):
    exam = make_exam(Q1, essay(), pass_percent=100)
    marked, waiting = (exam.sit(choose("wrong"), write()) for _number in range(2))
    criteria = {"facts": 2, "style": 1}
    mark_essay(attempt_id=marked.pk, question_id="q9", criteria=criteria, marker=author)
    start(exam, exam.release(turned(Q1), essay(rubric=(), points=1)), author)
    continue_regrades()
    waiting.refresh_from_db()
    assert (waiting.score, waiting.is_graded, waiting.results["points"]) == (None, False, "1.00")
    mark_essay(attempt_id=waiting.pk, question_id="q9", criteria=criteria, marker=author)
    assert scores() == [(Decimal(100), True), (Decimal(100), True)]


def test_a_key_that_changes_no_answer_makes_no_result_for_those_it_does_not_show(author):
    exam = make_exam(Q1)
    exam.sit(choose("right"))
    start(exam, exam.release(Q1, Q2), author)
    continue_regrades()
    assert (AttemptResult.objects.count(), Regrade.objects.get().attempts_done) == (1, 1)


def test_the_right_answer_shown_follows_the_key_even_without_a_change_of_score(author):
    exam = make_exam(Q1)
    attempt = exam.sit()
    start(exam, exam.release(turned(Q1)), author)
    continue_regrades()
    attempt.refresh_from_db()
    assert (attempt.score, attempt.results["questions"][0]["correct_choices"]) == (Decimal(0), ["wrong"])


def test_the_score_policy_settles_the_block(author):
    exam = make_exam(Q1, pass_percent=100, score_policy="last")
    enrolment = exam.enrol()
    for choice in ("wrong", "right"):
        exam.sit(choose(choice), enrolment=enrolment)
    start(exam, exam.release(turned(Q1)), author, is_in_favour_only=False)
    continue_regrades()
    row = BlockProgress.objects.get(block_id=exam.quiz["id"])
    assert (row.score, row.state) == (Decimal(0), "completed")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "  "}, "reason_missing"),
        ({"reason": "r" * 501}, "bad_reason"),
        ({"reason": "a\x00b"}, "bad_reason"),
        ({"block_id": "0c7a3b3e-0000-4000-8000-000000000000"}, "quiz_missing"),
    ],
)
def test_a_regrade_that_cannot_be_is_refused(exam, author, changes, code):
    with pytest.raises(RegradeRefusedError) as caught:
        start(exam, exam.corrected, author, **changes)
    assert (caught.value.code, Regrade.objects.count()) == (code, 0)


def test_one_regrade_of_a_quiz_at_a_time(exam, author):
    start(exam, exam.corrected, author)
    with pytest.raises(RegradeRefusedError) as caught:
        start(exam, exam.corrected, author)
    assert caught.value.code == "already_running"
    continue_regrades()
    start(exam, exam.corrected, author)


def test_without_older_attempts_there_is_nothing_to_do(author):
    exam = make_exam(Q1)
    exam.sit(choose("right"))
    with pytest.raises(RegradeRefusedError) as caught:
        start(exam, exam.state.edition, author)
    assert caught.value.code == "nothing_to_grade"


def test_a_lease_in_force_is_respected_and_one_that_ran_out_is_not(exam, author):
    start(exam, exam.corrected, author)
    Regrade.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))
    assert continue_regrades() == 0
    Regrade.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert continue_regrades() == 3


def test_a_worker_that_was_overtaken_stops(exam, author):
    """It read the row before another one took the step: nothing it does counts."""
    start(exam, exam.corrected, author)
    stale = Regrade.objects.get()
    batch = list(regrading.list_regradable(exam.corrected, **exam.unit))
    continue_regrades()
    before = (list(AttemptResult.objects.values()), Regrade.objects.values().get())
    with pytest.raises(regrading._OvertakenError):
        regrading._grade_batch(stale, batch)
    assert (list(AttemptResult.objects.values()), Regrade.objects.values().get()) == before


def test_a_short_budget_leaves_the_rest_for_the_next_call(exam, author, monkeypatch):
    monkeypatch.setattr(regrading, "BATCH", 1)
    start(exam, exam.corrected, author)
    taken = [continue_regrades(timedelta(0)) for _call in range(5)]
    assert (taken, Regrade.objects.get().finished_at is None) == ([1, 1, 1, 0, 0], False)


def test_an_attempt_that_cannot_be_read_stops_no_other(exam, author, caplog):
    broken = Attempt.objects.order_by("pk")[1]
    Attempt.objects.filter(pk=broken.pk).update(results={"points": "1"})
    preview = preview_regrade(key_edition=exam.corrected, **exam.unit)
    assert (preview.total, preview.broken) == (3, 1)
    start(exam, exam.corrected, author)
    continue_regrades()
    regrade = Regrade.objects.get()
    assert (regrade.attempts_done, regrade.attempts_failed, regrade.finished_at is None) == (3, 1, False)


class Killed(BaseException):
    """Whatever ends a process: nothing in between may catch it."""


@pytest.mark.parametrize("seed", range(10))
def test_killed_anywhere_it_ends_the_same(author, monkeypatch, seed):
    """The n-th statement of the work never comes back, again and again, with another n each time."""
    exam = make_exam(Q1, Q2, pass_percent=100)
    for number in range(6):
        exam.sit(choose("right" if number % 2 else "wrong"), choose("right", "q2"))
    corrected = exam.release(turned(Q1), Q2)
    start(exam, corrected, author, is_in_favour_only=False)
    monkeypatch.setattr(regrading, "BATCH", 4)
    kills = 0
    for number in range(200):
        left = 3 + (seed * 7 + number * 13) % 70

        def kill(execute, sql, params, many, context):
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(kill):
                continue_regrades()
        except Killed:
            kills += 1
        Regrade.objects.update(claimed_until=None)  # the lease runs out
        if Regrade.objects.get().finished_at is not None:
            break
    regrade = Regrade.objects.get()
    assert kills >= 3
    assert (regrade.attempts_done, regrade.attempts_changed, regrade.attempts_failed) == (6, 6, 0)
    assert list(scores()) == [(Decimal(100), True), (Decimal(50), False)] * 3
    assert sorted(AttemptResult.objects.values_list("attempt", "number")) == sorted(
        (key, number) for key in Attempt.objects.values_list("pk", flat=True) for number in (1, 2)
    )


@pytest.mark.parametrize("count", [1, 3])
def test_a_preview_takes_the_same_queries_for_any_number_of_attempts(count):
    exam = make_exam(Q1)
    for _number in range(count):
        exam.sit(choose("right"))
    corrected = exam.release(turned(Q1))
    with CaptureQueriesContext(connection) as captured:
        preview_regrade(key_edition=corrected, **exam.unit)
    assert len(captured) == 6


def test_the_trial_says_who_would_only_be_shown_another_key_and_when_there_is_nothing_left(author):
    """A longer list of accepted answers is shown to those who had it right, too."""
    capital = Question("q1", "short_text", "Capital of France?", 1, accepted=("Paris",))
    exam = make_exam(capital, pass_percent=100)
    exam.sit({"question": "q1", "text": "Paris"})
    exam.sit({"question": "q1", "text": "paname"})
    corrected = exam.release(replace(capital, accepted=("Paris", "Paname")))

    before = preview_regrade(key_edition=corrected, **exam.unit)
    start(exam, corrected, author)
    continue_regrades()
    after = preview_regrade(key_edition=corrected, **exam.unit)

    assert (before.unchanged, before.renewed, before.due_count) == (1, 1, 2)
    assert (after.unchanged, after.renewed, after.due_count) == (2, 0, 0)
    assert Regrade.objects.get().attempts_changed == 2
