"""Issuing certificates and drawing their PDFs. Rows are the truth: a lost task or signal delays, never loses."""

import hashlib
import logging
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from certificates.facts import CertificateFacts, clean_line, end_of_day, format_score, last_valid_day
from certificates.models import Certificate, CertificateFile
from certificates.numbering import make_number
from certificates.rendering import render_certificate
from certificates.tasks import draw_certificate
from courses.editions.documents import CourseFacts
from courses.editions.queries import get_outline
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)


@transaction.atomic
def issue_certificate(*, enrolment_id: int) -> Certificate | None:
    """The certificate of a completed enrolment: made once, with the facts as they are now, and never again.

    Returns the one that exists when called again, and ``None`` where none is due: not completed, a course without
    certificates, a score below the pass mark. The facts come from the edition that was studied, not from today's page.
    The PDF is drawn by a task after the commit.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("user", "edition")
        .defer("edition__outline", "edition__contents")
        .filter(pk=enrolment_id, state=ProgressState.COMPLETED)
        .first()
    )
    if enrolment is None:
        return None
    if existing := Certificate.objects.filter(enrolment=enrolment, superseded_by__isnull=True).first():
        return existing
    course = get_outline(enrolment.edition_id, enrolment.edition.digest)["course"]
    if not _is_due(enrolment, course):
        return None
    number = make_number()
    facts = _freeze_facts(enrolment, course, number)
    last_day = last_valid_day(timezone.localdate(enrolment.completed_at), course["certificate_validity_months"])
    certificate = Certificate.objects.create(
        number=number,
        user=enrolment.user,
        enrolment=enrolment,
        edition=enrolment.edition,
        facts=facts,
        issued_at=timezone.now(),
        expires_at=end_of_day(last_day, timezone.get_current_timezone()) if last_day else None,
    )
    CertificateFile.objects.create(certificate=certificate)
    transaction.on_commit(lambda: draw_certificate.enqueue(certificate.pk))
    return certificate


def _is_due(enrolment: Enrolment, course: CourseFacts) -> bool:
    if not course["has_certificate"] or enrolment.completed_at is None:
        return False
    return enrolment.score is None or enrolment.score >= course["passing_percentage"]


def _freeze_facts(enrolment: Enrolment, course: CourseFacts, number: str) -> CertificateFacts:
    assert enrolment.completed_at is not None  # noqa: S101 -- _is_due has asked
    completed_on = timezone.localdate(enrolment.completed_at)
    last_day = last_valid_day(completed_on, course["certificate_validity_months"])
    return {
        # Somebody without a name gets the whole address: the part before the @ would look like a name and be none.
        "name": clean_line(enrolment.user.name) or enrolment.user.email,
        "course": clean_line(course["title"]),
        "language": course["language"],
        "edition": enrolment.edition.number,
        "edition_digest": enrolment.edition.digest,
        "score": None if enrolment.score is None else format_score(enrolment.score),
        "minutes": course["minutes"],
        "seconds_spent": enrolment.seconds_spent,
        "completed_on": completed_on.isoformat(),
        "issued_on": timezone.localdate().isoformat(),
        "expires_on": last_day.isoformat() if last_day else None,
        "issuer": settings.WAGTAIL_SITE_NAME,
        "verification_url": f"{settings.SITE_BASE_URL}{reverse('certificate', args=[number])}",
    }


def render_file(*, certificate_id: int, is_waited_for: bool = False) -> CertificateFile:
    """Draw the PDF if it is missing and store its bytes, once and for all.

    A lease keeps two workers from drawing the same file; ``is_waited_for`` draws all the same, because somebody wants
    to download it now. Whoever is first stores; the bytes are the same. A failure is noted on the row and tried again
    later by ``render_pending_files``; it is not raised.
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
        pdf = render_certificate(number=certificate.number, facts=certificate.facts)
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


def issue_missing_certificates(limit: int = 500) -> int:
    """Issue what a lost signal left out; how many were issued. Safe to run at any time, any number of times.

    Cheap when nothing is missing: courses without certificates and scores below the mark are not looked at again.
    """
    missing = Enrolment.objects.filter(state=ProgressState.COMPLETED, certificates__isnull=True)
    editions = missing.order_by("edition_id").values_list("edition_id", "edition__digest").distinct()
    issued = 0
    for edition_id, digest in editions:
        rules = _award_rules(edition_id, digest)
        if rules is None or issued >= limit:
            continue
        due = missing.filter(rules, edition_id=edition_id).order_by("pk").values_list("pk", flat=True)
        issued += sum(_issue_if_possible(pk) for pk in due[: limit - issued])
    return issued


@lru_cache(maxsize=4096)
def _award_rules(edition_id: int, digest: str) -> Q | None:
    """Which enrolments of an edition earn a certificate; ``None`` if none do. Editions never change."""
    course = get_outline(edition_id, digest)["course"]
    if not course["has_certificate"]:
        return None
    return Q(completed_at__isnull=False) & (Q(score__isnull=True) | Q(score__gte=course["passing_percentage"]))


def _issue_if_possible(enrolment_id: int) -> bool:
    """One that fails must not keep the others from theirs."""
    try:
        return issue_certificate(enrolment_id=enrolment_id) is not None
    except Exception:
        logger.exception("No certificate could be issued for enrolment %s.", enrolment_id)
        return False
