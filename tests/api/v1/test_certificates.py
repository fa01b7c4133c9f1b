"""Certificates: one's own, verification for everyone, the PDF for its owner, and numbers that are tried out."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from certificates import uploads
from certificates.guessing import MISSES_ALLOWED, UPLOADS_ALLOWED
from certificates.life import reissue_certificate, revoke_certificate
from certificates.models import Certificate
from certificates.numbering import make_number
from certificates.services import issue_certificate, render_file
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
    assert sorted(answer) == [
        "credential_url",
        "expires_at",
        "facts",
        "issued_at",
        "number",
        "revocation_reason",
        "revoked_at",
        "status",
        "superseded_by",
    ]
    assert answer["credential_url"] == f"http://testserver/certificates/{certificate.number}/credential.json"
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
    revoke_certificate(certificate_id=certificate.pk, reason="misconduct", note="Copied the exam.", by=None)
    response = api.get(f"/api/v1/certificates/{certificate.number}/")
    answer = response.json()
    assert (answer["status"], answer["revocation_reason"], answer["superseded_by"]) == ("revoked", "misconduct", [])
    assert answer["revoked_at"].endswith("Z")
    assert "Copied the exam" not in response.content.decode()


def test_verifying_tells_the_chain_of_corrections(api: APIClient, certificate: Certificate) -> None:
    second = reissue_certificate(certificate_id=certificate.pk, name="Lea Learner", note="", by=None)
    third = reissue_certificate(certificate_id=second.pk, name="Lea Lerner", note="", by=None)
    answer = api.get(f"/api/v1/certificates/{certificate.number}/").json()
    assert (answer["status"], answer["superseded_by"]) == ("superseded", [second.number, third.number])
    assert api.get(f"/api/v1/certificates/{third.number}/").json()["superseded_by"] == []


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


# --- By file --------------------------------------------------------------------------------------------------------


def verify(client: APIClient, data: bytes) -> Any:
    return client.post("/api/v1/certificates/verify/", {"file": SimpleUploadedFile("c.pdf", data)}, format="multipart")


def test_file_of_ours_comes_with_its_certificate(api: APIClient, certificate: Certificate) -> None:
    response = verify(api, bytes(render_file(certificate_id=certificate.pk).pdf))
    answer = response.json()
    assert (response.status_code, answer["state"]) == (200, "valid")
    assert answer["certificate"] == api.get(f"/api/v1/certificates/{certificate.number}/").json()
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("data", "state"), [(b"%PDF-1.7 x", "not_ours"), (b"hello", "unreadable")])
def test_other_files_come_without(api: APIClient, certificate: Certificate, data: bytes, state: str) -> None:
    answer = verify(api, data).json()
    assert (answer["state"], answer["certificate"]) == (state, None)
    assert answer["reason"] != ""


def test_file_that_is_missing_or_too_large_is_a_problem(
    api: APIClient, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = api.post("/api/v1/certificates/verify/", {}, format="multipart")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert response.json()["errors"][0]["pointer"] == "#/file"
    monkeypatch.setattr(uploads, "MAX_BYTES", 10)
    monkeypatch.setattr(uploads, "MULTIPART_EXTRA", 0)
    response = verify(api, b"x" * 100)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert response["Content-Type"] == "application/problem+json"


def test_files_and_numbers_are_stopped_together(api: APIClient, certificate: Certificate) -> None:
    for _try in range(UPLOADS_ALLOWED):
        assert verify(api, b"nothing").status_code == 200
    response = verify(api, b"nothing")
    assert (response.status_code, response.json()["code"], response["Retry-After"]) == (429, "throttled", "600")
    for _try in range(MISSES_ALLOWED - UPLOADS_ALLOWED):
        api.get(f"/api/v1/certificates/{make_number()}/")
    assert api.get(f"/api/v1/certificates/{certificate.number}/").status_code == 429


# --- The public link ------------------------------------------------------------------------------------------------


def test_owner_switches_the_link_on_and_off(as_learner: APIClient, certificate: Certificate) -> None:
    path = f"/api/v1/certificates/{certificate.number}/share/"
    first = as_learner.post(path).json()["share_url"]
    certificate.refresh_from_db()
    assert first.endswith(f"/certificates/{certificate.number}/shared/{certificate.share_token}/")
    assert as_learner.post(path).json()["share_url"] == first
    assert as_learner.get("/api/v1/certificates/").json()["results"][0]["share_url"] == first
    assert as_learner.delete(path).json() == {"share_url": None}
    assert as_learner.post(path).json()["share_url"] != first


def test_others_learn_nothing_of_the_link(api: APIClient, as_charlie: APIClient, certificate: Certificate) -> None:
    path = f"/api/v1/certificates/{certificate.number}/share/"
    for method in ("post", "delete"):
        assert getattr(as_charlie, method)(path).status_code == 404
        assert getattr(api, method)(path).status_code == 401
    certificate.refresh_from_db()
    assert certificate.share_token is None
    assert "share" not in as_charlie.get(f"/api/v1/certificates/{certificate.number}/").content.decode()
