"""Reading attempts."""

import pytest
from django.contrib.auth.models import AnonymousUser

from learners.exams.queries import get_attempt, list_attempts
from tests.factories.learners import AttemptFactory, EnrolmentFactory, UserFactory

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
