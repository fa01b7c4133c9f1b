"""BitstringStatusList: one bit for each certificate, so that looking one up does not say which was meant. Pure."""

import base64
import gzip
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from certificates.credentials.build import Credential, format_time
from certificates.credentials.contexts import CREDENTIALS_V2

SIZE = 131_072  # the least the standard allows, so that few certificates hide among many places
HOLDS_FOR = timedelta(days=1)
_LONGEST_ENCODED = SIZE  # bits that do not compress at all take less


class StatusListError(ValueError):
    """The text is not a status list of ours."""


def encode_bits(revoked: Iterable[int]) -> str:
    """Multibase base64url of the gzipped bits; the first is the highest bit of the first byte."""
    bits = bytearray(SIZE // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> (index % 8)
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def read_bit(encoded: str, index: int) -> bool:
    """Raises ``StatusListError`` for what is not such a list, also for one that unpacks to more than it may."""
    if not encoded.startswith("u") or len(encoded) > _LONGEST_ENCODED or not 0 <= index < SIZE:
        raise StatusListError("The status list cannot be read.")
    try:
        packed = base64.b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4), altchars=b"-_", validate=True)
        bits = zlib.decompressobj(wbits=31).decompress(packed, SIZE // 8 + 1)
    except (ValueError, zlib.error) as error:
        raise StatusListError("The status list cannot be read.") from error
    if len(bits) != SIZE // 8:
        raise StatusListError("The status list has not the size it must have.")
    return bool(bits[index // 8] & (0x80 >> (index % 8)))


def build_status_list(revoked: Iterable[int], *, url: str, issuer: str, at: datetime, ttl: timedelta) -> Credential:
    """The list as a credential of its own, not signed yet. It should be asked for anew after ``ttl``."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": format_time(at),
        "validUntil": format_time(at + HOLDS_FOR),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_bits(revoked),
            "ttl": int(ttl.total_seconds() * 1000),
        },
    }
