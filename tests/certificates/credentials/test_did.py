"""Who we are and which keys were ever ours."""

from dataclasses import replace

import pytest

from certificates.credentials.did import build_did_document, key_did, method_of, web_did
from certificates.credentials.signing import write_json
from certificates.public_keys import PublicKeyError, read_public_keys
from tests.factories.credentials import ISSUED_AT, SITE
from tests.factories.keys import make_pair


@pytest.mark.parametrize(
    ("url", "did"),
    [
        ("https://learn.example.com", "did:web:learn.example.com"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
        ("https://xn--bcher-kva.example:8443/", "did:web:xn--bcher-kva.example%3A8443"),
    ],
)
def test_site_is_named_with_its_port(url: str, did: str) -> None:
    assert web_did(url) == did


def test_document_holds_retired_keys_too() -> None:
    old, new, pdf = make_pair("credential").public, make_pair("credential").public, make_pair().public
    document = build_did_document(SITE, [replace(old, retired_at=ISSUED_AT), new, pdf])
    assert [method["id"] for method in document["verificationMethod"]] == [
        f"did:web:learn.example.com#{key.kid}" for key in (old, new, pdf)
    ]
    assert document["assertionMethod"] == [f"did:web:learn.example.com#{key.kid}" for key in (old, new)]
    assert document["alsoKnownAs"] == [key_did(old), key_did(new)]


def test_saved_document_gives_the_keys_back() -> None:
    keys = [make_pair("credential").public, make_pair().public]
    assert read_public_keys(write_json(build_did_document(SITE, keys)).encode()) == keys


def test_pem_gives_the_keys_back() -> None:
    credential, pdf = make_pair("credential").public, make_pair().public
    assert read_public_keys((credential.pem + pdf.certificates).encode()) == [credential, pdf]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"verificationMethod": []}',
        b'{"verificationMethod": [{"publicKeyMultibase": "z6Mk"}]}',
        b'{"verificationMethod": [{"publicKeyJwk": {"x5c": ["AAAA"]}}]}',
        b'{"verificationMethod": 1}',
        b"[" * 100_000,
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        make_pair().public.pem.encode(),
        b"\xff\xfe",
        b"x" * 2_000_000,
    ],
    ids=range(11),
)
def test_files_without_keys_are_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(PublicKeyError, match=r"\.$"):
        read_public_keys(data)


def test_key_by_itself_names_itself() -> None:
    key = make_pair("credential").public
    did = key_did(key)
    assert did.startswith("did:key:z6Mk")
    assert method_of(did, key) == f"{did}#{did.removeprefix('did:key:')}"
