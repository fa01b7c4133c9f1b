"""Who signs, as decentralised identifiers: ``did:web`` names the site, ``did:key`` is the key itself. Pure."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlsplit

from certificates.credentials.contexts import DID_V1, JWK_V1, MULTIKEY_V1
from certificates.public_keys import CREDENTIAL, PublicKey, load_public, to_jwk, to_multikey

Document = dict[str, Any]


def site_of(url: str) -> str:
    """Scheme and host: ``https://learn.example.com``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def web_did(site_url: str) -> str:
    """``did:web`` of a site; a port's colon is percent-encoded, since colons separate its parts."""
    return f"did:web:{quote(urlsplit(site_url).netloc, safe='.-')}"


def key_did(key: PublicKey) -> str:
    """``did:key`` of a credential key."""
    return f"did:key:{to_multikey(load_public(key.pem))}"


def method_of(issuer: str, key: PublicKey) -> str:
    """The id by which signatures of this issuer name the key."""
    return f"{issuer}#{issuer.removeprefix('did:key:') if issuer.startswith('did:key:') else key.kid}"


def build_did_document(site_url: str, keys: Iterable[PublicKey]) -> Document:
    """All keys of the site, retired ones too: what they signed stays verifiable.

    Credentials are checked with the ``assertionMethod`` keys. The others are those of the PDFs' signatures, with their
    X.509 certificates: this one file is all that checking certificates without us takes.
    """
    did = web_did(site_url)
    known = list(keys)
    asserting = [key for key in known if key.purpose == CREDENTIAL]
    return {
        "@context": [DID_V1, MULTIKEY_V1, JWK_V1],
        "id": did,
        "alsoKnownAs": [key_did(key) for key in asserting],
        "verificationMethod": [_describe(did, key) for key in known],
        "assertionMethod": [method_of(did, key) for key in asserting],
    }


def _describe(did: str, key: PublicKey) -> Document:
    own = {"id": method_of(did, key), "controller": did}
    if key.purpose == CREDENTIAL:
        return own | {"type": "Multikey", "publicKeyMultibase": to_multikey(load_public(key.pem))}
    return own | {"type": "JsonWebKey", "publicKeyJwk": to_jwk(key)}
