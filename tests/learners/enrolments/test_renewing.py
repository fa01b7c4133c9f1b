"""The next cycle: when it may begin, that it begins once, and that the old one stays."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from courses.editions.models import CourseState
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import get_enrolment
from learners.enrolments.renewing import read_renewals, renew
from learners.enrolments.services import EnrolmentRefusedError
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory, GrantFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
COMPLETED = datetime(2029, 2, 10, 12, tzinfo=UTC)
OPENS = datetime(2029, 12, 12, tzinfo=UTC)  # sixty days before 10 February 2030
START = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_the_start():
    with time_machine.travel(START, tick=False):
        yield


def complete(**facts) -> Enrolment:
    state = make_edition(**{"certificate_validity_months": 12, "completion_days": 7} | facts)
    return EnrolmentFactory(course=state, completed=True, completed_at=COMPLETED)


def refusal(enrolment: Enrolment, by=None) -> str:
    with pytest.raises(EnrolmentRefusedError) as caught:
        renew(enrolment=enrolment, by=by or enrolment.user)
    assert Enrolment.objects.filter(cycle__gt=1).count() == 0
    return caught.value.code


def test_renew_opens_the_next_cycle_on_the_edition_in_force():
    old = complete()
    state = make_edition(state=_state_of(old), certificate_validity_months=12, lessons=5)
    new, is_new = renew(enrolment=old, by=old.user)
    assert (is_new, new.cycle, new.state, new.percent, new.edition) == (True, 2, "not_started", 0, state.edition)
    assert new.due_at == datetime(2030, 2, 9, 23, 59, 59, tzinfo=UTC)
    before, after = old, Enrolment.objects.get(pk=old.pk)
    assert {field.attname: getattr(before, field.attname) for field in Enrolment._meta.concrete_fields} == {
        field.attname: getattr(after, field.attname) for field in Enrolment._meta.concrete_fields
    }
    assert get_enrolment(old.user, old.course_key) == new


def _state_of(enrolment: Enrolment) -> CourseState:
    return CourseState.objects.select_related("edition").get(course_key=enrolment.course_key)


def test_renewing_again_returns_the_same():
    old = complete()
    first, second = renew(enrolment=old, by=old.user), renew(enrolment=old, by=old.user)
    assert (first[0], second) == (second[0], (first[0], False))


@pytest.mark.parametrize(("second", "is_open"), [(-1, False), (0, True)])
def test_the_window_opens_sixty_days_before_the_certificate_runs_out(second, is_open):
    old = complete()
    with time_machine.travel(OPENS.timestamp() + second, tick=False):
        renewal = read_renewals([old])[old.pk]
        assert (renewal.opens_at, renewal.runs_out_at, renewal.is_open) == (
            OPENS,
            datetime(2030, 2, 10, tzinfo=UTC),
            is_open,
        )
        if not is_open:
            with pytest.raises(EnrolmentRefusedError) as caught:
                renew(enrolment=old, by=old.user)
            assert caught.value.message == "This can be renewed from 12 December 2029 on."


def test_renew_says_why_not():
    assert refusal(complete(certificate_validity_months=None)) == "never_expires"
    assert refusal(complete(has_certificate=False)) == "never_expires"
    assert refusal(complete(certificate_validity_months=120)) == "too_early"
    assert refusal(EnrolmentFactory(course=make_edition(certificate_validity_months=12))) == "not_completed"
    assert refusal(complete(is_published=False)) == "not_found"
    assert refusal(complete(access="paid")) == "purchase_required"


def test_renew_of_a_paid_course_needs_a_grant():
    old = complete(access="paid")
    GrantFactory(user=old.user, course_key=old.course_key)
    assert renew(enrolment=old, by=old.user)[1] is True


def test_renew_is_for_the_learner_their_manager_and_staff():
    old = complete()
    member = MembershipFactory(user=old.user)
    for stranger in (MembershipFactory(company=member.company).user, MembershipFactory(owner=True).user):
        assert refusal(old, by=stranger) == "not_found"
    assert refusal(old, by=AnonymousUser()) == "not_found"
    manager = MembershipFactory(company=member.company, manager=True).user
    assert renew(enrolment=old, by=manager)[0].user == old.user
    assert renew(enrolment=complete(), by=UserFactory(admin=True))[1] is True


def test_only_the_last_cycle_is_offered_for_renewal():
    old = complete()
    renew(enrolment=old, by=old.user)
    assert read_renewals([old]) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_renewals_of_many_need_two_queries(django_assert_num_queries, count):
    rows = [complete() for _number in range(count)]
    with django_assert_num_queries(2):
        assert len(read_renewals(rows)) == count


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_renewing_from_twenty_tabs_opens_one_cycle(run_together):
    old = complete()
    results = run_together(20, lambda _number: renew(enrolment=old, by=old.user))
    assert [is_new for _enrolment, is_new in results].count(True) == 1
    assert Enrolment.objects.filter(user=old.user).count() == 2
