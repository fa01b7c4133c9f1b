"""Drawing the PDFs of issued certificates, once each, under a lease. Rows are the truth: a lost task only delays."""

import hashlib
import logging
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from certificates.credentials.services import ensure_credential
from certificates.designs.queries import load_design
from certificates.models import Certificate, CertificateFile
from certificates.rendering import render_certificate
from certificates.sealing import CREDENTIAL_FILE, SealedPdf, seal_pdf

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)


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
        sealed = draw_pdf(certificate)
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
        pdf=sealed.pdf,
        sha256=hashlib.sha256(sealed.pdf).hexdigest(),
        signed_by=sealed.kid,
        rendered_at=timezone.now(),
        claimed_until=None,
        last_error="",
        retry_at=None,
    )


def draw_pdf(certificate: Certificate) -> SealedPdf:
    """The page as the frozen facts and the frozen design say, with its credential attached, sealed.

    The same bytes every time, until the keys are rotated. Raises whatever credential, renderer and seal raise.
    """
    credential = ensure_credential(certificate)
    page = render_certificate(
        number=certificate.number,
        facts=certificate.facts,
        design=load_design(certificate.design_id),
        attachments={CREDENTIAL_FILE: credential.body.encode()},
    )
    return seal_pdf(page, at=certificate.issued_at, facts=certificate.facts, number=certificate.number)


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
