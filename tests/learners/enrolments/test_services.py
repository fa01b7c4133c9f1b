"""Enrolling and grants."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from learners.enrolments.models import Enrolment, Grant
from learners.enrolments.services import EnrolmentRefusedError, enrol, give_grant
from tests.factories.courses import make_edition
from tests.factories.learners import DeadlineRuleFactory, GrantFactory, MembershipFactory, UserFactory, make_editor


@pytest.mark.django_db
def test_enrol_pins_the_edition_in_force_once():
    state, user = make_edition(), UserFactory()
    enrolment, is_new = enrol(user=user, state=state)
    again, is_new_again = enrol(user=user, state=make_edition(state=state, lessons=2))
    assert (is_new, is_new_again) == (True, False)
    assert (again, again.edition) == (enrolment, enrolment.edition)
    assert enrolment.edition.number == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"access": "paid"}, "purchase_required"),
        ({"access": "invitation"}, "invitation_required"),
        ({"is_published": False}, "not_found"),
    ],
)
def test_enrol_refuses_and_leaves_nothing_behind(facts, code):
    with pytest.raises(EnrolmentRefusedError) as caught:
        enrol(user=UserFactory(), state=make_edition(**facts))
    assert (caught.value.code, Enrolment.objects.count(), Grant.objects.count()) == (code, 0, 0)


@pytest.mark.django_db
def test_enrol_refuses_visitors():
    with pytest.raises(EnrolmentRefusedError) as caught:
        enrol(user=AnonymousUser(), state=make_edition(access="open"))
    assert caught.value.code == "login_required"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["paid", "invitation"])
def test_enrol_accepts_a_grant_in_force(kind):
    state, user = make_edition(access=kind), UserFactory()
    GrantFactory(user=user, course_key=state.course_key)
    assert enrol(user=user, state=state)[1] is True


@pytest.mark.django_db
def test_enrol_lets_staff_try_a_paid_course():
    assert enrol(user=make_editor(), state=make_edition(access="paid"))[1] is True


@pytest.mark.django_db
def test_enrol_on_a_free_course_outlasts_a_later_price():
    state, user = make_edition(access="enrolled"), UserFactory()
    enrol(user=user, state=state)
    assert list(Grant.objects.values_list("source", "ends_at")) == [("self", None)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "facts", "due_at"),
    [
        ("", {}, None),
        ("", {"completion_days": 7}, datetime(2030, 1, 8, 23, 59, 59, tzinfo=UTC)),
        ("", {"completion_deadline": "2030-01-05"}, datetime(2030, 1, 5, 23, 59, 59, tzinfo=UTC)),
        ("Asia/Tokyo", {"completion_deadline": "2030-01-05"}, datetime(2030, 1, 5, 14, 59, 59, tzinfo=UTC)),
        (
            "America/New_York",
            {"completion_deadline": "2030-01-05", "completion_days": 7},
            datetime(2030, 1, 6, 4, 59, 59, tzinfo=UTC),
        ),
        (
            "nowhere/atall",
            {"completion_deadline": "2030-06-01", "completion_days": 0},
            datetime(2030, 1, 1, 23, 59, 59, tzinfo=UTC),
        ),
    ],
)
def test_enrol_sets_the_earlier_due_date(zone, facts, due_at):
    with time_machine.travel(datetime(2030, 1, 1, 12, 0, tzinfo=UTC), tick=False):
        enrolment, _is_new = enrol(user=UserFactory(time_zone=zone), state=make_edition(**facts))
    assert enrolment.due_at == due_at


@pytest.mark.django_db
def test_give_grant_for_the_same_reason_changes_its_dates():
    state, user = make_edition(), UserFactory()
    end = timezone.now() + timedelta(days=30)
    first = give_grant(user=user, course_key=state.course_key, source="subscription", reference="s1")
    second = give_grant(user=user, course_key=state.course_key, source="subscription", reference="s1", ends_at=end)
    give_grant(user=user, course_key=state.course_key, source="subscription", reference="s2")
    assert (second.pk, second.ends_at, second.starts_at) == (first.pk, end, first.starts_at)
    assert Grant.objects.count() == 2


@pytest.mark.django_db
def test_enrol_heeds_invitation_and_company():
    state, user = make_edition(completion_days=30), UserFactory()
    rule = DeadlineRuleFactory(days=20)
    MembershipFactory(company=rule.company, user=user)
    with time_machine.travel(datetime(2030, 1, 1, 12, 0, tzinfo=UTC), tick=False):
        give_grant(user=user, course_key=state.course_key, source="invitation", due_days=10)
        enrolment, _is_new = enrol(user=user, state=state)
    assert enrolment.due_at == datetime(2030, 1, 11, 23, 59, 59, tzinfo=UTC)


@pytest.mark.django_db
def test_enrol_stores_when_it_closes():
    with time_machine.travel(datetime(2030, 1, 1, 12, 0, tzinfo=UTC), tick=False):
        state = make_edition(completion_days=7, expires_after_days=3)
        enrolment, _is_new = enrol(user=UserFactory(), state=state)
    assert enrolment.closes_at == datetime(2030, 1, 11, 23, 59, 59, tzinfo=UTC)


@pytest.mark.django_db
def test_a_due_date_on_a_grant_given_again_marks_the_deadlines():
    state, user = make_edition(), UserFactory()
    give_grant(user=user, course_key=state.course_key, source="invitation")
    user.refresh_from_db()
    assert user.deadlines_stale_since is None
    grant = give_grant(user=user, course_key=state.course_key, source="invitation", due_on=date(2030, 5, 1))
    user.refresh_from_db()
    assert (grant.due_on, user.deadlines_stale_since is None) == (date(2030, 5, 1), False)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_enrol_from_twenty_tabs_makes_one_enrolment(run_together):
    state, user = make_edition(), UserFactory()
    results = run_together(20, lambda _number: enrol(user=user, state=state))
    assert [is_new for _enrolment, is_new in results].count(True) == 1
    assert {enrolment.pk for enrolment, _is_new in results} == {Enrolment.objects.get().pk}
