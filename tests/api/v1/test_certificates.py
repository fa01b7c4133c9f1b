"""Certificates: one's own, verification for everyone, the PDF for its owner, and numbers that are tried out."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from certificates.guessing import MISSES_ALLOWED
from certificates.models import Certificate
from certificates.numbering import make_number
from certificates.services import issue_certificate
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from tests.api.editions import publish


def issue(user: User, slug: str = "selling-well") -> Certificate:
    enrolment, _is_new = enrol(user=user, state=publish(slug).state)
    Enrolment.objects.filter(pk=enrolment.pk).update(
        state="completed", completed_at=timezone.now(), percent=100, score="92.50"
    )
    certificate = issue_certificate(enrolment_id=enrolment.pk)
    assert certificate is not None
    return certificate


@pytest.fixture
def certificate(learner: User) -> Certificate:
    return issue(learner)


def test_list_has_ones_own(as_learner: APIClient, as_charlie: APIClient, certificate: Certificate) -> None:
    answer = as_learner.get("/api/v1/certificates/").json()
    assert [item["number"] for item in answer["results"]] == [certificate.number]
    assert answer["results"][0]["pdf_url"] == f"http://testserver/api/v1/certificates/{certificate.number}/pdf"
    assert answer["results"][0]["enrolment"] == certificate.enrolment_id
    assert as_charlie.get("/api/v1/certificates/").json()["count"] == 0


def test_list_needs_a_person(api: APIClient, db: None) -> None:
    assert api.get("/api/v1/certificates/").status_code == 401


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_four_queries(
    as_learner: APIClient, learner: User, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        issue(learner, f"course-{number}")
    with django_assert_num_queries(4):
        as_learner.get("/api/v1/certificates/")


def test_anyone_may_verify(api: APIClient, certificate: Certificate) -> None:
    response = api.get(f"/api/v1/certificates/{certificate.number}/")
    answer = response.json()
    assert sorted(answer) == ["expires_at", "facts", "issued_at", "number", "status"]
    assert (answer["number"], answer["status"]) == (certificate.number, "valid")
    assert (answer["facts"]["name"], answer["facts"]["score"]) == ("Lee Learner", "92.5")
    assert "learner@example.com" not in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"


def test_verifying_forgives_how_it_is_typed(api: APIClient, certificate: Certificate) -> None:
    typed = certificate.number.lower().replace("-", " ")
    assert api.get(f"/api/v1/certificates/{typed}/").json()["number"] == certificate.number


def test_verifying_tells_when_it_no_longer_holds(api: APIClient, certificate: Certificate) -> None:
    Certificate.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert api.get(f"/api/v1/certificates/{certificate.number}/").json()["status"] == "expired"
    Certificate.objects.update(status="revoked")
    assert api.get(f"/api/v1/certificates/{certificate.number}/").json()["status"] == "revoked"


@pytest.mark.parametrize("number", ["x", "CW-0000-0000-0001", "%F0%9F%98%80", "a" * 2000, "'"])
def test_unknown_numbers_are_not_found(api: APIClient, certificate: Certificate, number: str) -> None:
    response = api.get(f"/api/v1/certificates/{number}/")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_trying_numbers_is_stopped(api: APIClient, certificate: Certificate) -> None:
    for _try in range(MISSES_ALLOWED):
        assert api.get(f"/api/v1/certificates/{make_number()}/").status_code == 404
    response = api.get(f"/api/v1/certificates/{certificate.number}/")
    assert (response.status_code, response.json()["code"], response["Retry-After"]) == (429, "throttled", "600")


@pytest.mark.parametrize("accept", ["application/pdf", "*/*", "application/json", "image/png"])
def test_owner_gets_the_stored_bytes(as_learner: APIClient, certificate: Certificate, accept: str) -> None:
    certificate.file.refresh_from_db()
    file = certificate.file
    file.pdf, file.sha256 = b"%PDF-1.7 the bytes", "a" * 64
    file.save()
    path = f"/api/v1/certificates/{certificate.number}/pdf"
    response = as_learner.get(path, headers={"Accept": accept})
    assert (response.status_code, response.content) == (200, b"%PDF-1.7 the bytes")
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"] == f'attachment; filename="{certificate.number}.pdf"'
    assert as_learner.get(f"{path}/").status_code == 200
    assert as_learner.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_strangers_get_no_pdf(api: APIClient, as_charlie: APIClient, certificate: Certificate) -> None:
    path = f"/api/v1/certificates/{certificate.number}/pdf"
    assert as_charlie.get(path, headers={"Accept": "application/pdf"}).status_code == 404
    response = api.get(path, headers={"Accept": "application/pdf"})
    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
