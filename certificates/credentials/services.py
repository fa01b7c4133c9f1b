"""The credential of a certificate, stored once; status lists and the DID document, made from the rows as they are."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from certificates.credentials.build import StatusPlace, build_credential
from certificates.credentials.did import Document, build_did_document, key_did, site_of, web_did
from certificates.credentials.signing import add_proof, sign_jwt, write_json
from certificates.credentials.status_list import SIZE, build_status_list
from certificates.key_files import KeyPair
from certificates.keys import get_signing_pair, list_public_keys
from certificates.models import Certificate, CertificateCredential, CertificateStatus, KeyPurpose

STATUS_TTL = timedelta(minutes=1)
_STATUS_PERIOD = timedelta(minutes=10)  # within it the signed list stays the same, byte for byte, if no bit changes
_TRIES = 50


def ensure_credential(certificate: Certificate) -> CertificateCredential:
    """The signed credential: made when first asked for, and from then on the same bytes.

    It follows from the frozen facts, the day of issue and the key. Raises ``KeyFileError`` if the key is not at hand.
    """
    stored = CertificateCredential.objects.filter(certificate=certificate).first()
    if stored is not None:
        return stored
    pair = get_signing_pair(KeyPurpose.CREDENTIAL)
    body, token = sign_for(certificate, pair, issuer=web_did(site_of(certificate.facts["verification_url"])))
    made, _ = CertificateCredential.objects.get_or_create(
        certificate=certificate,
        defaults={"body": body, "jwt": token, "signed_by": pair.public.kid, "created_at": timezone.now()},
    )
    return made


def sign_with_key_as_issuer(certificate: Certificate) -> tuple[str, str]:
    """The same credential for those who cannot ask the site at all: issued by the key itself (``did:key``).

    Not stored: it is signed with the key in use, so another one after a rotation. JSON and JWT.
    """
    pair = get_signing_pair(KeyPurpose.CREDENTIAL)
    return sign_for(certificate, pair, issuer=key_did(pair.public))


def sign_for(certificate: Certificate, pair: KeyPair, *, issuer: str) -> tuple[str, str]:
    """JSON with proof, and JWT."""
    ensure_status_bit(certificate)
    site = site_of(certificate.facts["verification_url"])
    credential = build_credential(
        certificate.facts,
        number=certificate.number,
        issuer=issuer,
        issued_at=certificate.issued_at,
        expires_at=certificate.expires_at,
        status=StatusPlace(
            f"{site}{reverse('credential-status', args=[certificate.status_list])}", certificate.status_index or 0
        ),
    )
    signed = add_proof(credential, pair, issuer=issuer, at=certificate.issued_at)
    return write_json(signed), sign_jwt(credential, pair, issuer=issuer)


def ensure_status_bit(certificate: Certificate) -> None:
    """Give the certificate its place in a status list, at random so that neighbours in time are not neighbours there.

    The constraint settles who gets a place that two draw at once. A list is used up to its half, then the next begins.
    """
    for _ in range(_TRIES):
        if certificate.status_index is not None:
            return
        number = _list_with_room()
        index = secrets.randbelow(SIZE)
        rows = Certificate.objects.filter(pk=certificate.pk, status_index__isnull=True)
        try:
            with transaction.atomic():
                rows.update(status_list=number, status_index=index)
        except IntegrityError:
            continue
        certificate.refresh_from_db(fields=["status_list", "status_index"])
    if certificate.status_index is None:
        raise RuntimeError("No free place in the status list was found.")


def _list_with_room() -> int:
    placed = Certificate.objects.filter(status_index__isnull=False)
    number = placed.order_by("-status_list").values_list("status_list", flat=True).first() or 1
    return number + 1 if placed.filter(status_list=number).count() >= SIZE // 2 else number


def make_status_list(number: int) -> str | None:
    """The signed list as JSON, true at this moment; ``None`` for a list that no certificate is in.

    Revoked and superseded certificates are marked: neither is to be relied on. Raises ``KeyFileError``.
    """
    placed = Certificate.objects.filter(status_list=number, status_index__isnull=False)
    gone = [CertificateStatus.REVOKED, CertificateStatus.SUPERSEDED]
    indexes = placed.filter(status__in=gone).values_list("status_index", flat=True)
    marked = sorted(index for index in indexes if index is not None)
    if not marked and number != 1 and not placed.exists():
        return None
    pair = get_signing_pair(KeyPurpose.CREDENTIAL)
    period = _period(timezone.now())
    digest = hashlib.sha256(repr((settings.SITE_BASE_URL, number, pair.public.kid, period, marked)).encode())
    key = f"certificates:status:{digest.hexdigest()}"
    return cache.get_or_set(key, lambda: _sign_list(number, marked, pair, period), _STATUS_PERIOD.total_seconds())


def _sign_list(number: int, marked: list[int], pair: KeyPair, at: datetime) -> str:
    url = f"{settings.SITE_BASE_URL}{reverse('credential-status', args=[number])}"
    issuer = web_did(settings.SITE_BASE_URL)
    document = build_status_list(marked, url=url, issuer=issuer, at=at, ttl=STATUS_TTL)
    return write_json(add_proof(document, pair, issuer=issuer, at=at))


def _period(now: datetime) -> datetime:
    seconds = int(_STATUS_PERIOD.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def make_did_document() -> Document:
    """The site's DID document with every key that is or was ours; makes the keys of a site that has none yet."""
    keys = list_public_keys()
    if not keys:
        for purpose in KeyPurpose.values:
            get_signing_pair(purpose)
        keys = list_public_keys()
    return build_did_document(settings.SITE_BASE_URL, keys)
