"""More time, and what companies ask: who may, what is refused, and that a promise is kept."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from courses.editions.models import CourseState
from learners.accounts.models import User
from learners.companies.models import Company, DeadlineRule
from learners.enrolments.extending import (
    DeadlineRefusedError,
    extend_deadline,
    remove_deadline_rule,
    set_deadline_rule,
)
from learners.enrolments.models import DeadlineExtension, Enrolment
from learners.enrolments.scheduling import close_expired, mark_overdue
from learners.enrolments.services import enrol
from learners.progress.services import follow_current_edition
from tests.factories.courses import make_edition
from tests.factories.learners import DeadlineRuleFactory, EnrolmentFactory, MembershipFactory, UserFactory, make_editor

pytestmark = pytest.mark.django_db
START = datetime(2030, 1, 1, 12, tzinfo=UTC)
MARCH = date(2030, 3, 31)


@pytest.fixture(autouse=True)
def at_the_start():
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def enrolment() -> Enrolment:
    """Due on 8 January 2030, somebody in Madrid."""
    state = make_edition(completion_days=7, expires_after_days=3)
    return enrol(user=UserFactory(time_zone="Europe/Madrid"), state=state)[0]


@pytest.fixture
def manager(enrolment: Enrolment) -> User:
    membership = MembershipFactory(user=enrolment.user)
    return MembershipFactory(company=membership.company, manager=True, user__name="Ana Ruiz").user


def refused(work, *arguments, **named) -> str:
    with pytest.raises(DeadlineRefusedError) as caught:
        work(*arguments, **named)
    return caught.value.code


def test_an_extension_lasts_to_the_end_of_the_learners_day(enrolment, manager):
    given = extend_deadline(enrolment_id=enrolment.pk, by=manager, due_on=MARCH, note="  parental \n leave ")
    enrolment.refresh_from_db()
    assert (given.due_at, given.note, given.granted_by) == (
        datetime(2030, 3, 31, 21, 59, 59, tzinfo=UTC),
        "parental leave",
        manager,
    )
    assert (enrolment.due_at, enrolment.closes_at) == (given.due_at, datetime(2030, 4, 3, 21, 59, 59, tzinfo=UTC))


def test_the_same_extension_twice_is_one(enrolment, manager):
    moment = START + timedelta(days=20)
    first, second = (
        extend_deadline(enrolment_id=enrolment.pk, by=manager, due_at=moment, note="ill") for _again in range(2)
    )
    assert (first.pk, DeadlineExtension.objects.count()) == (second.pk, 1)


def test_an_extension_opens_what_its_deadline_closed(enrolment, manager):
    with time_machine.travel(START + timedelta(days=20), tick=False):
        mark_overdue()
        close_expired()
        enrolment.refresh_from_db()
        assert enrolment.is_expired
        extend_deadline(enrolment_id=enrolment.pk, by=manager, due_on=MARCH, note="ill")
    enrolment.refresh_from_db()
    assert (enrolment.overdue_at, enrolment.expired_at) == (None, None)


def test_a_promise_is_kept_when_the_course_moves_its_deadline(enrolment, manager):
    enrolment = enrol(user=enrolment.user, state=make_edition(completion_deadline="2030-02-01"))[0]
    extend_deadline(enrolment_id=enrolment.pk, by=manager, due_on=MARCH, note="ill")
    for deadline, month in (("2030-01-15", 3), ("2030-06-15", 6)):
        state = make_edition(state=_state_of(enrolment), completion_deadline=deadline, lessons=4)
        enrolment = follow_current_edition(enrolment, state)
        assert enrolment.due_at.month == month


def _state_of(enrolment: Enrolment) -> CourseState:
    return CourseState.objects.select_related("edition").get(course_key=enrolment.course_key)


def test_only_those_who_follow_the_learner_and_staff_extend(enrolment, manager):
    member = MembershipFactory(company=manager.memberships.get().company).user
    elsewhere = MembershipFactory(owner=True).user
    for stranger in (enrolment.user, member, elsewhere, UserFactory(), make_editor()):
        assert refused(extend_deadline, enrolment_id=enrolment.pk, by=stranger, due_on=MARCH, note="x") == "not_found"
    for unknown in (0, -1, 2**70):
        assert refused(extend_deadline, enrolment_id=unknown, by=manager, due_on=MARCH, note="x") == "not_found"
    assert DeadlineExtension.objects.count() == 0
    extend_deadline(enrolment_id=enrolment.pk, by=UserFactory(admin=True), due_on=MARCH, note="x")
    assert DeadlineExtension.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"note": " \n\x00"}, "note_required"),
        ({"note": "x" * 501}, "note_too_long"),
        ({"due_on": None}, "malformed"),
        ({"due_at": START}, "malformed"),
        ({"due_on": date(2029, 12, 31)}, "past"),
        ({"due_on": date.min}, "past"),
        ({"due_on": date(2030, 1, 8)}, "not_later"),
        ({"due_on": date.max}, "too_far"),
    ],
)
def test_an_extension_that_makes_no_sense_is_refused(enrolment, manager, given, code):
    sent = {"due_on": MARCH, "note": "ill"} | given
    assert refused(extend_deadline, enrolment_id=enrolment.pk, by=manager, **sent) == code
    assert DeadlineExtension.objects.count() == 0


def test_nothing_is_extended_that_is_completed_or_has_no_deadline(enrolment, manager):
    open_end = EnrolmentFactory(user=enrolment.user)
    assert refused(extend_deadline, enrolment_id=open_end.pk, by=manager, due_on=MARCH, note="x") == "no_deadline"
    done = EnrolmentFactory(user=enrolment.user, course=make_edition(completion_days=7), completed=True)
    assert refused(extend_deadline, enrolment_id=done.pk, by=manager, due_on=MARCH, note="x") == "completed"


def test_a_rule_of_the_company_moves_the_deadlines_of_its_people(
    enrolment, manager, django_capture_on_commit_callbacks
):
    company = Company.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        set_deadline_rule(company=company, by=manager, course_key=enrolment.course_key, days=3, note="audit")
    enrolment.refresh_from_db()
    assert enrolment.due_at == datetime(2030, 1, 4, 23, 59, 59, tzinfo=UTC)
    with django_capture_on_commit_callbacks(execute=True):
        rule = set_deadline_rule(company=company, by=manager, course_key=enrolment.course_key, due_on=date(2030, 1, 6))
    enrolment.refresh_from_db()
    assert (enrolment.due_at.day, rule.days, rule.note, DeadlineRule.objects.count()) == (6, None, "", 1)
    with django_capture_on_commit_callbacks(execute=True):
        remove_deadline_rule(rule_id=rule.pk, company=company, by=manager)
        remove_deadline_rule(rule_id=rule.pk, company=company, by=manager)
    enrolment.refresh_from_db()
    assert enrolment.due_at == datetime(2030, 1, 8, 22, 59, 59, tzinfo=UTC)


def test_a_company_has_one_rule_for_the_rest(manager):
    company = Company.objects.get()
    for days in (5, 6):
        set_deadline_rule(company=company, by=manager, course_key=None, days=days)
    assert list(DeadlineRule.objects.values_list("days", flat=True)) == [6]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "malformed"),
        ({"days": 3, "due_on": MARCH}, "malformed"),
        ({"days": 0}, "malformed"),
        ({"days": 3_651}, "malformed"),
        ({"due_on": date(2029, 12, 31)}, "past"),
        ({"due_on": date.max}, "past"),
        ({"days": 3, "note": "x" * 256}, "note_too_long"),
        ({"days": 3, "course_key": uuid4()}, "unknown_course"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(manager, given, code):
    sent = {"course_key": None} | given
    assert refused(set_deadline_rule, company=Company.objects.get(), by=manager, **sent) == code
    assert DeadlineRule.objects.count() == 0


def test_rules_are_set_by_those_who_run_the_company_and_staff(manager):
    company, rule = Company.objects.get(), DeadlineRuleFactory(company=Company.objects.get())
    member, elsewhere = MembershipFactory(company=company).user, MembershipFactory(owner=True)
    for stranger in (member, elsewhere.user, make_editor()):
        assert refused(set_deadline_rule, company=company, by=stranger, course_key=None, days=1) == "not_found"
        assert refused(remove_deadline_rule, company=company, by=stranger, rule_id=rule.pk) == "not_found"
    remove_deadline_rule(rule_id=rule.pk, company=elsewhere.company, by=elsewhere.user)  # not theirs: nothing happens
    assert list(DeadlineRule.objects.values_list("days", flat=True)) == [10]
    set_deadline_rule(company=company, by=UserFactory(admin=True), course_key=None, days=1)
    assert list(DeadlineRule.objects.values_list("days", flat=True)) == [1]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_extension_from_ten_clicks_is_one(run_together, enrolment, manager):
    def work(_number):
        return extend_deadline(enrolment_id=enrolment.pk, by=manager, due_on=MARCH, note="ill").pk

    assert set(run_together(10, work)) == {DeadlineExtension.objects.get().pk}
