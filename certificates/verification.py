"""Is this file one of our certificates, and does it still hold? Compares with the stored bytes."""

import hashlib
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.models import Certificate


@dataclass(frozen=True)
class Verdict:
    """``state`` is valid, superseded, revoked, expired, altered, not_ours or unreadable; ``reason`` one sentence."""

    state: str
    reason: str
    number: str = ""

    @property
    def is_genuine(self) -> bool:
        return self.state in ("valid", "superseded", "revoked", "expired")


def verify_file(data: bytes) -> Verdict:
    """One query at most. Nothing is kept."""
    if not data.startswith(b"%PDF-"):
        return Verdict("unreadable", _("The file is neither a PDF nor a credential."))
    certificate = Certificate.objects.filter(file__sha256=hashlib.sha256(data).hexdigest()).first()
    if certificate is None:
        return Verdict("not_ours", _("The file carries no signature of ours."))
    return Verdict(certificate.status_at(timezone.now()), "", certificate.number)
