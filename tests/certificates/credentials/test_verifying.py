"""Ours verify; changed ones, other people's, and tokens that lie about how they are signed do not."""

import base64
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from certificates.credentials.did import key_did
from certificates.credentials.signing import add_proof
from certificates.credentials.verifying import CredentialError, check_credential, check_status
from certificates.public_keys import PublicKey, load_public
from tests.factories.credentials import (
    INDEX,
    ISSUED_AT,
    ISSUER,
    as_bytes,
    make_credential,
    make_jwt,
    make_list,
    make_signed,
)
from tests.factories.keys import make_pair, shared_pair


@pytest.fixture
def keys() -> list[PublicKey]:
    return [shared_pair("pdf").public, shared_pair("credential").public]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))
    else:
        yield path


def with_leaf(document: dict[str, Any], path: tuple[Any, ...], change: Callable[[Any], Any]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = change(place[path[-1]])
    return changed


def change_a_little(value: Any) -> Any:
    """Another last character, or ``True`` for ``False``."""
    return value[:-1] + ("x" if value[-1] != "x" else "y") if isinstance(value, str) else True


def refuses(data: bytes, keys: list[PublicKey]) -> bool:
    try:
        check_credential(data, keys)
    except CredentialError:
        return True
    return False


def unsigned(header: dict[str, Any], payload: dict[str, Any], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@pytest.mark.parametrize("by_key", [False, True])
def test_ours_verifies(keys: list[PublicKey], by_key: bool) -> None:
    checked = check_credential(as_bytes(make_signed(by_key=by_key)), keys)
    assert checked.document["credentialSubject"] == make_credential()["credentialSubject"]
    assert checked.key == keys[1]
    assert (checked.starts_at, checked.ends_at.isoformat()) == (ISSUED_AT, "2028-03-11T23:59:59+00:00")


def test_token_verifies_and_says_the_same(keys: list[PublicKey]) -> None:
    assert check_credential(make_jwt().encode(), keys).document == make_credential()


def test_retired_key_still_verifies(keys: list[PublicKey]) -> None:
    old = replace(keys[1], retired_at=ISSUED_AT)
    assert check_credential(as_bytes(make_signed()), [make_pair("credential").public, old]).key == old


@pytest.mark.parametrize("name", ["Zoë Nguyễn", "李小龍", "عائشة", "👩‍🎓", 'Ann "The" \\ <b>', "x" * 90])
def test_names_of_the_world_are_signed(keys: list[PublicKey], name: str) -> None:
    checked = check_credential(as_bytes(make_signed(name=name)), keys)
    assert checked.document["credentialSubject"]["name"] == name


def test_every_value_is_signed(keys: list[PublicKey]) -> None:
    """One character of any text, any other value for all else."""
    document = make_signed()
    paths = list(leaves(document))
    assert [path for path in paths if not refuses(as_bytes(with_leaf(document, path, change_a_little)), keys)] == []
    assert len(paths) == 52


def test_every_character_of_the_token_is_signed(keys: list[PublicKey]) -> None:
    token = make_jwt()
    changed = (token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token)))
    assert [one for one in changed if not refuses(one.encode(), keys)] == []


def test_credential_of_another_key_is_refused(keys: list[PublicKey]) -> None:
    assert refuses(as_bytes(make_signed(make_pair("credential"))), keys)
    assert refuses(as_bytes(make_signed(make_pair("credential"), by_key=True)), keys)


def test_key_of_another_issuer_is_not_looked_at(keys: list[PublicKey]) -> None:
    """The proof names a key of ours under the name of somebody else, or the other way round."""
    pair = shared_pair("credential")
    for issuer, signer in ((ISSUER, "did:web:evil.example"), (ISSUER, key_did(pair.public)), ("did:web:evil", ISSUER)):
        signed = add_proof(make_credential(issuer), pair, issuer=signer, at=ISSUED_AT)
        with pytest.raises(CredentialError, match="not ours"):
            check_credential(as_bytes(signed), keys)


@pytest.mark.parametrize(
    "change",
    [
        {"cryptosuite": "eddsa-jcs-2022"},
        {"proofPurpose": "authentication"},
        {"type": "Ed25519Signature2020"},
        {"proofValue": "z"},
        {"proofValue": 7},
        {"proofValue": "z" + "1" * 5000},
        {"domain": "https://example.com"},
        {"verificationMethod": ["did:web:learn.example.com#x"]},
        {"verificationMethod": None},
    ],
    ids=range(9),
)
def test_proofs_of_another_kind_are_refused(keys: list[PublicKey], change: dict[str, Any]) -> None:
    signed = make_signed()
    assert refuses(as_bytes(signed | {"proof": signed["proof"] | change}), keys)


def test_token_may_not_choose_its_algorithm(keys: list[PublicKey]) -> None:
    pair = shared_pair("credential")
    header = jwt.get_unverified_header(make_jwt())
    payload = jwt.decode(make_jwt(), options={"verify_signature": False})
    raw = load_public(pair.public.pem).public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    by_public_key = [jwt.encode(payload, raw, algorithm="HS256", headers=header | {"alg": "HS256"})]
    for alg in ("none", "None", "HS256", "RS256", "", None):
        by_public_key += [unsigned(header | {"alg": alg}, payload), unsigned(header | {"alg": alg}, payload, raw)]
    assert [token for token in by_public_key if not refuses(token.encode(), keys)] == []


@pytest.mark.parametrize("claims", [{"iss": "did:web:evil"}, {"jti": "https://evil.example/"}, {"issuer": "did:web:x"}])
def test_token_that_contradicts_itself_is_refused(keys: list[PublicKey], claims: dict[str, Any]) -> None:
    payload = jwt.decode(make_jwt(), options={"verify_signature": False}) | claims
    header = jwt.get_unverified_header(make_jwt())
    token = jwt.encode(payload, shared_pair("credential").private, algorithm="EdDSA", headers=header)
    assert refuses(token.encode(), keys)


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"e", b"e.e.e", b"..", b"{" * 10_000, b"\xff", b"[]", b'{"proof": {}}', b"ey" * 200_000],
    ids=range(10),
)
def test_what_is_no_credential_is_refused(keys: list[PublicKey], data: bytes) -> None:
    with pytest.raises(CredentialError):
        check_credential(data, keys)


@pytest.mark.parametrize(("marked", "is_revoked"), [([], False), ([INDEX], True), ([INDEX - 1, INDEX + 1], False)])
def test_list_says_what_was_revoked(keys: list[PublicKey], marked: list[int], is_revoked: bool) -> None:
    checked = check_credential(as_bytes(make_signed()), keys)
    saved = check_credential(as_bytes(make_list(*marked)), keys)
    assert check_status(checked, saved, now=ISSUED_AT + timedelta(hours=1)) is is_revoked


@pytest.mark.parametrize("late", [timedelta(days=2), -timedelta(minutes=1)])
def test_list_of_another_time_is_refused(keys: list[PublicKey], late: timedelta) -> None:
    checked = check_credential(as_bytes(make_signed()), keys)
    saved = check_credential(as_bytes(make_list()), keys)
    with pytest.raises(CredentialError, match="out of date"):
        check_status(checked, saved, now=ISSUED_AT + late)


def test_credential_is_no_list(keys: list[PublicKey]) -> None:
    checked = check_credential(as_bytes(make_signed()), keys)
    with pytest.raises(CredentialError, match="not the one"):
        check_status(checked, checked, now=ISSUED_AT)
