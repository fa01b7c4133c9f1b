"""Issuing certificates: the facts are frozen in the transaction that completes the course, and never made again."""

import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from certificates.awarding import award_rule, list_missing
from certificates.credentials.services import ensure_status_bit
from certificates.designs.queries import find_design
from certificates.designs.services import freeze_design
from certificates.facts import (
    CertificateFacts,
    SignatoryFacts,
    clean_line,
    end_of_day,
    format_score,
    last_valid_day,
)
from certificates.mailing import plan_mail
from certificates.models import (
    Certificate,
    CertificateEvent,
    CertificateEventKind,
    CertificateFile,
    DesignSnapshot,
)
from certificates.numbering import make_number
from certificates.tasks import draw_certificate
from courses.editions.documents import CourseFacts
from courses.editions.queries import get_outline
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState

logger = logging.getLogger(__name__)

_ATTEMPTS = 5


@transaction.atomic
def issue_certificate(*, enrolment_id: int, by_id: int | None = None) -> Certificate | None:
    """The certificate of a completed enrolment: made once, with the facts as they are now, and never again.

    Returns the one that exists when called again, and ``None`` where none is due: not completed, a course without
    certificates, a score below the pass mark. The facts come from the edition that was studied, not from today's page;
    the design is frozen with them. The PDF is drawn by a task after the commit. ``by_id`` is whoever of the staff asked
    for it, if somebody did.
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
    rule = award_rule(enrolment.edition_id, enrolment.edition.digest)
    if rule is None or not rule.fits(enrolment):
        return None
    design = find_design(user_id=enrolment.user_id, course_key=enrolment.edition.course_key)
    certificate = create_certificate(enrolment=enrolment, course=course, design=freeze_design(design), by_id=by_id)
    transaction.on_commit(lambda: draw_certificate.enqueue(certificate.pk), robust=True)
    return certificate


def create_certificate(
    *, enrolment: Enrolment, course: CourseFacts, design: DesignSnapshot, by_id: int | None
) -> Certificate:
    """The row, its place in a status list, its empty file and its first event. The caller locks ``enrolment``.

    A number that somebody else drew at the same moment is drawn again.
    """
    for attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                certificate = _insert(enrolment, course, design)
            break
        except IntegrityError:
            if attempt == _ATTEMPTS - 1:
                raise
    ensure_status_bit(certificate)
    CertificateFile.objects.create(certificate=certificate)
    CertificateEvent.objects.create(
        certificate=certificate, kind=CertificateEventKind.ISSUED, at=certificate.issued_at, by_id=by_id
    )
    plan_mail(certificate)
    return certificate


def _insert(enrolment: Enrolment, course: CourseFacts, design: DesignSnapshot) -> Certificate:
    assert enrolment.completed_at is not None  # noqa: S101 -- only completed ones come here
    number = make_number()
    last_day = last_valid_day(timezone.localdate(enrolment.completed_at), course["certificate_validity_months"])
    return Certificate.objects.create(
        number=number,
        user=enrolment.user,
        enrolment=enrolment,
        edition=enrolment.edition,
        facts=_freeze_facts(enrolment, course, number, design),
        design=design,
        issued_at=timezone.now(),
        expires_at=end_of_day(last_day, timezone.get_current_timezone()) if last_day else None,
    )


def _freeze_facts(enrolment: Enrolment, course: CourseFacts, number: str, design: DesignSnapshot) -> CertificateFacts:
    assert enrolment.completed_at is not None  # noqa: S101 -- the rule has asked
    completed_on = timezone.localdate(enrolment.completed_at)
    last_day = last_valid_day(completed_on, course["certificate_validity_months"])
    return {
        # Somebody without a name gets the whole address: the part before the @ would look like a name and be none.
        "name": clean_line(enrolment.user.name) or enrolment.user.email,
        "course": clean_line(course["title"]),
        "language": course["language"],
        "cycle": enrolment.cycle,
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
        "design": {"name": design.body["name"], "revision": design.revision, "digest": design.pk},
        "signatories": _list_signatories(design),
    }


def _list_signatories(design: DesignSnapshot) -> list[SignatoryFacts]:
    """People, not the issuer's own line of the built-in design."""
    return [
        {
            "name": signatory["name"],
            "role": signatory["role"],
            "image_sha256": signatory["picture"]["digest"] if signatory["picture"] else "",
        }
        for signatory in design.body["signatories"]
        if signatory["name"]
    ]


def issue_missing_certificates(limit: int = 500, *, by_id: int | None = None) -> int:
    """Issue what a failure left out, and for completions from before; how many were issued. Safe to run at any time.

    Cheap when nothing is missing: courses without certificates and scores below the mark are not looked at again.
    """
    issued = 0
    for due in list_missing():
        if issued >= limit:
            break
        issued += sum(_issue_if_possible(pk, by_id) for pk in due.values_list("pk", flat=True)[: limit - issued])
    return issued


def _issue_if_possible(enrolment_id: int, by_id: int | None) -> bool:
    """One that fails must not keep the others from theirs."""
    try:
        return issue_certificate(enrolment_id=enrolment_id, by_id=by_id) is not None
    except Exception:
        logger.exception("No certificate could be issued for enrolment %s.", enrolment_id)
        return False
