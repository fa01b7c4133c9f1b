"""Other people's software reads our credentials, lists and keys; guessing at numbers is slowed down."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certificates.credentials.services import ensure_credential
from certificates.credentials.status_list import read_bit
from certificates.credentials.verifying import check_credential
from certificates.guessing import MISSES_ALLOWED
from certificates.keys import list_public_keys
from certificates.models import Certificate, CertificateCredential, SigningKey
from certificates.numbering import make_number
from certificates.public_keys import read_public_keys


def url_of(certificate: Certificate) -> str:
    return f"/certificates/{certificate.number}/credential.json"


def test_anybody_gets_the_stored_credential(client: Client, certificate: Certificate) -> None:
    response = client.get(url_of(certificate))
    assert (response.status_code, response["Content-Type"]) == (200, "application/vc")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.content.decode() == ensure_credential(certificate).body
    assert json.loads(response.content)["id"] == f"{settings.SITE_BASE_URL}{url_of(certificate)}"


def test_credential_tells_no_more_than_the_certificate(client: Client, certificate: Certificate) -> None:
    body = client.get(url_of(certificate)).content.decode()
    assert "Ann Able" in body
    assert "ann@example.com" not in body


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/vc"),
        ("text/html", "application/vc"),
        ("application/vc+ld+json", "application/vc+ld+json"),
        ("application/json", "application/json"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("application/vc;q=0.5, application/vc+jwt", "application/vc+jwt"),
    ],
)
def test_caller_says_which_spelling_it_reads(
    client: Client, certificate: Certificate, accept: str, content_type: str
) -> None:
    response = client.get(url_of(certificate), headers={"accept": accept})
    assert (response["Content-Type"], response["Vary"]) == (content_type, "Accept")
    check_credential(response.content, list_public_keys())


def test_token_by_its_address(client: Client, certificate: Certificate) -> None:
    response = client.get(url_of(certificate), {"format": "jwt"})
    assert (response["Content-Type"], response.content.decode()) == (
        "application/vc+jwt",
        ensure_credential(certificate).jwt,
    )


@pytest.mark.parametrize("spelling", ["json", "jwt"])
def test_credential_issued_by_the_key_itself(client: Client, certificate: Certificate, spelling: str) -> None:
    response = client.get(url_of(certificate), {"issuer": "key", "format": spelling})
    checked = check_credential(response.content, list_public_keys())
    assert checked.document["issuer"]["id"].startswith("did:key:z6Mk")
    assert CertificateCredential.objects.count() == 0


def test_unchanged_credential_is_not_sent_again(client: Client, certificate: Certificate) -> None:
    etag = client.get(url_of(certificate))["ETag"]
    again = client.get(url_of(certificate), headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(url_of(certificate), {"format": "jwt"}, headers={"if-none-match": etag}).status_code == 200


def test_unknown_numbers_are_counted_as_guesses(client: Client, certificate: Certificate) -> None:
    for _ in range(MISSES_ALLOWED):
        assert client.get(f"/certificates/{make_number()}/credential.json").status_code == 404
    response = client.get(url_of(certificate))
    assert (response.status_code, response["Retry-After"]) == (429, "600")


def test_key_out_of_reach_is_no_crash_and_no_secret(client: Client, certificate: Certificate) -> None:
    SigningKey.objects.create(
        kid="credential-lost", purpose="credential", algorithm="Ed25519", public_key="", created_at=timezone.now()
    )
    for url in (url_of(certificate), "/credentials/status/1"):
        response = client.get(url)
        assert (response.status_code, response["Retry-After"]) == (503, "60")
        assert str(Path(settings.CERTIFICATE_KEYS_DIR)) not in response.content.decode()


def test_status_list_tells_of_a_revocation(client: Client, certificate: Certificate) -> None:
    entry = json.loads(client.get(url_of(certificate)).content)["credentialStatus"]
    assert entry["statusListCredential"] == f"{settings.SITE_BASE_URL}/credentials/status/1"
    Certificate.objects.update(status="revoked", revoked_at=timezone.now(), revocation_reason="error")
    response = client.get("/credentials/status/1")
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/vc", "public, max-age=60")
    subject = check_credential(response.content, list_public_keys()).document["credentialSubject"]
    assert (read_bit(subject["encodedList"], int(entry["statusListIndex"])), subject["ttl"]) == (True, 60_000)
    again = client.get("/credentials/status/1", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("number", ["2", "0", "99999999999999999999"])
def test_list_that_does_not_exist_is_404(client: Client, db: None, number: str) -> None:
    assert client.get(f"/credentials/status/{number}").status_code == 404


def test_did_document_is_all_that_checking_takes(client: Client, certificate: Certificate) -> None:
    credential = client.get(url_of(certificate)).content
    response = client.get("/.well-known/did.json")
    assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == ("application/did+json", "*")
    assert json.loads(credential)["issuer"]["id"] == response.json()["id"]
    check_credential(credential, read_public_keys(response.content))


def test_second_reader_costs_few_queries(client: Client, certificate: Certificate) -> None:
    client.get(url_of(certificate))
    with CaptureQueriesContext(connection) as queries:
        client.get(url_of(certificate))
    assert len(queries) == 2


@pytest.mark.parametrize("url", ["/.well-known/did.json", "/credentials/status/1"])
def test_only_reading_is_allowed(client: Client, db: None, url: str) -> None:
    assert client.post(url).status_code == 405
