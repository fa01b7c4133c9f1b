"""Designs in the admin: editors draft, reviewers publish and say where a design is used, others see nothing."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Workflow, WorkflowContentType

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
