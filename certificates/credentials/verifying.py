"""Checking a credential with nothing but public keys: the proof or JWT, its dates, its place in a status list. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import base58
import jwt
from cryptography.exceptions import InvalidSignature
from jwt.utils import base64url_decode, base64url_encode

from certificates.credentials.did import key_did, method_of
from certificates.credentials.linked_data import LinkedDataError
from certificates.credentials.signing import CRYPTOSUITE, JWT_ALGORITHM, JWT_TYPE, hash_for_proof
from certificates.credentials.status_list import StatusListError, read_bit
from certificates.credentials.strict_json import StrictJsonError, read_json
from certificates.public_keys import CREDENTIAL, PublicKey, load_public

MAX_CREDENTIAL = 256 * 1024
_PROOF_WORDS = {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
_CLAIMS = ("iss", "jti", "nbf", "exp")


class CredentialError(ValueError):
    """The credential is not one that we signed. The message says why."""


@dataclass(frozen=True)
class CheckedCredential:
    """A credential that one of the given keys did sign. Whether it still holds is another question."""

    document: dict[str, Any]
    key: PublicKey

    @property
    def starts_at(self) -> datetime:
        return _moment(self.document["validFrom"])

    @property
    def ends_at(self) -> datetime | None:
        """The last second in which it holds."""
        return _moment(self.document["validUntil"]) if "validUntil" in self.document else None


def check_credential(data: bytes, keys: Iterable[PublicKey]) -> CheckedCredential:
    """A credential as JSON with its proof, or as a JWT. Raises ``CredentialError`` unless one of the keys signed it."""
    if len(data) > MAX_CREDENTIAL:
        raise CredentialError("The file is too large for a credential.")
    known = [key for key in keys if key.purpose == CREDENTIAL]
    try:
        checked = _check_json(data, known) if data.lstrip()[:1] == b"{" else _check_jwt(data, known)
        _ = checked.starts_at, checked.ends_at
    except (LinkedDataError, StrictJsonError) as error:
        raise CredentialError(str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, CredentialError):
            raise
        raise CredentialError("The credential lacks what ours have.") from error
    return checked


def check_status(checked: CheckedCredential, status_list: CheckedCredential, *, now: datetime) -> bool:
    """Whether the list says revoked. Raises ``CredentialError`` if the list is out of date or not the credential's."""
    entry, subject = checked.document["credentialStatus"], status_list.document["credentialSubject"]
    if entry["statusListCredential"] != status_list.document["id"] or subject["type"] != "BitstringStatusList":
        raise CredentialError("This status list is not the one that the certificate names.")
    if _issuer(status_list.document) != _issuer(checked.document) and not _is_same_site(checked, status_list):
        raise CredentialError("This status list is somebody else's.")
    if not status_list.starts_at <= now or (status_list.ends_at and status_list.ends_at < now):
        raise CredentialError("This status list is out of date. Fetch it anew.")
    try:
        return read_bit(subject["encodedList"], int(entry["statusListIndex"]))
    except StatusListError as error:
        raise CredentialError(str(error)) from error


def _check_json(data: bytes, keys: list[PublicKey]) -> CheckedCredential:
    document = read_json(data)
    proof = document.pop("proof", None)
    if not isinstance(proof, dict) or set(proof) != _PROOF_WORDS:
        raise CredentialError("The credential carries no proof like ours.")
    if (proof["type"], proof["cryptosuite"], proof["proofPurpose"]) != (
        "DataIntegrityProof",
        CRYPTOSUITE,
        "assertionMethod",
    ):
        raise CredentialError("The credential is signed in another way than ours are.")
    key = _find_key(document, proof["verificationMethod"], keys)
    value = proof.pop("proofValue")
    signature = base58.b58decode(value[1:]) if isinstance(value, str) and value[:1] == "z" and len(value) < 100 else b""
    if "z" + base58.b58encode(signature).decode() != value:
        raise CredentialError("The proof is not spelled as it must be.")
    _verify(key, signature, hash_for_proof(document, proof))
    return CheckedCredential(document, key)


def _check_jwt(data: bytes, keys: list[PublicKey]) -> CheckedCredential:
    """The algorithm is ours to say, not the token's; and the token's own claims must say what its credential says."""
    try:
        token = data.strip().decode("ascii")
        header = jwt.get_unverified_header(token)
        if header.get("alg") != JWT_ALGORITHM or header.get("typ") != JWT_TYPE or "crit" in header:
            raise CredentialError("The credential is signed in another way than ours are.")
        payload = read_json(_payload(token))
        key = _find_key(payload, header.get("kid"), keys)
        jwt.decode(
            token,
            load_public(key.pem),
            algorithms=[JWT_ALGORITHM],
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False},
        )
    except (jwt.PyJWTError, UnicodeDecodeError) as error:
        raise CredentialError("The signature is not ours, or something was changed.") from error
    claims = {name: payload.pop(name) for name in _CLAIMS if name in payload}
    if claims.get("iss") != _issuer(payload) or claims.get("jti") != payload["id"]:
        raise CredentialError("The token says another issuer or name than its credential.")
    return CheckedCredential(payload, key)


def _payload(token: str) -> bytes:
    """The middle of the three parts. Each has one spelling: lenient readers ignore the last bits of a part."""
    parts = [part.encode() for part in token.split(".")]
    if len(parts) != 3 or any(base64url_encode(base64url_decode(part)) != part for part in parts):
        raise CredentialError("This is neither a credential in JSON nor a JWT as it must be spelled.")
    return base64url_decode(parts[1])


def _find_key(document: dict[str, Any], method: Any, keys: list[PublicKey]) -> PublicKey:
    """The key that the signature names, if it is ours and the issuer's: one of somebody else's is not looked at."""
    issuer = _issuer(document)
    for key in keys:
        may_sign = issuer.startswith("did:web:") or issuer == key_did(key)
        if may_sign and method == method_of(issuer, key):
            return key
    raise CredentialError("The credential is signed with a key that is not ours.")


def _is_same_site(checked: CheckedCredential, status_list: CheckedCredential) -> bool:
    """A ``did:key`` credential points at the site's own list, which another key of the same site may have signed."""
    return _issuer(checked.document).startswith("did:key:") and _issuer(status_list.document).startswith("did:web:")


def _issuer(document: dict[str, Any]) -> str:
    issuer = document["issuer"]
    return str(issuer["id"] if isinstance(issuer, dict) else issuer)


def _verify(key: PublicKey, signature: bytes, message: bytes) -> None:
    try:
        load_public(key.pem).verify(signature, message)
    except InvalidSignature as error:
        raise CredentialError("The signature is not ours, or something was changed.") from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
