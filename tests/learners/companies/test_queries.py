"""Whose people one follows."""

from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import override_settings

from learners.companies.queries import companies_of, followed_people, managed_companies, zone_of
from tests.factories.learners import CompanyFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_followed_people_has_each_once_by_name_and_not_the_manager():
    first, second = CompanyFactory(), CompanyFactory()
    manager = MembershipFactory(company=first, manager=True).user
    MembershipFactory(company=second, owner=True, user=manager)
    both = MembershipFactory(company=first, user__name="Zoe").user
    MembershipFactory(company=second, user=both)
    colleague = MembershipFactory(company=first, manager=True, user__name="Ben").user
    MembershipFactory(user__name="Of another company")
    assert list(followed_people(manager)) == [colleague, both]


def test_followed_people_of_members_and_visitors_are_none():
    company = CompanyFactory()
    member = MembershipFactory(company=company).user
    MembershipFactory(company=company)
    assert [list(followed_people(user)) for user in (member, AnonymousUser())] == [[], []]


def test_companies_of_are_those_one_belongs_to():
    led, joined = CompanyFactory(name="A"), CompanyFactory(name="B")
    user = MembershipFactory(company=led, owner=True).user
    MembershipFactory(company=joined, user=user)
    CompanyFactory(name="C")
    assert (list(companies_of(user)), list(managed_companies(user))) == ([led, joined], [led])
    assert [list(ask(AnonymousUser())) for ask in (companies_of, managed_companies)] == [[], []]
    assert list(companies_of(UserFactory())) == []


@override_settings(TIME_ZONE="Asia/Tokyo")
def test_days_of_a_company_end_in_its_zone_or_the_sites():
    zones = [zone_of(CompanyFactory(time_zone=name)) for name in ("Europe/Madrid", "", "no/where")]
    assert zones == [ZoneInfo("Europe/Madrid"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Asia/Tokyo")]
