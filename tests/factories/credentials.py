"""Credentials and status lists for tests that need no database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from certificates.credentials.build import StatusPlace, build_credential
from certificates.credentials.did import key_did, web_did
from certificates.credentials.signing import add_proof, sign_jwt, write_json
from certificates.credentials.status_list import build_status_list
from certificates.key_files import KeyPair
from certificates.rendering import sample_facts
from tests.factories.keys import NUMBER, shared_pair

SITE = "https://learn.example.com"
LIST_URL = f"{SITE}/credentials/status/1"
ISSUER = web_did(SITE)
INDEX = 54_321
ISSUED_AT = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
EXPIRES_AT = datetime(2028, 3, 12, tzinfo=UTC)


def make_credential(issuer: str = ISSUER, **facts: Any) -> dict[str, Any]:
    return build_credential(
        sample_facts(**facts),
        number=NUMBER,
        issuer=issuer,
        issued_at=ISSUED_AT,
        expires_at=EXPIRES_AT,
        status=StatusPlace(LIST_URL, INDEX),
    )


def make_signed(pair: KeyPair | None = None, *, by_key: bool = False, **facts: Any) -> dict[str, Any]:
    """With its proof; issued by the site, or by the key itself."""
    pair = pair or shared_pair("credential")
    issuer = key_did(pair.public) if by_key else ISSUER
    return add_proof(make_credential(issuer, **facts), pair, issuer=issuer, at=ISSUED_AT)


def make_jwt(pair: KeyPair | None = None) -> str:
    return sign_jwt(make_credential(), pair or shared_pair("credential"), issuer=ISSUER)


def make_list(*revoked: int, at: datetime = ISSUED_AT, pair: KeyPair | None = None) -> dict[str, Any]:
    document = build_status_list(revoked, url=LIST_URL, issuer=ISSUER, at=at, ttl=timedelta(minutes=1))
    return add_proof(document, pair or shared_pair("credential"), issuer=ISSUER, at=at)


def as_bytes(document: dict[str, Any]) -> bytes:
    return write_json(document).encode()
