"""Drawing the PDFs of issued certificates, once each, under a lease. Rows are the truth: a lost task only delays."""

import hashlib
import logging
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from certificates.designs.queries import load_design
from certificates.models import Certificate, CertificateCredential, CertificateFile
from certificates.rendering import render_certificate

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
CREDENTIAL_NAME = "credential.json"


def render_file(*, certificate_id: int, is_waited_for: bool = False) -> CertificateFile:
    """Draw the PDF if it is missing and store its bytes, once and for all.

    A lease keeps two workers from drawing the same file; ``is_waited_for`` draws all the same, because somebody wants
    to download it now. Whoever is first stores, and only those bytes are ever handed out. A failure is noted on the row
    and tried again later by ``render_pending_files``; it is not raised.
    """
    now = timezone.now()
    rows = CertificateFile.objects.filter(certificate_id=certificate_id)
    claim = rows.filter(pdf__isnull=True)
    if not is_waited_for:
        claim = claim.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))
    if claim.update(claimed_until=now + LEASE):
        _draw(certificate_id)
    return rows.select_related("certificate").get()


def _draw(certificate_id: int) -> None:
    certificate = Certificate.objects.get(pk=certificate_id)
    rows = CertificateFile.objects.filter(certificate_id=certificate_id, pdf__isnull=True)
    try:
        pdf = draw_pdf(certificate)
    except Exception as error:  # whatever the renderer meets, the row says so and the sweeper tries again
        logger.exception("Certificate %s could not be drawn.", certificate.number)
        failures = CertificateFile.objects.values_list("failures", flat=True).get(certificate_id=certificate_id)
        rows.update(
            failures=F("failures") + 1,
            last_error=f"{type(error).__name__}: {error}"[:2000],
            retry_at=timezone.now() + min(FIRST_RETRY * 2**failures, LONGEST_RETRY),
            claimed_until=None,
        )
        return
    rows.update(
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        rendered_at=timezone.now(),
        claimed_until=None,
        last_error="",
        retry_at=None,
    )


def draw_pdf(certificate: Certificate) -> bytes:
    """The page as the frozen facts and the frozen design say, its credential attached if it has one."""
    credential = CertificateCredential.objects.filter(certificate=certificate).values_list("body", flat=True).first()
    return render_certificate(
        number=certificate.number,
        facts=certificate.facts,
        design=load_design(certificate.design_id),
        attachments={CREDENTIAL_NAME: credential.encode()} if credential else {},
    )


def render_pending_files(limit: int = 50) -> int:
    """Draw the files that no task has drawn; how many are drawn now. Failed ones wait longer each time."""
    now = timezone.now()
    due = CertificateFile.objects.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lt=now),
        Q(retry_at__isnull=True) | Q(retry_at__lte=now),
        pdf__isnull=True,
    )
    ids = list(due.order_by("pk").values_list("certificate_id", flat=True)[:limit])
    return sum(bool(render_file(certificate_id=pk).sha256) for pk in ids)
