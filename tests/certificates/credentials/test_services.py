"""Credentials are made once, lists are true now, and every key that was ours is told."""

import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from certificates.credentials import services
from certificates.credentials.services import ensure_credential, ensure_status_bit, make_did_document, make_status_list
from certificates.credentials.status_list import SIZE, read_bit
from certificates.credentials.verifying import check_credential
from certificates.key_files import KeyFileError
from certificates.keys import list_public_keys, rotate_key
from certificates.models import Certificate, CertificateCredential, SigningKey
from certificates.services import issue_certificate
from courses.models import CataloguePage
from learners.enrolments.models import Enrolment
from tests.factories.learners import EnrolmentFactory


def bits_of(number: int = 1) -> str:
    body = make_status_list(number)
    assert body is not None
    return str(check_credential(body.encode(), list_public_keys()).document["credentialSubject"]["encodedList"])


def revoke(certificate: Certificate) -> None:
    rows = Certificate.objects.filter(pk=certificate.pk)
    rows.update(status="revoked", revoked_at=timezone.now(), revocation_reason="error")


def test_credential_is_stored_once_and_stays(certificate: Certificate) -> None:
    first = ensure_credential(certificate)
    rotate_key(purpose="credential")
    again = ensure_credential(Certificate.objects.get())
    assert (first.body, first.jwt, first.signed_by) == (again.body, again.jwt, again.signed_by)
    assert CertificateCredential.objects.count() == 1


def test_credential_states_what_was_frozen(certificate: Certificate, enrolment: Enrolment) -> None:
    enrolment.user.name = "Somebody Else"
    enrolment.user.save()
    stored = ensure_credential(certificate)
    for data in (stored.body, stored.jwt):
        checked = check_credential(data.encode(), list_public_keys())
        subject = checked.document["credentialSubject"]
        assert (subject["name"], subject["licenseNumber"]) == ("Ann Able", certificate.number)
        assert checked.starts_at == certificate.issued_at.replace(microsecond=0)


def test_credential_follows_from_facts_and_key(certificate: Certificate) -> None:
    first = ensure_credential(certificate).body
    CertificateCredential.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert ensure_credential(certificate).body == first


def test_lost_key_leaves_no_row_behind(certificate: Certificate) -> None:
    SigningKey.objects.create(
        kid="credential-lost", purpose="credential", algorithm="Ed25519", public_key="", created_at=timezone.now()
    )
    with pytest.raises(KeyFileError, match="certificate_keys rotate credential"):
        ensure_credential(certificate)
    assert CertificateCredential.objects.count() == 0
    rotate_key(purpose="credential")
    assert ensure_credential(certificate).body != ""


def test_place_in_the_list_is_given_once(certificate: Certificate) -> None:
    ensure_status_bit(certificate)
    place = certificate.status_index
    ensure_status_bit(certificate)
    ensure_status_bit(Certificate.objects.get())
    assert (Certificate.objects.get().status_index, 0 <= place < SIZE) == (place, True)


def test_taken_place_is_drawn_again(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    other = issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk)
    draws = iter([7, 7, 8])
    monkeypatch.setattr(services.secrets, "randbelow", lambda size: next(draws))
    ensure_status_bit(certificate)
    ensure_status_bit(other)
    assert (certificate.status_index, other.status_index) == (7, 8)


def test_half_full_list_is_left_for_the_next(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    other = issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk)
    ensure_status_bit(certificate)
    monkeypatch.setattr(services, "SIZE", 2)
    ensure_status_bit(other)
    assert (certificate.status_list, other.status_list) == (1, 2)


@pytest.mark.parametrize("status", ["revoked", "superseded"])
def test_list_tells_at_once_what_no_longer_holds(certificate: Certificate, status: str) -> None:
    ensure_credential(certificate)
    assert not read_bit(bits_of(), certificate.status_index or 0)
    if status == "revoked":
        revoke(certificate)
    else:
        Certificate.objects.update(status=status)
    assert read_bit(bits_of(), certificate.status_index or 0)
    Certificate.objects.update(status="valid", revoked_at=None, revocation_reason="")
    assert not read_bit(bits_of(), certificate.status_index or 0)


def test_unknown_list_is_none(certificate: Certificate) -> None:
    ensure_credential(certificate)
    assert (make_status_list(2), make_status_list(0)) == (None, None)
    assert make_status_list(1) is not None


def test_list_stays_the_same_for_a_while(certificate: Certificate) -> None:
    ensure_credential(certificate)
    now = timezone.now().replace(minute=20, second=1)
    with time_machine.travel(now, tick=False):
        first = make_status_list(1)
    with time_machine.travel(now + timedelta(minutes=8), tick=False):
        assert make_status_list(1) == first
    with time_machine.travel(now + timedelta(minutes=11), tick=False):
        assert make_status_list(1) != first


def test_list_takes_the_same_queries_for_one_and_for_many(
    certificate: Certificate, django_assert_num_queries: object
) -> None:
    ensure_credential(certificate)
    revoke(certificate)
    with django_assert_num_queries(2):  # the marked places, and the key
        make_status_list(1)
    for enrolment in EnrolmentFactory.create_batch(3, completed=True):
        other = issue_certificate(enrolment_id=enrolment.pk)
        ensure_credential(other)
        revoke(other)
    with django_assert_num_queries(2):
        make_status_list(1)


def test_document_tells_every_key_that_was_ours(certificate: Certificate) -> None:
    signed_by = ensure_credential(certificate).signed_by
    rotate_key(purpose="credential")
    methods = [method["id"].split("#")[1] for method in make_did_document()["verificationMethod"]]
    assert methods == [key.kid for key in list_public_keys()]
    assert signed_by in methods


def test_new_site_makes_its_keys_when_asked_who_it_is(db: None) -> None:
    purposes = [method["id"].split("#")[1].split("-")[0] for method in make_did_document()["verificationMethod"]]
    assert sorted(purposes) == ["credential", "pdf"]


@pytest.mark.postgresql
def test_many_at_once_end_with_one_credential(transactional_catalogue: CataloguePage) -> None:
    certificate = issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk)
    start, bodies = threading.Barrier(8), []

    def make() -> None:
        try:
            start.wait()
            bodies.append(ensure_credential(Certificate.objects.get(pk=certificate.pk)).body)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies == [CertificateCredential.objects.get().body] * 8
    index = json.loads(bodies[0])["credentialStatus"]["statusListIndex"]
    assert Certificate.objects.get().status_index == int(index)
    assert SigningKey.objects.filter(purpose="credential").count() == 1
