"""Signed, expiring addresses of private lesson files."""

import time
from urllib.parse import quote

from django.core.signing import BadSignature, Signer

LIFETIME = 12 * 60 * 60
# Addresses made within the same hour are equal, so that browsers can reuse what they have.
GRANULARITY = 60 * 60

_signer = Signer(salt="courses.files", sep="~")


class BadTokenError(Exception):
    """The token was not made here."""


class ExpiredTokenError(Exception):
    """The token was good once."""


def sign_file(kind: str, pk: int, name: str) -> str:
    """The address of a media file or document, valid for 12 to 13 hours. Whoever has it can read the file."""
    expires = (int(time.time()) // GRANULARITY + 1) * GRANULARITY + LIFETIME
    return f"/files/{_signer.sign(f'{kind}.{pk}.{expires}')}/{quote(name)}"


def read_token(token: str) -> tuple[str, int]:
    """(kind, primary key) of a signed address. Raises ``BadTokenError`` or ``ExpiredTokenError``."""
    try:
        kind, pk, expires = _signer.unsign(token).split(".")
    except (BadSignature, ValueError):
        raise BadTokenError from None
    if int(expires) < time.time():
        raise ExpiredTokenError
    return kind, int(pk)
