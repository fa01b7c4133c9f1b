"""Reading enrolments and grants."""

import pytest
from django.contrib.auth.models import AnonymousUser

from learners.enrolments.queries import get_enrolment, get_own_enrolment, has_active_grant, list_enrolments
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory, GrantFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_get_enrolment_is_the_latest_cycle_without_long_texts(django_assert_num_queries):
    state, user = make_edition(), UserFactory()
    EnrolmentFactory(course=state, user=user, completed=True)
    second = EnrolmentFactory(course=state, user=user, cycle=2)
    EnrolmentFactory(course=state)
    with django_assert_num_queries(1):
        found = get_enrolment(user, state.course_key)
        assert found is not None
        assert (found, found.edition.digest) == (second, state.edition.digest)
    assert found.edition.get_deferred_fields() == {"outline", "contents"}


def test_get_own_enrolment_does_not_know_those_of_others():
    enrolment = EnrolmentFactory()
    assert get_own_enrolment(enrolment.user, enrolment.pk) == enrolment
    assert get_own_enrolment(UserFactory(), enrolment.pk) is None


def test_visitors_have_nothing(django_assert_num_queries):
    enrolment = EnrolmentFactory()
    visitor = AnonymousUser()
    with django_assert_num_queries(0):
        assert get_enrolment(visitor, enrolment.course_key) is None
        assert get_own_enrolment(visitor, enrolment.pk) is None
        assert has_active_grant(visitor, enrolment.course_key) is False


def test_list_enrolments_puts_the_last_studied_first_and_the_unstudied_last():
    user = UserFactory()
    waiting = EnrolmentFactory(user=user)
    older = EnrolmentFactory(user=user, started=True)
    newer = EnrolmentFactory(user=user, started=True)
    EnrolmentFactory()
    assert list(list_enrolments(user)) == [newer, older, waiting]


def test_has_active_grant_is_the_union_of_grants():
    state, user = make_edition(), UserFactory()
    GrantFactory(user=user, course_key=state.course_key, expired=True)
    GrantFactory(user=user, course_key=state.course_key, reference="2", future=True)
    assert has_active_grant(user, state.course_key) is False
    GrantFactory(user=user, course_key=state.course_key, reference="3")
    assert has_active_grant(user, state.course_key) is True
