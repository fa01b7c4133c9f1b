"""Signing credentials with Ed25519: as a proof within the JSON (``eddsa-rdfc-2022``), and as a JWT. Pure."""

import hashlib
import json
from datetime import datetime
from typing import Any

import base58
import jwt

from certificates.credentials.build import Credential, format_time
from certificates.credentials.did import method_of
from certificates.credentials.linked_data import canonicalise
from certificates.key_files import KeyPair

CRYPTOSUITE = "eddsa-rdfc-2022"
JWT_ALGORITHM = "EdDSA"
JWT_TYPE = "vc+jwt"


def add_proof(credential: Credential, pair: KeyPair, *, issuer: str, at: datetime) -> Credential:
    """The credential with its proof. The same arguments give the same proof.

    Raises ``LinkedDataError`` if anything in the credential would not be signed.
    """
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": format_time(at),
        "verificationMethod": method_of(issuer, pair.public),
        "proofPurpose": "assertionMethod",
    }
    signature = pair.private.sign(hash_for_proof(credential, proof))
    return {**credential, "proof": {**proof, "proofValue": "z" + base58.b58encode(signature).decode()}}


def hash_for_proof(credential: Credential, proof: dict[str, Any]) -> bytes:
    """What is signed: the digest of the proof's own options, then that of the credential. Neither holds a signature."""
    options = {"@context": credential["@context"], **proof}
    return hashlib.sha256(canonicalise(options)).digest() + hashlib.sha256(canonicalise(credential)).digest()


def sign_jwt(credential: Credential, pair: KeyPair, *, issuer: str) -> str:
    """The credential as the payload of a JWT, with the registered claims that say the same."""
    claims = {"iss": issuer, "jti": credential["id"], "nbf": _seconds(credential["validFrom"])}
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential["validUntil"]) + 1
    return jwt.encode(
        {**credential, **claims},
        pair.private,
        algorithm=JWT_ALGORITHM,
        headers={"typ": JWT_TYPE, "cty": "vc", "kid": method_of(issuer, pair.public)},
    )


def write_json(document: dict[str, Any]) -> str:
    """As it is stored, served and attached."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
