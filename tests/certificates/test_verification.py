"""One verdict on any file: ours and valid, ours no longer, changed, a stranger's, or unreadable."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from certificates.credentials.services import ensure_credential, make_did_document, make_status_list
from certificates.credentials.signing import write_json
from certificates.credentials.verifying import CredentialError
from certificates.keys import list_public_keys, rotate_key
from certificates.models import Certificate, CertificateFile
from certificates.numbering import make_number
from certificates.public_keys import read_public_keys
from certificates.sealing import seal_pdf
from certificates.services import issue_certificate
from certificates.verification import MAX_FILE, verify_file
from tests.factories.keys import SEALED_AT, make_pair, make_pdf, seal
from tests.factories.learners import EnrolmentFactory


def draw(certificate: Certificate, number: str = "") -> bytes:
    """A small PDF sealed for the certificate, with its credential attached."""
    pdf = make_pdf({"credential.json": ensure_credential(certificate).body.encode()})
    return seal_pdf(pdf, at=SEALED_AT, facts=certificate.facts, number=number or certificate.number).pdf


def store(certificate: Certificate, pdf: bytes) -> None:
    CertificateFile.objects.filter(certificate=certificate).update(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())


@pytest.fixture
def pdf(certificate: Certificate) -> bytes:
    made = draw(certificate)
    store(certificate, made)
    return made


def forms(certificate: Certificate, pdf: bytes) -> list[bytes]:
    stored = ensure_credential(certificate)
    return [pdf, stored.body.encode(), stored.jwt.encode()]


def test_every_form_of_a_valid_certificate_is_valid(certificate: Certificate, pdf: bytes) -> None:
    verdicts = [verify_file(data) for data in forms(certificate, pdf)]
    assert [(verdict.state, verdict.kind, verdict.is_stored_copy) for verdict in verdicts] == [
        ("valid", "pdf", True),
        ("valid", "credential", False),
        ("valid", "credential", False),
    ]
    assert {(verdict.number, verdict.facts["name"], verdict.facts["score"]) for verdict in verdicts} == {
        (certificate.number, "Ann Able", "92.5")
    }
    assert all(verdict.status_checked_at for verdict in verdicts)


def test_facts_are_those_that_the_certificate_shows(certificate: Certificate, pdf: bytes) -> None:
    alone = verify_file(pdf, keys=list_public_keys())
    assert alone.facts == verify_file(pdf).facts
    assert sorted(alone.facts) == ["completed_on", "course", "edition", "issuer", "name", "score", "verification_url"]


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        ({"status": "revoked", "revoked_at": SEALED_AT, "revocation_reason": "error"}, "revoked", "issued in error"),
        ({"status": "superseded"}, "superseded", "replaced"),
        ({"expires_at": SEALED_AT}, "expired", "run out"),
    ],
)
def test_genuine_certificate_may_no_longer_hold(
    certificate: Certificate, pdf: bytes, change: dict[str, object], state: str, words: str
) -> None:
    files = forms(certificate, pdf)
    Certificate.objects.update(**change)
    for data in files:
        verdict = verify_file(data)
        assert (verdict.state, verdict.is_genuine, verdict.is_valid) == (state, True, False)
        assert words in verdict.reason


def test_superseded_certificate_names_its_successor(certificate: Certificate, pdf: bytes) -> None:
    Certificate.objects.update(status="superseded")
    newer = Certificate.objects.create(
        number=make_number(),
        user=certificate.user,
        enrolment=certificate.enrolment,
        edition=certificate.edition,
        facts=certificate.facts,
        issued_at=timezone.now(),
        supersedes=certificate,
    )
    assert verify_file(pdf).reason == f"It was replaced by {newer.number}."


def test_retired_keys_go_on_verifying(certificate: Certificate, pdf: bytes) -> None:
    files = forms(certificate, pdf)
    for purpose in ("pdf", "credential"):
        rotate_key(purpose=purpose)
    assert [verify_file(data).state for data in files] == ["valid"] * 3
    saved = read_public_keys(write_json(make_did_document()).encode())
    assert [verify_file(data, keys=saved).state for data in files] == ["valid"] * 3


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf[:100] + bytes([pdf[100] ^ 1]) + pdf[101:],
        lambda pdf: pdf + b"\n",
        lambda pdf: pdf[:-1],
        lambda pdf: b"x" + pdf,
        lambda pdf: b"%PDG" + pdf[4:],
        lambda pdf: pdf.replace(b"/Reason", b"/Season"),
        lambda pdf: pdf.replace(b"0000>", b"0001>"),
    ],
    ids=range(7),
)
def test_changed_file_is_altered(certificate: Certificate, pdf: bytes, change: Callable[[bytes], bytes]) -> None:
    for keys in (None, list_public_keys()):
        verdict = verify_file(change(pdf), keys=keys)
        assert (verdict.state, verdict.facts, verdict.is_genuine) == ("altered", {}, False)


def test_other_file_under_our_key_is_not_the_one_we_keep(certificate: Certificate, pdf: bytes) -> None:
    other = seal_pdf(make_pdf(), at=SEALED_AT, facts=certificate.facts, number=certificate.number).pdf
    assert verify_file(other).state == "altered"


def test_certificate_that_no_row_knows_is_not_ours(certificate: Certificate, pdf: bytes) -> None:
    facts = certificate.facts | {"verification_url": f"https://learn.example.com/certificates/{make_number()}/"}
    other = seal_pdf(make_pdf(), at=SEALED_AT, facts=facts, number=make_number()).pdf
    assert verify_file(other).state == "not_ours"


def test_stored_bytes_from_before_the_seal_are_genuine(certificate: Certificate) -> None:
    store(certificate, make_pdf())
    verdict = verify_file(make_pdf())
    assert (verdict.state, verdict.number, verdict.is_stored_copy) == ("valid", certificate.number, True)


@pytest.mark.parametrize("keys", [[], None])
def test_files_of_strangers_are_not_ours(db: None, keys: list[object] | None) -> None:
    for data in (seal(make_pair()), make_pdf(), b'{"@context": []}', b"eyJ.e30.x", b"%PDF-1.7 /Encrypt", b"%PDF-"):
        assert verify_file(data, keys=keys).state == "not_ours"


@pytest.mark.parametrize("data", [b"", b" ", b"PK\x03\x04", b"\x89PNG", b"<html>", b"x" * (MAX_FILE + 1), b"\0" * 999])
def test_anything_else_is_unreadable(db: None, data: bytes) -> None:
    assert verify_file(data).state == "unreadable"


def test_status_list_is_no_certificate(certificate: Certificate) -> None:
    ensure_credential(certificate)
    saved = make_status_list(1)
    assert saved is not None
    assert verify_file(saved.encode()).state == "not_ours"


def test_without_database_only_the_arguments_count(
    certificate: Certificate, pdf: bytes, django_assert_num_queries: object
) -> None:
    keys, files = list_public_keys(), forms(certificate, pdf)
    Certificate.objects.update(status="revoked", revoked_at=SEALED_AT, revocation_reason="error")
    with django_assert_num_queries(0):
        verdicts = [verify_file(data, keys=keys) for data in files]
    assert [(verdict.state, verdict.status_checked_at) for verdict in verdicts] == [("valid", None)] * 3
    assert "has not been asked" in verdicts[0].reason


def test_saved_list_says_what_was_revoked(certificate: Certificate, pdf: bytes) -> None:
    keys, files = list_public_keys(), forms(certificate, pdf)
    before = make_status_list(1)
    Certificate.objects.update(status="revoked", revoked_at=SEALED_AT, revocation_reason="error")
    after = make_status_list(1)
    assert before and after
    assert [verify_file(data, keys=keys, status_list=before.encode()).state for data in files] == ["valid"] * 3
    assert [verify_file(data, keys=keys, status_list=after.encode()).state for data in files] == ["revoked"] * 3


def test_list_that_cannot_be_used_is_said(certificate: Certificate, pdf: bytes) -> None:
    keys = list_public_keys()
    with pytest.raises(CredentialError):
        verify_file(pdf, keys=keys, status_list=b"{}")
    saved = make_status_list(1)
    assert saved is not None
    with pytest.raises(CredentialError, match="out of date"):
        verify_file(pdf, keys=keys, status_list=saved.encode(), now=timezone.now() + timedelta(days=3))


def test_expired_by_its_own_dates(db: None) -> None:
    certificate = issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk)
    Certificate.objects.update(expires_at=timezone.now() + timedelta(days=1))
    certificate.refresh_from_db()
    pdf, keys = draw(certificate), list_public_keys()
    assert verify_file(pdf, keys=keys).state == "valid"
    assert verify_file(pdf, keys=keys, now=timezone.now() + timedelta(days=2)).state == "expired"


def test_database_is_asked_a_fixed_number_of_times(
    certificate: Certificate, pdf: bytes, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(2):  # the keys, and the file with its certificate
        verify_file(pdf)
    with django_assert_num_queries(2):
        verify_file(pdf + b"x")
