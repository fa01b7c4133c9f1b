"""Stored due dates follow the rules; overdue and expired are noted once, however often and by whomever."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from learners.accounts.models import User
from learners.accounts.services import mark_deadlines_stale, update_profile
from learners.companies.services import add_member, remove_member, update_company
from learners.enrolments.models import DeadlineExtension, Enrolment
from learners.enrolments.rules import read_due
from learners.enrolments.scheduling import (
    close_expired,
    mark_all_deadlines_stale,
    mark_overdue,
    refresh_stale_deadlines,
    store_due,
)
from learners.enrolments.services import enrol
from learners.signals import enrolment_expired, enrolment_overdue
from tests.factories.courses import make_edition
from tests.factories.learners import CompanyFactory, DeadlineRuleFactory, EnrolmentFactory, UserFactory

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
END = datetime(2030, 1, 8, 23, 59, 59, tzinfo=UTC)


@pytest.fixture
def heard():
    """What was sent: (signal, enrolment, due date)."""
    sent = []

    def hear(signal, enrolment_id, due_at, **kwargs):
        sent.append((names[signal], enrolment_id, due_at))

    names = {enrolment_overdue: "overdue", enrolment_expired: "expired"}
    for signal in names:
        signal.connect(hear, weak=False)
    yield sent
    for signal in names:
        signal.disconnect(hear)


def enrol_at_start(**facts) -> Enrolment:
    with time_machine.travel(START, tick=False):
        return enrol(user=UserFactory(), state=make_edition(**{"completion_days": 7} | facts))[0]


@pytest.mark.django_db
def test_overdue_is_noted_and_told_once(heard, django_capture_on_commit_callbacks):
    enrolment, done = enrol_at_start(), enrol_at_start()
    Enrolment.objects.filter(pk=done.pk).update(state="completed", completed_at=START)
    enrol_at_start(completion_days=None)
    counts = []
    for moment in (END, END + timedelta(seconds=1), END + timedelta(minutes=1)):
        now = moment - timedelta(seconds=1)
        with time_machine.travel(now, tick=False), django_capture_on_commit_callbacks(execute=True):
            counts.append(mark_overdue())
    enrolment.refresh_from_db()
    assert (counts, heard) == ([0, 1, 0], [("overdue", enrolment.pk, END)])
    assert enrolment.overdue_at == END


@pytest.mark.django_db
def test_expired_is_noted_and_told_once(heard, django_capture_on_commit_callbacks):
    enrolment = enrol_at_start(expires_after_days=3)
    never = enrol_at_start()
    closing = END + timedelta(days=3)
    counts = []
    for moment in (closing - timedelta(seconds=1), closing, closing + timedelta(hours=1)):
        with time_machine.travel(moment, tick=False), django_capture_on_commit_callbacks(execute=True):
            mark_overdue()
            counts.append(close_expired())
    enrolment.refresh_from_db()
    never.refresh_from_db()
    assert (counts, [sent[0] for sent in heard]) == ([0, 1, 0], ["overdue", "overdue", "expired"])
    assert (enrolment.expired_at, never.expired_at) == (closing, None)


@pytest.mark.django_db
def test_more_time_opens_what_the_deadline_closed_and_is_told_again(heard, django_capture_on_commit_callbacks):
    enrolment = enrol_at_start(expires_after_days=0)
    later = END + timedelta(days=10)
    with time_machine.travel(END + timedelta(days=1), tick=False), django_capture_on_commit_callbacks(execute=True):
        mark_overdue()
        close_expired()
        enrolment.refresh_from_db()
        DeadlineExtension.objects.create(enrolment=enrolment, due_at=later, note="ill")
        assert store_due(enrolment, read_due(enrolment), timezone.now()) is True
        enrolment.save()
    assert (enrolment.due_at, enrolment.overdue_at, enrolment.expired_at) == (later, None, None)
    with time_machine.travel(later, tick=False), django_capture_on_commit_callbacks(execute=True):
        mark_overdue()
    assert [(kind, due_at) for kind, _pk, due_at in heard] == [("overdue", END), ("expired", END), ("overdue", later)]


@pytest.mark.django_db
@pytest.mark.django_db
def test_deadlines_follow_people_companies_and_zones(django_capture_on_commit_callbacks):
    enrolment = enrol_at_start(completion_days=None, completion_deadline="2030-02-01")
    user, company = enrolment.user, CompanyFactory()
    DeadlineRuleFactory(company=company, days=3)

    def due_after(change) -> datetime:
        with django_capture_on_commit_callbacks(execute=True):
            change()
        enrolment.refresh_from_db()
        return enrolment.due_at

    assert due_after(lambda: update_profile(user=user, name="A", time_zone="Asia/Tokyo")) == datetime(
        2030, 2, 1, 14, 59, 59, tzinfo=UTC
    )
    assert due_after(lambda: add_member(company=company, user=user)) == datetime(2030, 1, 4, 23, 59, 59, tzinfo=UTC)
    assert due_after(lambda: update_company(company=company, name="B", time_zone="America/New_York")) == datetime(
        2030, 1, 5, 4, 59, 59, tzinfo=UTC
    )
    assert due_after(lambda: remove_member(membership=company.memberships.get())) == datetime(
        2030, 2, 1, 14, 59, 59, tzinfo=UTC
    )
    assert User.objects.filter(deadlines_stale_since__isnull=False).count() == 0


@pytest.mark.django_db
def test_refresh_leaves_completed_enrolments_alone():
    enrolment = enrol_at_start()
    Enrolment.objects.filter(pk=enrolment.pk).update(state="completed", completed_at=START, due_at=START)
    mark_deadlines_stale(people=User.objects.all())
    refresh_stale_deadlines()
    enrolment.refresh_from_db()
    assert enrolment.due_at == START


@pytest.mark.django_db
def test_once_a_day_everybody_with_something_unfinished_comes_again():
    lost, finished = enrol_at_start(), EnrolmentFactory(completed=True)
    Enrolment.objects.filter(pk=lost.pk).update(due_at=None)
    assert (mark_all_deadlines_stale(), refresh_stale_deadlines(), refresh_stale_deadlines()) == (1, 1, 0)
    lost.refresh_from_db()
    finished.user.refresh_from_db()
    assert (lost.due_at, finished.user.deadlines_stale_since) == (END, None)


@pytest.mark.django_db
def test_many_people_wait_for_the_background(django_capture_on_commit_callbacks, settings):
    """More than a request should work out: the mark stays until a worker or the scheduler comes."""
    users = [UserFactory() for _number in range(21)]
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    with django_capture_on_commit_callbacks(execute=True):
        mark_deadlines_stale(people=User.objects.filter(pk__in=[user.pk for user in users]))
    assert User.objects.filter(deadlines_stale_since__isnull=False).count() == 21
    assert refresh_stale_deadlines(limit=1) == 21


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_needs_ten_queries(django_assert_num_queries, count):
    for _number in range(count):
        enrol_at_start()
    mark_deadlines_stale(people=User.objects.all())
    Enrolment.objects.update(due_at=None)
    with django_assert_num_queries(10):
        assert refresh_stale_deadlines() == count


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_eight_schedulers_note_each_overdue_enrolment_once(heard, run_together):
    enrolments = [enrol_at_start(expires_after_days=0).pk for _number in range(12)]

    def work(_number):
        return mark_overdue(), close_expired()

    with time_machine.travel(END + timedelta(days=1), tick=True):
        results = run_together(8, work)
        results += [work(0)]
    assert sum(overdue for overdue, _expired in results) == sum(expired for _overdue, expired in results) == 12
    assert sorted(sent[:2] for sent in heard) == sorted(
        (kind, pk) for kind in ("overdue", "expired") for pk in enrolments
    )


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_refreshing_in_parallel_ends_with_the_rules(run_together):
    enrolments = [enrol_at_start() for _number in range(5)]
    Enrolment.objects.update(due_at=None)
    mark_deadlines_stale(people=User.objects.all())
    results = run_together(6, lambda _number: refresh_stale_deadlines())
    assert [result for result in results if isinstance(result, Exception)] == []
    assert set(Enrolment.objects.values_list("due_at", flat=True)) == {END}
    assert len(enrolments) == 5
