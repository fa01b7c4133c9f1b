"""Is this file a certificate of ours, unchanged, and does it hold today?"""

import hashlib
import re
from dataclasses import dataclass

from django.utils import timezone

from certificates.models import Certificate
from certificates.queries import get_certificate

_NUMBER = re.compile(rb"CW-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass(frozen=True)
class Verdict:
    """``state`` is valid, superseded, revoked, expired, altered, not_ours or unreadable."""

    state: str
    certificate: Certificate | None = None


def verify_file(data: bytes) -> Verdict:
    """Two queries at most. Nothing is kept."""
    if not data.startswith(b"%PDF-"):
        return Verdict("unreadable")
    digest = hashlib.sha256(data).hexdigest()
    certificate = Certificate.objects.filter(file__sha256=digest).first()
    if certificate is not None:
        return Verdict(certificate.status_at(timezone.now()), certificate)
    found = _NUMBER.search(data)
    named = get_certificate(found.group().decode()) if found else None
    return Verdict("altered", named) if named else Verdict("not_ours")
