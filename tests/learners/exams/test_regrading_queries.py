"""Choosing and following regrades, with a fixed number of queries."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learners.exams.regrading import continue_regrades, preview_regrade, start_regrade
from learners.exams.regrading_queries import (
    describe_regrades,
    get_learner_names,
    list_course_states,
    list_key_editions,
    list_quizzes,
    list_regrades,
    list_results,
)
from tests.factories.courses import single_question
from tests.factories.learners import UserFactory
from tests.learners.exams.sittings import choose, make_exam
from tests.learners.exams.test_regrading import turned

pytestmark = pytest.mark.django_db

Q1 = single_question(id="q1")


def make_regraded(count=1, title="Final"):
    exam = make_exam(Q1, title=title)
    for _number in range(count):
        exam.sit(choose("wrong"))
    edition = exam.release(turned(Q1))
    regrade = start_regrade(key_edition=edition, **exam.unit, reason="Wrong key.", author=UserFactory())
    continue_regrades()
    return exam, regrade


def test_courses_with_one_edition_have_nothing_to_grade_again():
    make_exam(Q1)
    exam = make_exam(Q1)
    exam.release(turned(Q1))
    assert [state.course_key for state in list_course_states()] == [exam.state.course_key]
    assert [edition.number for edition in list_key_editions(exam.state)] == [2]


def test_quizzes_are_named_with_their_lessons():
    exam = make_exam(Q1, title="Final")
    [quiz] = list_quizzes(exam.state)
    assert (quiz.title, quiz.lesson_title) == ("Final", "A lesson")
    assert quiz.key == f"{exam.lesson['id']}:{exam.quiz['id']}"


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_for_any_number(count):
    for number in range(count):
        _exam, regrade = make_regraded(count, title=f"Quiz {number}")
    with CaptureQueriesContext(connection) as captured:
        rows = describe_regrades(list(list_regrades()))
        names = {(title, str(each.author), each.key_edition.title) for each, title in rows}
    assert (len(captured), len(names)) == (3, count)
    with CaptureQueriesContext(connection) as captured:
        results = [(str(row.attempt.enrolment.user), row.old_score, row.score) for row in list_results(regrade)]
    assert (len(captured), len(results)) == (1, count)
    assert {each[1:] for each in results} == {(Decimal(0), Decimal(100))}


def test_names_of_one_page_are_one_query(django_assert_num_queries):
    exam = make_exam(Q1)
    people = [exam.sit(choose("wrong")).enrolment for _number in range(3)]
    preview = preview_regrade(key_edition=exam.release(turned(Q1)), **exam.unit)
    with django_assert_num_queries(1):
        names = get_learner_names(preview.changes)
    assert names == {each.pk: str(each.user) for each in people}


def test_whoever_passes_or_fails_by_it_comes_first():
    other = single_question(id="q2", points=3)
    exam = make_exam(Q1, other, pass_percent=80)
    only_score = exam.sit(choose("wrong"), choose("wrong", "q2"))
    passes = exam.sit(choose("wrong"), choose("right", "q2"))
    edition = exam.release(turned(Q1), other)
    regrade = start_regrade(key_edition=edition, **exam.unit, reason="Wrong key.", author=UserFactory())
    continue_regrades()
    rows = [(row.attempt_id, row.old_passed, row.passed) for row in list_results(regrade)]
    assert rows == [(passes.pk, False, True), (only_score.pk, False, False)]
