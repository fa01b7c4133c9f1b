"""Who may grant accommodations and read their notes."""

import pytest
from django.contrib.auth.models import Permission

from learners.accommodations.access import can_grant_accommodations, can_read_accommodations
from tests.factories.learners import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def make_holder(*codenames, **facts):
    user = UserFactory(**facts)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def test_whoever_holds_the_permission_grants_and_reads():
    user = make_holder("add_accommodation")
    assert (can_grant_accommodations(user), can_read_accommodations(user)) == (True, True)


def test_whoever_may_view_reads_only():
    user = make_holder("view_accommodation")
    assert (can_grant_accommodations(user), can_read_accommodations(user)) == (False, True)


def test_managers_of_a_company_neither_grant_nor_read():
    manager = MembershipFactory(manager=True).user
    assert (can_grant_accommodations(manager), can_read_accommodations(manager)) == (False, False)


def test_whoever_is_no_longer_active_does_neither():
    user = make_holder("add_accommodation", is_active=False)
    assert (can_grant_accommodations(user), can_read_accommodations(user)) == (False, False)
