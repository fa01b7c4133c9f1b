"""Reading attempts."""

import pytest
from django.contrib.auth.models import AnonymousUser

from learners.exams.marking import mark_essay
from learners.exams.queries import get_attempt, list_attempts, list_scored_results
from tests.factories.learners import AttemptFactory, EnrolmentFactory, UserFactory
from tests.learners.exams.sittings import essay, make_exam, write

pytestmark = pytest.mark.django_db


def test_get_attempt_does_not_know_those_of_others():
    attempt = AttemptFactory()
    assert get_attempt(attempt.enrolment.user, attempt.pk) == attempt
    assert get_attempt(UserFactory(), attempt.pk) is None
    assert get_attempt(AnonymousUser(), attempt.pk) is None


def test_list_attempts_groups_by_quiz_in_order(django_assert_num_queries):
    attempt = AttemptFactory(state="submitted")
    second = AttemptFactory(enrolment=attempt.enrolment, number=2)
    AttemptFactory()
    with django_assert_num_queries(1):
        found = list_attempts(attempt.enrolment, str(attempt.lesson_key))
    assert found == {str(attempt.block_id): [attempt, second]}
    assert list_attempts(EnrolmentFactory(), str(attempt.lesson_key)) == {}
    assert list_attempts(None, str(attempt.lesson_key)) == {}


def test_results_with_a_score_come_latest_first_and_those_that_wait_do_not_count(django_assert_num_queries):
    attempt = make_exam(essay(rubric=())).sit(write())
    assert list_scored_results(attempt) == []
    first = mark_essay(attempt_id=attempt.pk, question_id="q9", marker=UserFactory(), points=0).mark
    facts = {"replaces": first.marked_at, "reason": "Read again."}
    mark_essay(attempt_id=attempt.pk, question_id="q9", marker=UserFactory(), points=3, **facts)
    with django_assert_num_queries(1):
        found = [(each.number, str(each.score), each.reason) for each in list_scored_results(attempt)]
    assert found == [(3, "100.00", "Read again."), (2, "0.00", "")]
