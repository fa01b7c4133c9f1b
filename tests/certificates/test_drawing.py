"""Drawing under a lease, once; failures noted and tried again; the same file for good."""

import hashlib
import io
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from certificates import drawing
from certificates.designs.queries import _load
from certificates.drawing import LEASE, draw_pdf, render_file, render_pending_files
from certificates.issuing import issue_certificate
from certificates.models import Certificate, CertificateFile, DesignAssignment, SigningKey
from courses.models import CataloguePage, Edition
from learners.enrolments.models import Enrolment
from tests.factories.certificates import make_design, make_image
from tests.factories.learners import EnrolmentFactory


def test_download_stays_the_same_whatever_changes_later(enrolment: Enrolment, client: Client) -> None:
    logo = make_image("Logo")
    design = make_design(logo=logo)
    DesignAssignment.objects.create(design=design, course_key=enrolment.course_key)
    certificate = issue_certificate(enrolment_id=enrolment.pk)
    before = render_file(certificate_id=certificate.pk)
    enrolment.user.name = "Somebody Else"
    enrolment.user.save()
    Edition.objects.update(title="Another title")
    logo.file = make_image("Other", colour="red").file
    logo.save()
    design.accent_colour = "#7a1f1f"
    design.save_revision().publish()
    design.delete()
    assert issue_certificate(enrolment_id=enrolment.pk) == certificate
    client.force_login(enrolment.user)
    response = client.get(f"/certificates/{certificate.number}/pdf")
    assert hashlib.sha256(response.content).hexdigest() == before.sha256
    # Nor would it differ if the bytes had not been drawn yet.
    _load.cache_clear()
    assert hashlib.sha256(draw_pdf(Certificate.objects.get()).pdf).hexdigest() == before.sha256


def test_facts_can_be_read_from_the_pdf(certificate: Certificate, tmp_path: Path) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(render_file(certificate_id=certificate.pk).pdf)
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    facts = certificate.facts
    for fact in (facts["name"], facts["course"], "92.5 %", certificate.number, facts["edition_digest"][:8]):
        assert fact in text


def test_stored_file_is_sealed_and_carries_the_credential(certificate: Certificate) -> None:
    file = render_file(certificate_id=certificate.pk)
    attached = PdfReader(io.BytesIO(bytes(file.pdf))).attachments["credential.json"][0]
    assert attached.decode() == certificate.credential.body
    assert file.signed_by == SigningKey.objects.get(purpose="pdf").kid


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


KILLED_WORKER = """
import os, signal
import django
django.setup()
from django.db import connections
connections.databases["default"]["NAME"] = {name!r}
from certificates import drawing

def killed(**kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

drawing.seal_pdf = lambda *args, **kwargs: killed()
drawing.render_file(certificate_id={pk})
"""


@pytest.mark.postgresql
def test_worker_killed_between_row_and_pdf_is_made_up_for_once(transactional_catalogue: CataloguePage) -> None:
    certificate = issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk)
    # In tests the task runs at once: put the row back to where it waits for its PDF.
    CertificateFile.objects.update(pdf=None, sha256="", signed_by="", rendered_at=None, claimed_until=None)
    script = KILLED_WORKER.format(name=connection.settings_dict["NAME"], pk=certificate.pk)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "cms.settings.test"}
    worker = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=settings.BASE_DIR, capture_output=True, check=False
    )
    assert worker.returncode == -signal.SIGKILL, worker.stderr.decode()
    file = CertificateFile.objects.get()
    assert (file.pdf, file.claimed_until > timezone.now()) == (None, True)
    assert render_pending_files() == 0  # the dead one's lease still runs
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        assert [render_pending_files(), render_pending_files()] == [1, 0]
    assert len(CertificateFile.objects.get().sha256) == 64
