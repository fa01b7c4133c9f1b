"""Reading certificates; the PDF bytes stay in the database until somebody downloads them."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate
from certificates.numbering import is_valid, normalise

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User


@dataclass(frozen=True)
class CertificateCard:
    """A certificate as lists show it. ``status`` is valid, expired, superseded or revoked."""

    number: str
    course: str
    status: str
    issued_on: date
    expires_on: date | None
    url: str
    pdf_url: str


def get_certificate(text: str) -> Certificate | None:
    """The certificate with this number, however it is typed. No query for what cannot be a number."""
    return Certificate.objects.filter(number=normalise(text)).first() if is_valid(text) else None


def list_certificates(user: "User | AnonymousUser") -> "QuerySet[Certificate]":
    """The certificates of a person, newest first."""
    return Certificate.objects.filter(user_id=user.pk) if user.is_authenticated else Certificate.objects.none()


def make_card(certificate: Certificate) -> CertificateCard:
    facts = certificate.facts
    return CertificateCard(
        number=certificate.number,
        course=facts["course"],
        status=certificate.status_at(timezone.now()),
        issued_on=date.fromisoformat(facts["issued_on"]),
        expires_on=date.fromisoformat(facts["expires_on"]) if facts["expires_on"] else None,
        url=reverse("certificate", args=[certificate.number]),
        pdf_url=reverse("certificate-pdf", args=[certificate.number]),
    )
