"""Is this file one of our certificates, and does it still hold? One answer for the command and for the web page."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.credentials.verifying import (
    MAX_CREDENTIAL,
    CheckedCredential,
    CredentialError,
    check_credential,
    check_status,
)
from certificates.keys import list_public_keys
from certificates.models import Certificate, CertificateFile
from certificates.public_keys import PublicKey
from certificates.queries import get_certificate
from certificates.sealing import SealVerdict, inspect_seal

MAX_FILE = 20 * 1024 * 1024
_SHOWN = ("name", "course", "score", "completed_on", "edition", "issuer", "verification_url")


@dataclass(frozen=True)
class Verdict:
    """What ``verify_file`` found.

    ``state``: ``valid``; ``superseded``, ``revoked``, ``expired`` (genuine, but no longer to be relied on);
    ``altered`` (it carries our signature, and something was changed after); ``not_ours``; ``unreadable`` (not a PDF or
    credential, or too large). ``reason`` is one sentence for people. ``facts`` are those that the certificate shows:
    name, course, score, completed_on, edition, issuer, verification_url; empty for files that are not genuine.
    """

    state: str
    reason: str
    kind: str = ""  # pdf or credential
    number: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    signed_by: str = ""  # id of the key
    signed_at: datetime | None = None
    expires_at: datetime | None = None
    status_checked_at: datetime | None = None  # None: nobody could be asked whether it was revoked
    is_stored_copy: bool = False  # byte for byte the PDF that we keep

    @property
    def is_genuine(self) -> bool:
        return self.state in ("valid", "superseded", "revoked", "expired")

    @property
    def is_valid(self) -> bool:
        return self.state == "valid"


def verify_file(
    data: bytes,
    *,
    keys: Iterable[PublicKey] | None = None,
    status_list: bytes | None = None,
    now: datetime | None = None,
) -> Verdict:
    """Judge a PDF or credential (JSON or JWT). Never raises for what is in the file, whoever made it.

    Without ``keys`` the database is asked: for the keys, the stored bytes and the status today. With them nothing but
    the arguments is used, and ``status_list`` (a saved list) says whether it was revoked; a list that cannot be used
    raises ``CredentialError``.
    """
    moment = now or timezone.now()
    known = list_public_keys() if keys is None else list(keys)
    if len(data) > MAX_FILE:
        return Verdict("unreadable", _("The file is larger than a certificate can be (20 MB)."))
    if b"%PDF-" in data[:1024] or b"/ByteRange" in data:
        verdict, document = _verify_pdf(data, known)
    elif len(data) <= MAX_CREDENTIAL and data.strip()[:1] in (b"{", b"e"):  # every JWT begins with e
        verdict, document = _verify_credential(data, known)
    else:
        return Verdict("unreadable", _("The file is neither a PDF nor a credential."))
    if keys is None:
        return _compare_with_rows(data, verdict, moment)
    return _judge_alone(verdict, document, known, status_list, moment)


def _verify_pdf(data: bytes, keys: list[PublicKey]) -> tuple[Verdict, CheckedCredential | None]:
    seal = inspect_seal(data, keys)
    if not seal.is_ours:
        return Verdict("not_ours", _("The file carries no signature of ours."), kind="pdf"), None
    if not seal.is_intact:
        reason = _("The file carries our signature, but it was changed after it was signed.")
        return Verdict("altered", reason, kind="pdf", signed_by=seal.kid), None
    return _describe_pdf(seal, keys)


def _describe_pdf(seal: SealVerdict, keys: list[PublicKey]) -> tuple[Verdict, CheckedCredential | None]:
    """What stands in a file that is ours, byte for byte: the credential attached to it needs no check of its own."""
    verdict = Verdict(
        "valid",
        "",
        kind="pdf",
        number=seal.verification_url.rstrip("/").rsplit("/", 1)[-1],
        facts={"issuer": seal.signer, "verification_url": seal.verification_url},
        signed_by=seal.kid,
        signed_at=seal.signed_at,
    )
    if not seal.credential:
        return verdict, None
    key = next(key for key in keys if key.kid == seal.kid)
    document = CheckedCredential({name: part for name, part in seal.credential.items() if name != "proof"}, key)
    return _describe(verdict, document), document


def _verify_credential(data: bytes, keys: list[PublicKey]) -> tuple[Verdict, CheckedCredential | None]:
    try:
        checked = check_credential(data, keys)
        if "OpenBadgeCredential" not in checked.document["type"]:
            return Verdict("not_ours", _("This is no certificate."), kind="credential"), None
    except CredentialError as error:
        return Verdict("not_ours", str(error), kind="credential"), None
    verdict = Verdict("valid", "", kind="credential", signed_by=checked.key.kid, signed_at=checked.starts_at)
    return _describe(verdict, checked), checked


def _describe(verdict: Verdict, checked: CheckedCredential) -> Verdict:
    subject, issuer = checked.document["credentialSubject"], checked.document["issuer"]
    facts = {
        "name": subject["name"],
        "course": checked.document["name"],
        "score": subject["result"][0]["value"] if "result" in subject else None,
        "completed_on": subject["activityEndDate"],
        "edition": int(subject["achievement"]["version"]),
        "issuer": issuer["name"],
        "verification_url": checked.document["evidence"][0]["id"],
    }
    return replace(verdict, number=subject["licenseNumber"], facts=facts, expires_at=checked.ends_at)


def _judge_alone(
    verdict: Verdict,
    document: CheckedCredential | None,
    keys: list[PublicKey],
    status_list: bytes | None,
    now: datetime,
) -> Verdict:
    """Without a database: expired by its own dates, revoked by the list that was given."""
    if not verdict.is_genuine:
        return verdict
    if status_list is not None and document is not None:
        saved = check_credential(status_list, keys)
        verdict = replace(verdict, status_checked_at=saved.starts_at)
        if check_status(document, saved, now=now):
            return replace(verdict, state="revoked", reason=_("It was revoked, or replaced by a corrected one."))
    if verdict.expires_at and verdict.expires_at < now:
        return replace(verdict, state="expired", reason=_("Its time has run out."))
    if verdict.status_checked_at is None:
        return replace(verdict, reason=_("It is genuine. Whether it was revoked since has not been asked."))
    return replace(verdict, reason=_("It is genuine, and the list does not say that it was revoked."))


def _compare_with_rows(data: bytes, verdict: Verdict, now: datetime) -> Verdict:
    """The stored bytes are genuine whatever else is thought of them; whatever else is signed must be a row of ours."""
    digest = hashlib.sha256(data).hexdigest()
    stored = CertificateFile.objects.filter(sha256=digest).select_related("certificate").defer("pdf").first()
    if stored is not None:
        return _judge_by_row(replace(verdict, kind="pdf", is_stored_copy=True), stored.certificate, now)
    if not verdict.is_genuine:
        return verdict
    certificate = get_certificate(verdict.number)
    if certificate is None:
        reason = _("It is signed with our key, but we know of no such certificate.")
        return Verdict("not_ours", reason, kind=verdict.kind, signed_by=verdict.signed_by)
    kept = CertificateFile.objects.filter(certificate=certificate).exclude(sha256="")
    if verdict.kind == "pdf" and kept.exists():
        reason = _("It is signed with our key, but it is not the file that we keep for this certificate.")
        return Verdict("altered", reason, kind="pdf", signed_by=verdict.signed_by)
    return _judge_by_row(verdict, certificate, now)


def _judge_by_row(verdict: Verdict, certificate: Certificate, now: datetime) -> Verdict:
    return replace(
        verdict,
        state=certificate.status_at(now),
        reason=_explain(certificate, now),
        number=certificate.number,
        facts={name: certificate.facts.get(name) for name in _SHOWN},
        signed_at=verdict.signed_at or certificate.issued_at,
        expires_at=certificate.expires_at,
        status_checked_at=now,
    )


def _explain(certificate: Certificate, now: datetime) -> str:
    status = certificate.status_at(now)
    if status == "revoked":
        return _("It was revoked on %(date)s: %(reason)s.") % {
            "date": timezone.localdate(certificate.revoked_at).isoformat(),
            "reason": certificate.get_revocation_reason_display().lower(),
        }
    if status == "superseded":
        newer = Certificate.objects.filter(supersedes=certificate).first()
        number = newer.number if newer else _("a corrected one")
        return _("It was replaced by %(number)s.") % {"number": number}
    return _("Its time has run out.") if status == "expired" else _("It is genuine, and it holds.")
