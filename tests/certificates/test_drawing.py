"""Drawing under a lease, once; failures noted and tried again; the same file for good."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from certificates import drawing
from certificates.drawing import render_file, render_pending_files
from certificates.issuing import issue_certificate
from certificates.models import Certificate, CertificateFile
from courses.models import Edition
from learners.enrolments.models import Enrolment


def test_download_stays_the_same_when_names_change_later(certificate: Certificate, enrolment: Enrolment) -> None:
    before = render_file(certificate_id=certificate.pk).sha256
    enrolment.user.name = "Somebody Else"
    enrolment.user.save()
    Edition.objects.update(title="Another title")
    issue_certificate(enrolment_id=enrolment.pk)
    file = render_file(certificate_id=certificate.pk)
    assert (file.sha256, Certificate.objects.get().facts["name"]) == (before, "Ann Able")


def test_stored_bytes_are_never_drawn_again(certificate: Certificate) -> None:
    CertificateFile.objects.update(pdf=b"%PDF-stored", sha256="x")
    assert bytes(render_file(certificate_id=certificate.pk, is_waited_for=True).pdf) == b"%PDF-stored"


def test_lease_of_another_worker_is_respected_unless_somebody_waits(certificate: Certificate) -> None:
    CertificateFile.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))
    assert render_file(certificate_id=certificate.pk).pdf is None
    assert render_pending_files() == 0
    assert render_file(certificate_id=certificate.pk, is_waited_for=True).pdf is not None


def test_lease_of_a_killed_worker_runs_out(certificate: Certificate) -> None:
    CertificateFile.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert render_pending_files() == 1


def test_failure_is_noted_and_tried_again_later(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**kwargs: object) -> bytes:
        raise RuntimeError("no ink")

    with monkeypatch.context() as patch:
        patch.setattr(drawing, "render_certificate", fail)
        file = render_file(certificate_id=certificate.pk)
    assert (file.failures, file.last_error, file.claimed_until) == (1, "RuntimeError: no ink", None)
    assert render_pending_files() == 0
    CertificateFile.objects.update(retry_at=timezone.now())
    assert render_pending_files() == 1
    assert CertificateFile.objects.get().last_error == ""


def test_drawing_stores_bytes_and_their_digest(certificate: Certificate) -> None:
    file = render_file(certificate_id=certificate.pk)
    assert bytes(file.pdf).startswith(b"%PDF-")
    assert file.sha256 == hashlib.sha256(file.pdf).hexdigest()
    assert file.claimed_until is None
