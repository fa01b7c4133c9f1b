"""What happens to a certificate after it was issued: revoked, reinstated, issued anew, shared. Each leaves an event."""

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.facts import CertificateFacts, clean_line
from certificates.mailing import plan_mail
from certificates.models import (
    Certificate,
    CertificateEvent,
    CertificateEventKind,
    CertificateFile,
    CertificateStatus,
    RevocationReason,
)
from certificates.numbering import make_number
from certificates.refusals import LifeRefusedError as LifeRefusedError
from certificates.tasks import draw_certificate

if TYPE_CHECKING:
    from learners.accounts.models import User

MAX_NAME = 150
MAX_NOTE = 500
TOKEN_BYTES = 24  # 32 characters of an address


@transaction.atomic
def revoke_certificate(*, certificate_id: int, reason: str, note: str, by: "User | None") -> Certificate:
    """From now on it does not hold. The class of ``reason`` is public, the note stays with the staff.

    Revoking again for the same reason changes nothing and leaves no second event. Raises ``LifeRefusedError``.
    """
    if reason not in RevocationReason.values:
        raise LifeRefusedError("bad_reason", _("Choose why it is revoked."))
    note = _read_note(note)
    certificate = _lock(certificate_id)
    if certificate.status == CertificateStatus.SUPERSEDED:
        raise LifeRefusedError("superseded", _("A newer certificate replaces this one. Revoke that one."))
    if certificate.status == CertificateStatus.REVOKED:
        if certificate.revocation_reason == reason:
            return certificate
        raise LifeRefusedError("already_revoked", _("It was revoked for another reason. Reinstate it first."))
    certificate.status = CertificateStatus.REVOKED
    certificate.revoked_at = timezone.now()
    certificate.revocation_reason = reason
    certificate.save(update_fields=["status", "revoked_at", "revocation_reason"])
    _note_event(certificate, CertificateEventKind.REVOKED, by, note)
    return certificate


@transaction.atomic
def reinstate_certificate(*, certificate_id: int, note: str, by: "User | None") -> Certificate:
    """It holds again, as if it had never been revoked; the events tell that it was. Raises ``LifeRefusedError``."""
    note = _read_note(note)
    certificate = _lock(certificate_id)
    if certificate.status != CertificateStatus.REVOKED:
        raise LifeRefusedError("not_revoked", _("It is not revoked."))
    certificate.status = CertificateStatus.VALID
    certificate.revoked_at = None
    certificate.revocation_reason = ""
    certificate.save(update_fields=["status", "revoked_at", "revocation_reason"])
    _note_event(certificate, CertificateEventKind.REINSTATED, by, note)
    return certificate


@transaction.atomic
def reissue_certificate(*, certificate_id: int, name: str | None = None, note: str, by: "User | None") -> Certificate:
    """A certificate with the name put right, a number of its own and today as its day of issue.

    Everything else is copied from the old one, never taken from today's course, and the old one is superseded in the
    same transaction. ``name`` is the person's name now unless given. Asking again for the same name returns the
    certificate that came of it. The PDF is drawn by a task after the commit. Raises ``LifeRefusedError``.
    """
    note = _read_note(note)
    old = _lock(certificate_id)
    name = _read_name(old.user.name if name is None else name)
    if old.status == CertificateStatus.REVOKED:
        raise LifeRefusedError("revoked", _("It is revoked. Reinstate it before you issue it anew."))
    if old.status == CertificateStatus.SUPERSEDED:
        successor = Certificate.objects.get(supersedes=old)
        if successor.facts["name"] == name:
            return successor
        raise LifeRefusedError("superseded", _("A newer certificate replaces this one. Correct that one."))
    if name == old.facts["name"]:
        raise LifeRefusedError("nothing_to_correct", _("The certificate carries this very name already."))
    old.status = CertificateStatus.SUPERSEDED
    old.save(update_fields=["status"])
    new = _make_successor(old, name)
    _note_event(old, CertificateEventKind.SUPERSEDED, by, note)
    _note_event(new, CertificateEventKind.REISSUED, by, note)
    return new


@transaction.atomic
def switch_sharing(*, certificate_id: int, is_on: bool, by: "User") -> Certificate:
    """Switch the owner's public link on or off. Off ends it at once and for ever: on again is another link.

    Switching to what it is already changes nothing. Raises ``LifeRefusedError``: nobody but the owner may.
    """
    certificate = _lock(certificate_id)
    if certificate.user_id != by.pk:
        raise LifeRefusedError("not_yours", _("Only its owner switches the link of a certificate on or off."))
    if bool(certificate.share_token) == is_on:
        return certificate
    certificate.share_token = secrets.token_urlsafe(TOKEN_BYTES) if is_on else None
    certificate.save(update_fields=["share_token"])
    _note_event(certificate, CertificateEventKind.SHARED if is_on else CertificateEventKind.UNSHARED, by, "")
    return certificate


def _lock(certificate_id: int) -> Certificate:
    certificate = (
        Certificate.objects.select_for_update(of=("self",)).select_related("user").filter(pk=certificate_id).first()
    )
    if certificate is None:
        raise LifeRefusedError("not_found", _("There is no such certificate."))
    return certificate


def _make_successor(old: Certificate, name: str) -> Certificate:
    number = make_number()
    before: CertificateFacts = old.facts
    facts: CertificateFacts = {
        **before,
        "name": name,
        "issued_on": timezone.localdate().isoformat(),
        "verification_url": f"{settings.SITE_BASE_URL}{reverse('certificate', args=[number])}",
    }
    new = Certificate.objects.create(
        number=number,
        user_id=old.user_id,
        enrolment_id=old.enrolment_id,
        edition_id=old.edition_id,
        facts=facts,
        design_id=old.design_id,
        supersedes=old,
        issued_at=timezone.now(),
        expires_at=old.expires_at,
    )
    CertificateFile.objects.create(certificate=new)
    plan_mail(new)
    transaction.on_commit(lambda: draw_certificate.enqueue(new.pk))
    return new


def _note_event(certificate: Certificate, kind: CertificateEventKind, by: "User | None", note: str) -> None:
    CertificateEvent.objects.create(certificate=certificate, kind=kind, at=timezone.now(), by=by, note=note)


def _read_name(name: str) -> str:
    name = clean_line(name)
    if not name or len(name) > MAX_NAME:
        raise LifeRefusedError("bad_name", _("The name has 1 to %(most)s characters.") % {"most": MAX_NAME})
    return name


def _read_note(note: str) -> str:
    note = note.strip()
    if len(note) > MAX_NOTE or "\0" in note:
        raise LifeRefusedError("bad_note", _("The note has at most %(most)s characters.") % {"most": MAX_NOTE})
    return note
