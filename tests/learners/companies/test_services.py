"""Making companies, and who is in them."""

import pytest

from learners.accounts.models import User
from learners.companies.models import Company, Membership
from learners.companies.services import (
    CompanyRefusedError,
    add_member,
    change_role,
    create_company,
    remove_member,
    update_company,
)
from tests.factories.learners import CompanyFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def stale_people() -> set[User]:
    return set(User.objects.filter(deadlines_stale_since__isnull=False))


def test_create_company_makes_its_owner():
    owner = UserFactory()
    company = create_company(name="  Northwind \n Instruments ", time_zone="Europe/Madrid", owner=owner)
    assert (company.name, company.slug, company.time_zone) == (
        "Northwind Instruments",
        "northwind-instruments",
        "Europe/Madrid",
    )
    assert list(company.memberships.values_list("user_id", "role")) == [(owner.pk, "owner")]


def test_create_company_finds_a_free_address():
    slugs = [create_company(name=name).slug for name in ("Acme", "ACME!", "Acme?", "会社")]
    assert slugs == ["acme", "acme-2", "acme-3", "company"]


@pytest.mark.parametrize(
    ("name", "zone", "code"),
    [
        (" \t", "", "name_required"),
        ("a" * 151, "", "name_too_long"),
        ("Taken", "", "name_taken"),
        ("Acme", "Mars/Base", "unknown_zone"),
    ],
)
def test_create_and_update_refuse_what_cannot_be(name, zone, code):
    CompanyFactory(name="Taken")
    company = CompanyFactory(name="Mine")
    for attempt in (
        lambda: create_company(name=name, time_zone=zone, owner=UserFactory()),
        lambda: update_company(company=company, name=name, time_zone=zone),
    ):
        with pytest.raises(CompanyRefusedError) as caught:
            attempt()
        assert caught.value.code == code
    assert set(Company.objects.values_list("name", flat=True)) == {"Taken", "Mine"}
    assert Membership.objects.count() == 0


def test_another_zone_marks_the_deadlines_of_its_people():
    member = MembershipFactory()
    MembershipFactory()  # of another company
    update_company(company=member.company, name="New name", time_zone="")
    assert stale_people() == set()
    update_company(company=member.company, name="New name", time_zone="Asia/Tokyo")
    assert stale_people() == {member.user}
    member.company.refresh_from_db()
    assert (member.company.name, member.company.time_zone) == ("New name", "Asia/Tokyo")


def test_add_member_again_returns_the_same():
    company, user = CompanyFactory(), UserFactory()
    first = add_member(company=company, user=user, role="manager")
    again = add_member(company=company, user=user)
    assert (again.pk, again.role, stale_people()) == (first.pk, "manager", {user})


def test_roles_are_owner_manager_and_member():
    membership = MembershipFactory()
    for attempt in (
        lambda: add_member(company=membership.company, user=UserFactory(), role="king"),
        lambda: change_role(membership=membership, role=""),
    ):
        with pytest.raises(CompanyRefusedError) as caught:
            attempt()
        assert caught.value.code == "unknown_role"


def test_last_owner_neither_leaves_nor_steps_down():
    owner = MembershipFactory(owner=True)
    MembershipFactory(company=owner.company, manager=True)
    MembershipFactory(owner=True)  # of another company
    for attempt in (lambda: remove_member(membership=owner), lambda: change_role(membership=owner, role="member")):
        with pytest.raises(CompanyRefusedError) as caught:
            attempt()
        assert caught.value.code == "last_owner"
    MembershipFactory(company=owner.company, owner=True)
    assert change_role(membership=owner, role="member").role == "member"
    remove_member(membership=owner)
    assert not Membership.objects.filter(pk=owner.pk).exists()


def test_remove_member_marks_their_deadlines_and_may_be_repeated():
    membership = MembershipFactory()
    user = membership.user
    remove_member(membership=membership)
    remove_member(membership=membership)
    assert stale_people() == {user}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_owners_leaving_at_once_leave_one(run_together):
    company = CompanyFactory()
    owners = [MembershipFactory(company=company, owner=True) for _number in range(2)]
    results = run_together(2, lambda number: remove_member(membership=owners[number]))
    assert sorted(type(result).__name__ for result in results) == ["CompanyRefusedError", "NoneType"]
    assert company.memberships.count() == 1
