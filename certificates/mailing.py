"""Certificates by e-mail to their owners: a row for each, sent by the scheduler once the PDF is there.

``CERTIFICATE_MAIL`` says whether new ones go out by themselves (``link`` or ``pdf``) or not (``off``); the staff may
send one at any time. A sender holds a lease. Killed between the mail server's yes and the row, it leaves a mail that
is sent a second time under the same ``Message-ID``; nothing else is ever sent twice.
"""

import logging
from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from certificates.models import Certificate, CertificateEvent, CertificateEventKind, CertificateFile, CertificateMail
from certificates.queries import make_card
from certificates.refusals import LifeRefusedError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from learners.accounts.models import User

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
MOST_FAILURES = 12


def plan_mail(certificate: Certificate) -> None:
    """In the transaction that issues it: the row of its mail, where the installation sends certificates."""
    if settings.CERTIFICATE_MAIL != "off":
        CertificateMail.objects.create(certificate=certificate, requested_at=certificate.issued_at)


def request_mail(*, certificate_id: int, by: "User | None") -> CertificateMail:
    """Send it to its owner, once more if it was sent before. One that waits already is returned.

    Raises ``LifeRefusedError``: not_found, no_proof (revoked, replaced or expired), no_address.
    """
    with transaction.atomic():
        certificate = (
            Certificate.objects.select_for_update(of=("self",)).select_related("user").filter(pk=certificate_id).first()
        )
        if certificate is None:
            raise LifeRefusedError("not_found", _("There is no such certificate."))
        if reason := _why_not(certificate):
            raise LifeRefusedError(*reason)
        waiting = _waiting().filter(certificate=certificate).first()
        return waiting or CertificateMail.objects.create(
            certificate=certificate, requested_by=by, requested_at=timezone.now()
        )


def describe_mail(certificate: Certificate) -> str:
    """Where the newest mail of a certificate stands, for the staff; "" if there never was one. One query."""
    mail = certificate.mails.order_by("pk").last()
    if mail is None:
        return ""
    if mail.sent_at:
        day = formats.date_format(timezone.localtime(mail.sent_at), "SHORT_DATETIME_FORMAT")
        return _("Sent %(day)s") % {"day": day}
    if mail.dropped_at:
        return _("Not sent: %(reason)s") % {"reason": mail.last_error}
    if mail.failures:
        return _("Tried %(times)s times, waits for the next: %(reason)s") % {
            "times": mail.failures,
            "reason": mail.last_error,
        }
    return _("Waits for the scheduler")


def send_pending_mails(limit: int = 50) -> int:
    """Send what is due; how many went out. Failed ones wait longer each time, and are given up in the end."""
    now = timezone.now()
    due = _waiting().filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lt=now),
        Q(retry_at__isnull=True) | Q(retry_at__lte=now),
        certificate__file__pdf__isnull=False,
    )
    return sum(send_mail(mail_id=pk) for pk in list(due.order_by("pk").values_list("pk", flat=True)[:limit]))


def send_mail(*, mail_id: int) -> bool:
    """Whether this call sent it. A failure is noted on the row and not raised."""
    now = timezone.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    row = _waiting().filter(pk=mail_id)
    if not row.filter(free).update(claimed_until=now + LEASE):
        return False
    mail = CertificateMail.objects.select_related("certificate__user").get(pk=mail_id)
    if reason := _why_not(mail.certificate):
        row.update(dropped_at=timezone.now(), last_error=reason[1], claimed_until=None)
        return False
    try:
        make_message(mail).send()
    except Exception as error:  # whatever the mail server says, the row keeps it and the next tick tries again
        logger.exception("Certificate %s could not be sent.", mail.certificate.number)
        _note_failure(mail, f"{type(error).__name__}: {error}"[:2000])
        return False
    _note_sent(mail)
    return True


def make_message(mail: CertificateMail) -> EmailMultiAlternatives:
    """The mail, in the site's language whoever sends it; with the PDF as it is stored if the installation says so."""
    certificate = mail.certificate
    context = {
        "certificate": make_card(certificate),
        "page_url": f"{settings.SITE_BASE_URL}{reverse('certificate', args=[certificate.number])}",
        "gallery_url": f"{settings.SITE_BASE_URL}{reverse('certificate-gallery')}",
        "has_pdf": settings.CERTIFICATE_MAIL == "pdf",
    }
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    with translation.override(settings.LANGUAGE_CODE):
        message = EmailMultiAlternatives(
            subject=_("Your certificate: %(course)s") % {"course": certificate.facts["course"]},
            body=render_to_string("emails/certificate.txt", context),
            to=[certificate.user.email],
            headers={
                "Message-ID": f"<certificate-{certificate.number}-{mail.pk}@{domain}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(render_to_string("emails/certificate.html", context), "text/html")
    if context["has_pdf"]:
        pdf = CertificateFile.objects.values_list("pdf", flat=True).get(certificate=certificate)
        message.attach(f"{certificate.number}.pdf", bytes(pdf or b""), "application/pdf")
    return message


def _waiting() -> "QuerySet[CertificateMail]":
    return CertificateMail.objects.filter(sent_at__isnull=True, dropped_at__isnull=True)


def _why_not(certificate: Certificate) -> tuple[str, str] | None:
    """Code and sentence; nobody gets a certificate that proves nothing, and no mail goes to a closed account."""
    if certificate.status_at(timezone.now()) != "valid":
        return "no_proof", _("It no longer holds, so it is not sent.")
    if not certificate.user.is_active or not certificate.user.email:
        return "no_address", _("Its owner's account is closed, so there is nobody to send it to.")
    return None


def _note_failure(mail: CertificateMail, error: str) -> None:
    is_over = mail.failures + 1 >= MOST_FAILURES
    _waiting().filter(pk=mail.pk).update(
        failures=F("failures") + 1,
        last_error=error,
        retry_at=timezone.now() + min(FIRST_RETRY * 2**mail.failures, LONGEST_RETRY),
        dropped_at=timezone.now() if is_over else None,
        claimed_until=None,
    )


@transaction.atomic
def _note_sent(mail: CertificateMail) -> None:
    now = timezone.now()
    _waiting().filter(pk=mail.pk).update(sent_at=now, claimed_until=None, last_error="", retry_at=None)
    CertificateEvent.objects.create(
        certificate=mail.certificate,
        kind=CertificateEventKind.SENT,
        at=now,
        by=mail.requested_by,
        note=mail.certificate.user.email,
    )
