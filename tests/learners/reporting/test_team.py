"""What managers see: their own people, by what they need, in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from learners.accounts.models import User
from learners.companies.models import Company
from learners.reporting.team import STATUSES, TeamCounts, count_team, find_team, read_team
from tests.factories.courses import make_edition
from tests.factories.learners import CompanyFactory, EnrolmentFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return CompanyFactory()


@pytest.fixture
def manager(company: Company) -> User:
    return MembershipFactory(company=company, manager=True).user


def join(company: Company, **fields) -> User:
    return MembershipFactory(company=company, user=UserFactory(**fields)).user


def enrol_in_every_state(person: User) -> dict[str, int]:
    now = timezone.now()
    return {
        "overdue": EnrolmentFactory(user=person, started=True, due_at=now - timedelta(hours=1)).pk,
        "closed": EnrolmentFactory(user=person, started=True, expired_at=now).pk,
        "due_soon": EnrolmentFactory(user=person, started=True, due_at=now + timedelta(days=6)).pk,
        "later": EnrolmentFactory(user=person, started=True, due_at=now + timedelta(days=8)).pk,
        "not_started": EnrolmentFactory(user=person).pk,
        "completed": EnrolmentFactory(user=person, completed=True, due_at=now - timedelta(days=1)).pk,
    }


def test_counts_and_filters_agree(company, manager):
    person, idle = join(company), join(company)
    enrol_in_every_state(MembershipFactory().user)  # of another company
    enrol_in_every_state(manager)
    made = enrol_in_every_state(person)
    counts = count_team(manager)
    assert counts == TeamCounts(people=2, overdue=2, due_soon=1, not_started=1, completed=1)
    assert set(find_team(manager)) == {person, idle}
    for status in STATUSES:
        assert list(find_team(manager, status=status)) == [person]
        shown = {row.id for row in read_team([person], status=status)[0].enrolments}
        expected = {made["overdue"], made["closed"]} if status == "overdue" else {made[status]}
        assert (shown, len(shown)) == (expected, getattr(counts, status))


def test_search_wants_every_word(company, manager):
    ann = join(company, name="Ann Lee", email="ann@northwind.example")
    join(company, name="Ann Moss", email="moss@northwind.example")
    assert list(find_team(manager, search="  lee ANN ")) == [ann]
    assert list(find_team(manager, search="ann@north")) == [ann]
    assert list(find_team(manager, search="nobody")) == []


def test_the_last_cycle_stands_for_the_course(company, manager):
    person, state = join(company), make_edition()
    EnrolmentFactory(user=person, course=state, completed=True)
    second = EnrolmentFactory(user=person, course=state, cycle=2)
    assert [row.id for row in read_team([person])[0].enrolments] == [second.pk]
    assert [row.cycle for row in read_team([person], every_cycle=True)[0].enrolments] == [2, 1]
    assert (count_team(manager).completed, list(find_team(manager, status="completed"))) == (0, [])


def test_members_follow_nobody(company, manager):
    member = join(company)
    enrol_in_every_state(join(company))
    assert (count_team(member), list(find_team(member))) == (TeamCounts(0, 0, 0, 0, 0), [])


@pytest.mark.parametrize("count", [1, 3])
def test_team_takes_the_same_queries_for_any_number_of_people(company, manager, django_assert_num_queries, count):
    for _number in range(count):
        enrol_in_every_state(join(company))
    people = list(find_team(manager))
    with django_assert_num_queries(5):
        read_team(people)
    with django_assert_num_queries(2):
        count_team(manager)
