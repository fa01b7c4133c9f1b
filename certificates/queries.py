"""Reading certificates; the PDF bytes stay in the database until somebody downloads them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from certificates.facts import CertificateFacts
from certificates.models import Certificate, CertificateStatus, RevocationReason
from certificates.numbering import is_valid, normalise
from certificates.sharing.links import make_linkedin_url, make_share_url

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User

# Their holders would rather not show them, and nobody should be shown them as proof.
NO_PROOF = (CertificateStatus.REVOKED, CertificateStatus.SUPERSEDED)


@dataclass(frozen=True)
class CertificateCard:
    """A certificate as its owner's lists show it. ``status`` is valid, expired, superseded or revoked."""

    number: str
    name: str
    course: str
    language: str
    issuer: str
    status: str
    issued_on: date
    expires_on: date | None
    url: str
    pdf_url: str
    credential_url: str
    share_url: str  # "" while the public link is off
    switch_url: str
    linkedin_url: str  # "" for what proves nothing any more


@dataclass(frozen=True)
class Successor:
    """A certificate further down the chain of corrections."""

    number: str
    url: str
    issued_on: date
    status: str


@dataclass(frozen=True)
class Proof:
    """What the public page tells about a certificate: what it shows itself, and whether it holds."""

    number: str
    status: str
    facts: CertificateFacts
    issued_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    reason: str  # the class of it, in words; the note beside it is not public
    successors: tuple[Successor, ...]  # oldest first; nothing replaces the last one

    @property
    def is_replaced_by_valid(self) -> bool:
        return bool(self.successors) and self.successors[-1].status == "valid"


def get_certificate(text: str) -> Certificate | None:
    """The certificate with this number, however it is typed. No query for what cannot be a number."""
    return Certificate.objects.filter(number=normalise(text)).first() if is_valid(text) else None


def list_certificates(user: "User | AnonymousUser") -> "QuerySet[Certificate]":
    """The certificates of a person, newest first; those that a corrected one replaced are left out."""
    if not user.is_authenticated:
        return Certificate.objects.none()
    return Certificate.objects.filter(user_id=user.pk).exclude(status=CertificateStatus.SUPERSEDED)


def list_successors(certificate: Certificate) -> tuple[Successor, ...]:
    """Those that replaced it, oldest first. No query unless it was replaced, else one."""
    if certificate.status != CertificateStatus.SUPERSEDED:
        return ()
    now = timezone.now()
    # A cycle has one certificate that is not superseded, so all of a cycle are one chain.
    rows = Certificate.objects.filter(enrolment_id=certificate.enrolment_id, pk__gt=certificate.pk).order_by("pk")
    return tuple(
        Successor(
            number=row.number,
            url=reverse("certificate", args=[row.number]),
            issued_on=date.fromisoformat(row.facts["issued_on"]),
            status=row.status_at(now),
        )
        for row in rows
    )


def make_proof(certificate: Certificate) -> Proof:
    """At most one query, for the chain of a superseded one."""
    reason = certificate.revocation_reason
    return Proof(
        number=certificate.number,
        status=certificate.status_at(timezone.now()),
        facts=certificate.facts,
        issued_at=certificate.issued_at,
        expires_at=certificate.expires_at,
        revoked_at=certificate.revoked_at,
        reason=str(RevocationReason(reason).label) if reason else "",
        successors=list_successors(certificate),
    )


def make_card(certificate: Certificate) -> CertificateCard:
    """For its owner: it knows the public link."""
    facts = certificate.facts
    return CertificateCard(
        number=certificate.number,
        name=facts["name"],
        course=facts["course"],
        language=facts["language"],
        issuer=facts["issuer"],
        status=certificate.status_at(timezone.now()),
        issued_on=date.fromisoformat(facts["issued_on"]),
        expires_on=date.fromisoformat(facts["expires_on"]) if facts["expires_on"] else None,
        url=reverse("certificate", args=[certificate.number]),
        pdf_url=reverse("certificate-pdf", args=[certificate.number]),
        credential_url=make_credential_path(certificate.number),
        share_url=make_share_url(certificate),
        switch_url=reverse("certificate-share", args=[certificate.number]),
        linkedin_url="" if certificate.status in NO_PROOF else make_linkedin_url(certificate.number, facts),
    )


def make_credential_path(number: str) -> str:
    """Where the signed credential of a certificate is."""
    return reverse("certificate-credential", args=[number])


def list_revoked_enrolments(enrolment_ids: Collection[int]) -> set[int]:
    """Those of them whose certificate was revoked. One query."""
    revoked = Certificate.objects.filter(enrolment__in=enrolment_ids, status=CertificateStatus.REVOKED)
    return set(revoked.values_list("enrolment_id", flat=True))
