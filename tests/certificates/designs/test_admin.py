"""Designs in the admin: editors draft, reviewers publish and say where a design is used, others see nothing."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.admin.menu import admin_menu
from wagtail.models import Workflow, WorkflowContentType
from wagtail.snippets.views.snippets import get_snippet_models_for_index_view

from certificates.models import CertificateDesign, DesignAssignment
from courses.roles import EDITORS, REVIEWERS, WORKFLOW
from tests.factories.certificates import make_design
from tests.factories.learners import CompanyFactory, UserFactory


@pytest.fixture
def people(catalogue: object) -> dict[str, object]:
    call_command("setup", verbosity=0)
    made = {}
    for name in (EDITORS, REVIEWERS):
        made[name] = UserFactory()
        made[name].groups.add(Group.objects.get(name=name))
    return made


def test_editors_draft_and_reviewers_publish(people: dict) -> None:
    rights = {name: person.has_perm("certificates.publish_certificatedesign") for name, person in people.items()}
    assert rights == {EDITORS: False, REVIEWERS: True}
    assert all(person.has_perm("certificates.add_certificatedesign") for person in people.values())


def test_designs_go_through_the_workflow_of_courses(people: dict) -> None:
    chosen = WorkflowContentType.objects.get(content_type__model="certificatedesign")
    assert chosen.workflow == Workflow.objects.get(name=WORKFLOW)


def test_pages_of_designs_open_for_editors_only(people: dict, client: Client) -> None:
    design = make_design()
    addresses = [
        reverse(CertificateDesign.snippet_viewset.get_url_name("list")),
        reverse(CertificateDesign.snippet_viewset.get_url_name("edit"), args=[design.pk]),
    ]
    client.force_login(people[EDITORS])
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    client.force_login(UserFactory())
    assert [client.get(address).status_code for address in addresses] == [302, 302]


def test_reviewer_says_which_company_uses_a_design(people: dict, client: Client) -> None:
    design, company = make_design(), CompanyFactory()
    address = reverse(DesignAssignment.snippet_viewset.get_url_name("add"))
    form = {"design": design.pk, "course": "", "company": company.pk}
    client.force_login(people[EDITORS])
    assert client.post(address, form).status_code == 302
    assert DesignAssignment.objects.count() == 0
    client.force_login(people[REVIEWERS])
    assert client.post(address, form).status_code == 302
    assert list(DesignAssignment.objects.values_list("design", "company", "course_key")) == [
        (design.pk, company.pk, None)
    ]


def test_menu_has_one_entry_for_everything_about_certificates(people: dict, client: Client) -> None:
    """Editors, who may not see the register, find the designs there; nobody finds them anywhere else."""

    def entries(request: HttpRequest) -> list[list[str]]:
        shown = [item for item in admin_menu.menu_items_for_request(request) if "ertificate" in str(item.label)]
        return [[str(entry.label) for entry in item.menu.menu_items_for_request(request)] for item in shown]

    request = RequestFactory().get("/admin/")
    request.user = people[EDITORS]
    assert entries(request) == [["Designs", "Use of designs"]]
    request.user = UserFactory(is_superuser=True, is_staff=True)
    assert entries(request) == [["Register", "Downloads", "Designs", "Use of designs"]]
    assert {CertificateDesign, DesignAssignment} & set(get_snippet_models_for_index_view()) == set()
