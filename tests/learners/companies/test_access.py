"""Who follows whom."""

import pytest
from django.contrib.auth.models import AnonymousUser

from learners.companies.access import can_follow, can_run
from tests.factories.learners import CompanyFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("role", "follows"), [("owner", True), ("manager", True), ("member", False)])
def test_can_follow_by_role(role, follows):
    leader = MembershipFactory(role=role)
    member = MembershipFactory(company=leader.company)
    assert can_follow(leader.user, member.user) is follows


def test_can_follow_stays_within_the_company():
    manager, stranger = MembershipFactory(manager=True), MembershipFactory()
    MembershipFactory(company=stranger.company, user=manager.user)  # a plain member there
    assert can_follow(manager.user, stranger.user) is False


def test_can_follow_is_never_about_oneself():
    owner = MembershipFactory(owner=True)
    assert can_follow(owner.user, owner.user) is False


def test_can_follow_is_not_for_visitors():
    assert can_follow(AnonymousUser(), MembershipFactory().user) is False


def test_can_follow_needs_one_query(django_assert_num_queries):
    manager = MembershipFactory(manager=True)
    member = MembershipFactory(company=manager.company)
    with django_assert_num_queries(1):
        can_follow(manager.user, member.user)


def test_can_run_is_for_owners_and_managers_of_that_company():
    company = CompanyFactory()
    people = [MembershipFactory(company=company, role=role).user for role in ("owner", "manager", "member")]
    people += [MembershipFactory(owner=True).user, UserFactory(), AnonymousUser()]
    assert [can_run(person, company) for person in people] == [True, True, False, False, False, False]
