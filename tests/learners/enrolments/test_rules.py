"""What decides a deadline is read from everywhere it stands, in a fixed number of queries."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from learners.enrolments.models import DeadlineExtension, Enrolment
from learners.enrolments.queries import enrolments_with_edition
from learners.enrolments.reasons import describe_due
from learners.enrolments.rules import read_due, read_dues
from tests.factories.courses import make_edition
from tests.factories.learners import (
    CompanyFactory,
    DeadlineRuleFactory,
    EnrolmentFactory,
    GrantFactory,
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
START = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_the_start():
    with time_machine.travel(START, tick=False):
        yield


def texts(enrolment: Enrolment) -> list[str]:
    view = describe_due(read_due(enrolment), enrolment.user)
    return [reason.text for reason in view.reasons] if view else []


def test_every_reason_is_read_and_put_in_words():
    ana = UserFactory(name="Ana Ruiz")
    state = make_edition(completion_deadline="2030-06-30", completion_days=30)
    enrolment = EnrolmentFactory(course=state, user__time_zone="Europe/Madrid")
    company = CompanyFactory(name="Northwind", time_zone="America/New_York")
    MembershipFactory(company=company, user=enrolment.user)
    DeadlineRuleFactory(company=company, course_key=state.course_key, due_on=date(2030, 1, 20), note="audit")
    GrantFactory(user=enrolment.user, course_key=state.course_key, due_on=date(2030, 2, 10), due_days=1)
    DeadlineExtension.objects.create(
        enrolment=enrolment, due_at=datetime(2030, 3, 31, 21, tzinfo=UTC), note="parental leave", granted_by=ana
    )
    assert texts(enrolment) == [
        "Extended to 31 March 2030 by Ana Ruiz: “parental leave”",
        "Within 1 day of the invitation: by 1 January 2030",
        "Northwind asks for it by 20 January 2030 (the end of that day in America/New York): “audit”",
        "Within 30 days of enrolling: by 31 January 2030",
        "The invitation asks for it by 10 February 2030",
        "The course has to be finished by 30 June 2030",
    ]


def test_the_rule_for_the_course_replaces_the_companys_general_one():
    state = make_edition()
    enrolment = EnrolmentFactory(course=state)
    company = CompanyFactory(name="Northwind")
    MembershipFactory(company=company, user=enrolment.user)
    general = DeadlineRuleFactory(company=company, days=5)
    DeadlineRuleFactory(company=company, course_key=make_edition().course_key, days=1)
    assert texts(enrolment) == ["Northwind asks for it within 5 days of enrolling, by 6 January 2030"]
    DeadlineRuleFactory(company=company, course_key=state.course_key, days=50)
    assert texts(enrolment) == ["Northwind asks for it within 50 days of enrolling, by 20 February 2030"]
    general.delete()
    assert len(texts(enrolment)) == 1


def test_rules_of_other_companies_and_grants_of_others_ask_nothing():
    state = make_edition()
    enrolment = EnrolmentFactory(course=state)
    MembershipFactory(user=enrolment.user)
    stranger = MembershipFactory()
    DeadlineRuleFactory(company=stranger.company)
    GrantFactory(user=stranger.user, course_key=state.course_key, due_days=3)
    GrantFactory(user=enrolment.user, course_key=make_edition().course_key, due_days=3)
    DeadlineExtension.objects.create(enrolment=EnrolmentFactory(course=state), due_at=START, note="x")
    assert texts(enrolment) == []


def test_a_later_cycle_is_due_before_the_certificate_runs_out():
    state = make_edition(certificate_validity_months=12, completion_days=7, completion_deadline="2029-12-01")
    first = EnrolmentFactory(course=state, completed=True, completed_at=datetime(2029, 2, 10, 12, tzinfo=UTC))
    second = EnrolmentFactory(course=state, user=first.user, cycle=2)
    assert texts(second) == ["The certificate of the cycle before runs out on 9 February 2030"]
    assert read_due(second).deadline.due_at == datetime(2030, 2, 9, 23, 59, 59, tzinfo=UTC)


def test_a_cycle_begun_too_late_has_the_courses_own_time():
    state = make_edition(certificate_validity_months=12, completion_days=7)
    first = EnrolmentFactory(course=state, completed=True, completed_at=datetime(2028, 2, 10, 12, tzinfo=UTC))
    second = EnrolmentFactory(course=state, user=first.user, cycle=2)
    assert texts(second) == ["Within 7 days of enrolling: by 8 January 2030"]


def test_it_closes_so_many_days_after_it_was_due():
    enrolment = EnrolmentFactory(course=make_edition(completion_days=7, expires_after_days=3))
    assert read_due(enrolment).closes_at == datetime(2030, 1, 11, 23, 59, 59, tzinfo=UTC)
    assert read_due(EnrolmentFactory(course=make_edition(expires_after_days=3))).closes_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_many_need_four_queries(django_assert_num_queries, count):
    for _number in range(count):
        enrolment = EnrolmentFactory(course=make_edition(completion_days=7))
        rule = DeadlineRuleFactory()
        MembershipFactory(company=rule.company, user=enrolment.user)
    rows = list(enrolments_with_edition().select_related("user"))
    with django_assert_num_queries(4):
        assert len(read_dues(rows)) == count
    with django_assert_num_queries(3):  # the rules of editions are kept
        read_dues(rows)


def test_none_need_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert read_dues([]) == {}
