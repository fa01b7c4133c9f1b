"""Companies in the admin: made and filled without a shell, by those who may."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import CataloguePage
from learners.accounts.models import User
from learners.companies.models import Company, Membership
from tests.factories.learners import CompanyFactory, DeadlineRuleFactory, MembershipFactory, UserFactory, make_editor

COMPANIES, MEMBERSHIPS = "/admin/registers/companies/", "/admin/registers/memberships/"


@pytest.fixture
def signed_in(client: Client, catalogue: CataloguePage) -> Client:
    client.force_login(UserFactory(admin=True))
    return client


def test_a_company_is_made_and_filled(signed_in: Client) -> None:
    ann = UserFactory(email="ann@example.com", name="Ann")
    made = signed_in.post(f"{COMPANIES}new/", {"name": "Northwind", "time_zone": "Europe/Madrid"})
    company = Company.objects.get()
    assert (company.name, company.time_zone) == ("Northwind", "Europe/Madrid")
    assert made["Location"] == f"{COMPANIES}{company.pk}/add/"
    signed_in.post(made["Location"], {"email": "ANN@example.com", "role": "manager"})
    assert list(company.memberships.values_list("user_id", "role")) == [(ann.pk, "manager")]
    listed = signed_in.get(COMPANIES).content.decode()
    assert (listed.count("Northwind") > 0, listed.count(f"{COMPANIES}{company.pk}/add/")) == (True, 1)
    assert signed_in.get("/team/companies/northwind/").status_code == 200


@pytest.mark.parametrize("sent", [{"name": ""}, {"name": "Taken"}, {"name": "New", "time_zone": "Mars"}])
def test_a_company_that_cannot_be_is_refused(signed_in: Client, sent: dict[str, str]) -> None:
    CompanyFactory(name="Taken")
    response = signed_in.post(f"{COMPANIES}new/", sent)
    assert (response.status_code, bool(response.context["form"].errors), Company.objects.count()) == (200, True, 1)


def test_unknown_people_are_not_added(signed_in: Client) -> None:
    company = CompanyFactory()
    for address in ("nobody@example.com", "no address", ""):
        response = signed_in.post(f"{COMPANIES}{company.pk}/add/", {"email": address, "role": "member"})
        assert list(response.context["form"].errors) == ["email"]
    assert Membership.objects.count() == 0
    assert signed_in.get(f"{COMPANIES}999/add/").status_code == 404


def test_roles_change_and_people_leave_but_the_last_owner(signed_in: Client) -> None:
    owner = MembershipFactory(owner=True)
    member = MembershipFactory(company=owner.company)
    signed_in.post(f"{MEMBERSHIPS}{member.pk}/change/", {"role": "manager"})
    member.refresh_from_db()
    assert member.role == "manager"
    for role in ("member", "remove"):
        response = signed_in.post(f"{MEMBERSHIPS}{owner.pk}/change/", {"role": role})
        assert "is the only owner" in str(response.context["form"].errors)
    signed_in.post(f"{MEMBERSHIPS}{member.pk}/change/", {"role": "remove"})
    assert list(Membership.objects.all()) == [owner]
    assert signed_in.get(f"{MEMBERSHIPS}{member.pk}/change/").status_code == 404


def test_companies_are_closed_to_editors_and_open_by_permission(client: Client, catalogue: CataloguePage) -> None:
    company = MembershipFactory(company__name="Secret customer").company
    forms = [f"{COMPANIES}new/", f"{COMPANIES}{company.pk}/add/", f"{MEMBERSHIPS}{Membership.objects.get().pk}/change/"]
    editor = make_editor()
    client.force_login(editor)
    for url in [COMPANIES, MEMBERSHIPS, *forms]:
        page = client.get(url, follow=True)
        assert (page.redirect_chain[-1][0], "Secret customer" in page.content.decode()) == ("/admin/", False)
    editor.user_permissions.set(Permission.objects.filter(codename__in=["view_company", "view_membership"]))
    client.force_login(User.objects.get(pk=editor.pk))
    assert [client.get(url).status_code for url in (COMPANIES, MEMBERSHIPS)] == [200, 200]
    assert f"{COMPANIES}{company.pk}/add/" not in client.get(COMPANIES).content.decode()
    assert [client.get(url).status_code for url in forms] == [302, 302, 302]


@pytest.mark.parametrize("url", [COMPANIES, MEMBERSHIPS])
@pytest.mark.parametrize("count", [1, 3])
def test_registers_take_the_same_queries_for_any_number_of_rows(signed_in: Client, url: str, count: int) -> None:
    for _number in range(count):
        DeadlineRuleFactory(company=MembershipFactory().company)
    signed_in.get(url)
    with CaptureQueriesContext(connection) as queries:
        signed_in.get(url)
    assert len(queries) == {COMPANIES: 10, MEMBERSHIPS: 12}[url]


def test_counts_do_not_multiply(signed_in: Client) -> None:
    company = CompanyFactory()
    for role in ("owner", "member", "member"):
        MembershipFactory(company=company, role=role)
    DeadlineRuleFactory(company=company)
    DeadlineRuleFactory(company=company, course_key="11111111-1111-4111-8111-111111111111")
    rows = b"".join(signed_in.get(f"{COMPANIES}?export=csv").streaming_content).decode().splitlines()
    assert rows[1].split(",")[2:5] == ["3", "1", "2"]
