"""Verification is public and says no more than the certificate; the PDF is for its owner and for staff."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certificates.guessing import MISSES_ALLOWED
from certificates.models import Certificate, CertificateStatus
from certificates.numbering import make_number
from certificates.services import render_file
from courses.models import CataloguePage
from tests.factories.learners import EnrolmentFactory, UserFactory, make_editor

pytestmark = pytest.mark.usefixtures("catalogue")


def page_of(client: Client, certificate: Certificate) -> str:
    return client.get(f"/certificates/{certificate.number}/").content.decode()


def test_stranger_sees_a_valid_certificate(client: Client, certificate: Certificate) -> None:
    response = client.get(f"/certificates/{certificate.number}/")
    page = response.content.decode()
    assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex")
    assert "Ann Able" in page
    assert "This certificate is valid" in page


def test_page_shows_no_address_and_no_download_to_strangers(client: Client, certificate: Certificate) -> None:
    page = page_of(client, certificate)
    assert "ann@example.com" not in page
    assert "/pdf" not in page


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        (
            {
                "status": CertificateStatus.REVOKED,
                "revoked_at": datetime(2026, 1, 1, tzinfo=UTC),
                "revocation_reason": "error",
            },
            "This certificate was revoked",
        ),
        ({"status": CertificateStatus.SUPERSEDED}, "A newer certificate replaces this one"),
        ({"expires_at": datetime(2026, 1, 1, tzinfo=UTC)}, "This certificate has expired"),
    ],
)
def test_page_says_when_it_no_longer_holds(
    client: Client, certificate: Certificate, fields: dict[str, object], verdict: str
) -> None:
    Certificate.objects.update(**fields)
    assert verdict in page_of(client, certificate)


def test_number_may_be_typed_carelessly(client: Client, certificate: Certificate) -> None:
    typed = certificate.number.lower().replace("-", " ")
    response = client.get("/certificates/", {"number": typed}, follow=True)
    assert response.redirect_chain == [(f"/certificates/{certificate.number}/", 302)]
    assert response.status_code == 200


@pytest.mark.parametrize("number", ["nonsense", "CW-0000-0000-0001", "<script>", "x" * 300])
def test_unknown_number_is_not_ours(client: Client, number: str) -> None:
    response = client.get(f"/certificates/{number}/")
    assert response.status_code == 404
    assert "Not one of ours" in response.content.decode()
    assert "<script>" not in response.content.decode()


def test_guessing_is_stopped_even_for_right_numbers(client: Client, certificate: Certificate) -> None:
    for _ in range(MISSES_ALLOWED):
        client.get(f"/certificates/{make_number()}/")
    response = client.get(f"/certificates/{certificate.number}/")
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert client.get(f"/certificates/{certificate.number}/", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_forged_forwarded_address_does_not_help_guessing(client: Client, certificate: Certificate) -> None:
    for number in range(MISSES_ALLOWED):
        client.get(f"/certificates/{make_number()}/", headers={"x-forwarded-for": f"10.0.0.{number}"})
    assert client.get(f"/certificates/{certificate.number}/").status_code == 429


def test_owner_downloads_the_stored_bytes(client: Client, certificate: Certificate) -> None:
    file = render_file(certificate_id=certificate.pk)
    client.force_login(certificate.user)
    response = client.get(f"/certificates/{certificate.number}/pdf")
    assert response.content == bytes(file.pdf)
    assert response["Content-Disposition"] == f'attachment; filename="{certificate.number}.pdf"'
    assert (response["ETag"], response["Cache-Control"]) == (f'"{file.sha256}"', "private, no-store")
    again = client.get(f"/certificates/{certificate.number}/pdf", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_download_draws_what_is_not_drawn_yet(client: Client, certificate: Certificate) -> None:
    client.force_login(certificate.user)
    assert client.get(f"/certificates/{certificate.number}/pdf").content.startswith(b"%PDF-")


def test_others_cannot_download(client: Client, certificate: Certificate, catalogue: CataloguePage) -> None:
    url = f"/certificates/{certificate.number}/pdf"
    # The same answer for a number that does not exist: nothing to guess at.
    for asked in (url, f"/certificates/{make_number()}/pdf"):
        assert client.get(asked)["Location"] == f"/accounts/login/?next={asked}"
    for user in (UserFactory(), make_editor()):
        client.force_login(user)
        assert client.get(url).status_code == 404
    client.force_login(UserFactory(admin=True))
    assert client.get(url).status_code == 200


def test_page_takes_one_query(client: Client, certificate: Certificate) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/certificates/{certificate.number}/")
    assert len([query for query in queries if "certificates_certificate" in query["sql"]]) == 1


def test_certificates_of_others_are_not_on_my_page(client: Client, certificate: Certificate) -> None:
    other = EnrolmentFactory(completed=True)
    client.force_login(other.user)
    assert certificate.number not in client.get("/learn/").content.decode()
    client.force_login(certificate.user)
    assert certificate.number in client.get("/learn/").content.decode()
