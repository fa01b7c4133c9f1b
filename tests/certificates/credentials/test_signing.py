"""Signatures follow from what is signed and the key, and from nothing else."""

import jwt
import pytest

from certificates.credentials.linked_data import LinkedDataError
from certificates.credentials.signing import add_proof
from tests.factories.credentials import EXPIRES_AT, ISSUED_AT, ISSUER, make_credential, make_jwt, make_signed
from tests.factories.keys import shared_pair


def test_same_facts_and_key_give_the_same_bytes() -> None:
    assert (make_signed(), make_jwt()) == (make_signed(), make_jwt())


def test_undefined_word_is_never_signed() -> None:
    with pytest.raises(LinkedDataError, match="honours"):
        add_proof(make_credential() | {"honours": "x"}, shared_pair("credential"), issuer=ISSUER, at=ISSUED_AT)


def test_token_carries_the_registered_claims() -> None:
    payload = jwt.decode(make_jwt(), options={"verify_signature": False})
    assert (payload["iss"], payload["jti"]) == (ISSUER, payload["id"])
    assert (payload["nbf"], payload["exp"]) == (int(ISSUED_AT.timestamp()), int(EXPIRES_AT.timestamp()))
    kid = f"{ISSUER}#{shared_pair('credential').public.kid}"
    assert jwt.get_unverified_header(make_jwt()) == {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": kid}
