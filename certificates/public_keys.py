"""Public keys: their ids, fingerprints and spellings (PEM, Multikey, JWK), and reading them from a file. Pure."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import base58
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PDF = "pdf"
CREDENTIAL = "credential"
MAX_FILE = 1024 * 1024
_ED25519_PREFIX = b"\xed\x01"  # multicodec
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384"}

SealingKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class PublicKeyError(ValueError):
    """The file holds no keys that we can use."""


@dataclass(frozen=True)
class PublicKey:
    """One key that we sign, or once signed, with. ``certificates`` is its X.509 chain in PEM, its own first."""

    kid: str
    purpose: str  # pdf or credential
    pem: str
    certificates: str = ""
    retired_at: datetime | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key (SubjectPublicKeyInfo), in hex."""
        return hashlib.sha256(_spki(load_public(self.pem))).hexdigest()

    def chain(self) -> list[bytes]:
        """The X.509 certificates as DER."""
        found = x509.load_pem_x509_certificates(self.certificates.encode()) if self.certificates else []
        return [certificate.public_bytes(Encoding.DER) for certificate in found]


def load_public(pem: str) -> Any:
    return serialization.load_pem_public_key(pem.encode())


def make_credential_key(public: ed25519.Ed25519PublicKey) -> PublicKey:
    return PublicKey(kid=_make_kid(CREDENTIAL, _spki(public)), purpose=CREDENTIAL, pem=to_pem(public))


def make_sealing_key(chain: list[x509.Certificate]) -> PublicKey:
    """Named after its certificate, not after its key: with a renewed certificate the same key seals other bytes."""
    public = chain[0].public_key()
    name_algorithm(public)
    pems = "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in chain)
    kid = _make_kid(PDF, chain[0].public_bytes(Encoding.DER))
    return PublicKey(kid=kid, purpose=PDF, pem=to_pem(public), certificates=pems)


def _make_kid(purpose: str, identity: bytes) -> str:
    """The id of a key follows from the key: two keys never share one, and one key never has two."""
    return f"{purpose}-{hashlib.sha256(identity).hexdigest()[:24]}"


def name_algorithm(key: Any) -> str:
    """Ed25519, ECDSA P-256, ECDSA P-384 or RSA 3072. Raises ``PublicKeyError`` for all others."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "Ed25519"
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES:
        return f"ECDSA {_CURVES[key.curve.name]}"
    if isinstance(key, rsa.RSAPublicKey) and 2048 <= key.key_size <= 8192:
        return f"RSA {key.key_size}"
    raise PublicKeyError("Keys for certificates are Ed25519, ECDSA P-256 or P-384, or RSA of 2048 bits and more.")


def to_pem(key: Any) -> str:
    return str(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def to_multikey(key: ed25519.Ed25519PublicKey) -> str:
    return "z" + base58.b58encode(_ED25519_PREFIX + key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def from_multikey(text: str) -> ed25519.Ed25519PublicKey:
    """Raises ``PublicKeyError`` for what is no Ed25519 key."""
    raw = base58.b58decode(text[1:]) if text[:1] == "z" and len(text) < 80 else b""
    if len(raw) != 34 or not raw.startswith(_ED25519_PREFIX):
        raise PublicKeyError("This is not an Ed25519 Multikey.")
    return ed25519.Ed25519PublicKey.from_public_bytes(raw[2:])


def to_jwk(key: PublicKey) -> dict[str, Any]:
    """A sealing key as JWK, with its X.509 chain as ``x5c``: that is what verifying a PDF needs."""
    public = load_public(key.pem)
    x5c = [base64.b64encode(der).decode() for der in key.chain()]
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e), "kid": key.kid, "x5c": x5c}
    point, size = public.public_numbers(), (public.curve.key_size + 7) // 8
    jwk = {"kty": "EC", "crv": _CURVES[public.curve.name], "x": _number(point.x, size), "y": _number(point.y, size)}
    return jwk | {"kid": key.kid, "x5c": x5c}


def read_public_keys(data: bytes) -> list[PublicKey]:
    """The keys of a saved ``did.json``, or of a PEM file with public keys and certificates.

    Raises ``PublicKeyError`` with a sentence that says what is wrong.
    """
    if len(data) > MAX_FILE:
        raise PublicKeyError("A file of keys is never that large.")
    try:
        keys = _read_did(json.loads(data)) if data.lstrip()[:1] == b"{" else _read_pem(data)
    except PublicKeyError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm, RecursionError) as error:
        raise PublicKeyError("The file of keys is neither a did.json nor PEM.") from error
    if not keys:
        raise PublicKeyError("The file holds no public keys.")
    return keys


def _read_did(document: dict[str, Any]) -> list[PublicKey]:
    """Ids and purposes follow from the keys themselves, so that the file cannot confuse them."""
    keys = []
    for method in document["verificationMethod"]:
        if "publicKeyMultibase" in method:
            keys.append(make_credential_key(from_multikey(method["publicKeyMultibase"])))
        elif chain := method.get("publicKeyJwk", {}).get("x5c"):
            keys.append(make_sealing_key([x509.load_der_x509_certificate(base64.b64decode(item)) for item in chain]))
    return keys


def _read_pem(data: bytes) -> list[PublicKey]:
    """Every certificate stands for a sealing key of its own; so chains come as did.json."""
    keys = []
    for block in data.replace(b"\r\n", b"\n").split(b"-----BEGIN ")[1:]:
        pem = b"-----BEGIN " + block
        if pem.startswith(b"-----BEGIN CERTIFICATE-----"):
            keys.append(make_sealing_key([x509.load_pem_x509_certificate(pem)]))
        elif pem.startswith(b"-----BEGIN PUBLIC KEY-----"):
            public = serialization.load_pem_public_key(pem)
            if not isinstance(public, ed25519.Ed25519PublicKey):
                raise PublicKeyError("For the PDFs' signature the file must hold the certificate, not just the key.")
            keys.append(make_credential_key(public))
    return keys


def _spki(key: Any) -> bytes:
    return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _number(value: int, size: int | None = None) -> str:
    raw = value.to_bytes(size or (value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
