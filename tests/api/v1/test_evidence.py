"""Evidence over the API: for the learner, their managers and staff; for everybody else it does not exist."""

import pytest
from django.test import Client

from learners.companies.models import Role
from learners.enrolments.models import Enrolment
from learners.reporting.evidence import digest_of
from tests.factories.learners import EnrolmentFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def address(enrolment: Enrolment) -> str:
    return f"/api/v1/enrolments/{enrolment.pk}/evidence/"


def test_each_reader_is_told_as_whom_they_read(client: Client) -> None:
    enrolment = EnrolmentFactory()
    company = MembershipFactory(user=enrolment.user).company
    readers = [enrolment.user, MembershipFactory(company=company, role=Role.OWNER).user, UserFactory(admin=True)]
    seen = []
    for reader in readers:
        client.force_login(reader)
        seen.append(client.get(address(enrolment)).json()["viewer"])
    assert seen == ["owner", "manager", "staff"]


def test_body_is_the_evidence_and_its_digest_holds(client: Client) -> None:
    enrolment = EnrolmentFactory(completed=True)
    client.force_login(enrolment.user)
    response = client.get(address(enrolment))
    body = response.json()
    assert response["Cache-Control"] == "private, no-store"
    assert (body["enrolment"]["id"], body["enrolment"]["state"], body["course"]["edition"]) == (
        enrolment.pk,
        "completed",
        1,
    )
    assert digest_of(body) == body["digest"]


def test_colleagues_and_managers_elsewhere_learn_nothing(client: Client) -> None:
    enrolment = EnrolmentFactory()
    company = MembershipFactory(user=enrolment.user).company
    answers = []
    for stranger in (MembershipFactory(company=company).user, MembershipFactory(role=Role.MANAGER).user):
        client.force_login(stranger)
        answers.append(client.get(address(enrolment)).json()["code"])
    assert answers == ["not_found", "not_found"]


def test_visitor_is_asked_to_log_in(client: Client) -> None:
    assert client.get(address(EnrolmentFactory())).status_code in (401, 403)
