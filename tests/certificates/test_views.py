"""Verification is public and says no more than the certificate; the PDF is for its owner and for staff."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certificates import uploads, views
from certificates.guessing import MISSES_ALLOWED, UPLOADS_ALLOWED
from certificates.life import reissue_certificate, revoke_certificate
from certificates.models import Certificate, CertificateFile, CertificateStatus
from certificates.numbering import ALPHABET, is_valid, make_number
from certificates.services import render_file
from certificates.verification import Verdict
from courses.models import CataloguePage
from tests.factories.learners import CompanyFactory, EnrolmentFactory, MembershipFactory, UserFactory, make_editor

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
    assert f"{certificate.number}/pdf" not in page
    assert f"{certificate.number}/share" not in page


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
    company = CompanyFactory()
    colleague = MembershipFactory(company=company).user
    MembershipFactory(company=company, user=certificate.user)
    for user in (UserFactory(), make_editor(), colleague):
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


def test_number_with_the_check_symbol_of_another_is_not_ours(client: Client, certificate: Certificate) -> None:
    for symbol in ALPHABET:
        number = certificate.number[:-1] + symbol
        expected = 200 if number == certificate.number else 404
        assert (client.get(f"/certificates/{number}/", REMOTE_ADDR=f"10.0.0.{ord(symbol)}").status_code) == expected


def test_hit_and_miss_ask_the_database_the_same(client: Client, certificate: Certificate) -> None:
    counts = []
    for number in (certificate.number, make_number()):
        assert is_valid(number)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/certificates/{number}/")
        counts.append(len([query for query in queries if "certificates_certificate" in query["sql"]]))
    assert counts == [1, 1]


def test_too_many_misses_are_told_on_a_page_of_the_site(client: Client, certificate: Certificate) -> None:
    for _ in range(MISSES_ALLOWED):
        client.get(f"/certificates/{make_number()}/")
    for url in (f"/certificates/{certificate.number}/", "/certificates/?number=x"):
        response = client.get(url)
        assert (response.status_code, response["Retry-After"]) == (429, "600")
        assert "Please wait a little" in response.content.decode()
        assert "<header" in response.content.decode()


def test_revoked_page_tells_day_and_class_of_reason_but_not_the_note(client: Client, certificate: Certificate) -> None:
    revoke_certificate(certificate_id=certificate.pk, reason="misconduct", note="Copied the exam.", by=None)
    page = page_of(client, certificate)
    assert "Reason: Misconduct." in page
    assert f"Revoked on {datetime.now(UTC):%-d %b %Y}" in page
    assert "Copied the exam" not in page


def test_superseded_page_leads_down_the_chain(client: Client, certificate: Certificate) -> None:
    second = reissue_certificate(certificate_id=certificate.pk, name="Ann Abel", note="", by=None)
    third = reissue_certificate(certificate_id=second.pk, name="Ann Ableson", note="", by=None)
    page = page_of(client, certificate)
    assert page.index(f"/certificates/{second.number}/") < page.index(f"/certificates/{third.number}/")
    # The new one does not lead back: whoever is shown it need not learn the old name.
    assert certificate.number not in page_of(client, third)


def test_superseded_page_says_when_the_newest_no_longer_holds_either(client: Client, certificate: Certificate) -> None:
    newest = reissue_certificate(certificate_id=certificate.pk, name="Ann Abel", note="", by=None)
    assert "Rely on the newer one." in page_of(client, certificate)
    revoke_certificate(certificate_id=newest.pk, reason="misconduct", note="", by=None)
    page = page_of(client, certificate)
    assert ("Rely on the newer one." in page, ", revoked since" in page) == (False, True)


def test_own_manager_downloads_and_others_manager_does_not(client: Client, certificate: Certificate) -> None:
    company = CompanyFactory()
    MembershipFactory(company=company, user=certificate.user)
    manager = MembershipFactory(company=company, manager=True).user
    colleague = MembershipFactory(company=company).user
    stranger = MembershipFactory(owner=True).user
    url = f"/certificates/{certificate.number}/pdf"
    for user, status in ((manager, 200), (colleague, 404), (stranger, 404)):
        client.force_login(user)
        assert client.get(url).status_code == status
        assert (url in page_of(client, certificate)) == (status == 200)


def test_pdf_that_cannot_be_drawn_yet_is_told_on_a_page(
    client: Client, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "render_file", lambda **options: CertificateFile(pdf=None))
    client.force_login(certificate.user)
    response = client.get(f"/certificates/{certificate.number}/pdf")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "Your PDF is being drawn" in response.content.decode()


# --- By file --------------------------------------------------------------------------------------------------------


def check(client: Client, data: bytes, **options: Any) -> Any:
    return client.post("/certificates/file/", {"file": SimpleUploadedFile("c.pdf", data)}, **options)


@pytest.fixture
def pdf(certificate: Certificate) -> bytes:
    return bytes(render_file(certificate_id=certificate.pk).pdf)


def test_file_of_ours_is_valid_and_shows_what_the_certificate_shows(
    client: Client, certificate: Certificate, pdf: bytes
) -> None:
    response = check(client, pdf)
    page = response.content.decode()
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert "We issued this file, nobody has changed it" in page
    assert ("Ann Able" in page, "ann@example.com" in page) == (True, False)


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"status": "superseded"}, "A newer certificate replaces this one"),
        ({"expires_at": datetime(2026, 1, 1, tzinfo=UTC)}, "This certificate has expired"),
    ],
)
def test_file_of_what_no_longer_holds(client: Client, pdf: bytes, fields: dict[str, object], verdict: str) -> None:
    Certificate.objects.update(**fields)
    assert verdict in check(client, pdf).content.decode()


def test_file_of_a_revoked_one_tells_the_reason(client: Client, certificate: Certificate, pdf: bytes) -> None:
    revoke_certificate(certificate_id=certificate.pk, reason="error", note="", by=None)
    assert "Reason: Issued in error." in check(client, pdf).content.decode()


@pytest.mark.parametrize(
    ("data", "verdict"),
    [(b"%PDF-1.7 of somebody else", "Not one of ours"), (b"hello", "This file cannot be checked")],
)
def test_file_that_is_not_ours_shows_nobody(
    client: Client, certificate: Certificate, data: bytes, verdict: str
) -> None:
    page = check(client, data).content.decode()
    assert (verdict in page, "Ann Able" in page) == (True, False)


def test_form_without_a_file_says_what_to_do(client: Client, db: None) -> None:
    response = client.post("/certificates/file/", {})
    assert response.status_code == 400
    assert "Choose the PDF of a certificate first" in response.content.decode()
    assert check(client, b"").status_code == 200


def test_too_large_a_file_is_refused_unread(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 1000)
    monkeypatch.setattr(uploads, "MULTIPART_EXTRA", 0)
    response = check(client, b"x" * 2000)
    assert (response.status_code, hasattr(response.wsgi_request, "_files")) == (413, False)
    assert "too large" in response.content.decode()


def test_large_file_is_kept_in_memory_not_on_the_disk(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    seen: list[int] = []

    def look(data: bytes) -> Verdict:
        seen.extend([len(data), len(list(tmp_path.iterdir()))])
        return Verdict("not_ours", "")

    monkeypatch.setattr(views, "verify_file", look)
    check(client, b"x" * 200_000)
    assert seen == [200_000, 0]


def test_files_are_limited_by_address_and_bad_ones_count_as_guesses(client: Client, certificate: Certificate) -> None:
    for _ in range(UPLOADS_ALLOWED):
        assert check(client, b"nothing").status_code == 200
    assert check(client, b"nothing").status_code == 429
    assert check(client, b"nothing", REMOTE_ADDR="10.0.0.9").status_code == 200
    for _ in range(MISSES_ALLOWED - UPLOADS_ALLOWED):
        client.get(f"/certificates/{make_number()}/")
    assert client.get(f"/certificates/{certificate.number}/").status_code == 429


def test_file_needs_no_token_and_no_cookie(certificate: Certificate, pdf: bytes) -> None:
    assert check(Client(enforce_csrf_checks=True), pdf).status_code == 200


def test_altered_file_shows_nothing_of_the_certificate(
    client: Client, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = Verdict("altered", "It was changed after it was signed.", number=certificate.number)
    monkeypatch.setattr(views, "verify_file", lambda data: verdict)
    page = check(client, b"%PDF-").content.decode()
    assert ("This file was changed" in page, "Ann Able" in page, certificate.number in page) == (True, False, False)
