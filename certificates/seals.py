"""Whether a file is, byte for byte, one that we sealed. Pure; nothing of the file is parsed as PDF.

A PAdES signature covers the file except one gap, which holds the signature itself as hexadecimal digits. What lies in
the gap is therefore compared with the only spelling that we write: upper case, canonical DER with the very fields and
certificates of ours, zeros up to its end. So every byte of the file is either signed or known, and a single changed,
added or missing one is noticed. Cost and memory are linear in the file's size, whoever made it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from asn1crypto import cms, tsp, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from certificates.key_files import KeyPair
from certificates.public_keys import PublicKey, load_public

MAX_GAP = 128 * 1024
_MAX_CANDIDATES = 16
_BYTE_RANGE = re.compile(rb"/ByteRange\s{0,4}\[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\]")
_HEX = re.compile(rb"[0-9A-F]+")

_ORDERS = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "secp384r1": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
}


class Gap(NamedTuple):
    """Where the signature stands: the file's bytes before ``start`` and from ``end`` on are what it signs."""

    start: int
    end: int


@dataclass(frozen=True)
class Seal:
    """What the bytes tell. ``key`` is ours whose seal the file carries, whole or damaged."""

    is_intact: bool
    key: PublicKey | None = None
    gap: Gap | None = None


def examine(data: bytes, keys: Iterable[PublicKey]) -> Seal:
    """Intact: one of ``keys`` sealed exactly these bytes. Otherwise ``key`` says whose seal was broken, if one's."""
    sealing = [(key, key.chain()) for key in keys if key.certificates]
    for gap in _find_gaps(data):
        for key, chain in sealing:
            if is_sealed(data, gap, key, chain):
                return Seal(is_intact=True, key=key, gap=gap)
    digits = data.upper()  # either half of our public key tells a broken file of ours from a stranger's
    for key, chain in sealing:
        public = x509.Certificate.load(chain[0]).public_key.dump()
        if any(piece.hex().upper().encode() in digits for piece in (public[-64:-32], public[-32:])):
            return Seal(is_intact=False, key=key)
    return Seal(is_intact=False)


def is_sealed(data: bytes, gap: Gap, key: PublicKey, chain: list[bytes]) -> bool:
    """Whether the key sealed these bytes, with the signature in this gap and in the one spelling that we write."""
    der = _read_gap(data[gap.start : gap.end])
    try:
        info = cms.ContentInfo.load(der, strict=True)
        signer = info["content"]["signer_infos"][0]
        signed_attributes, signature = signer["signed_attrs"].contents, signer["signature"].native
        if envelope(signed_attributes, signature, key, chain) != der:
            return False
        attributes = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
        digest = attributes["message_digest"][0].native
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return False
    signed = hashlib.sha256(data[: gap.start])
    signed.update(data[gap.end :])
    return digest == signed.digest() and _verify(key, signature, as_set(signed_attributes))


def envelope(signed_attributes: bytes, signature: bytes, key: PublicKey, chain: list[bytes]) -> bytes:
    """The DER of the one CMS message that carries these, field by field; nothing else is free."""
    certificates = [x509.Certificate.load(der) for der in chain]
    digest_algorithm = {"algorithm": "sha256"}
    is_rsa = isinstance(load_public(key.pem), rsa.RSAPublicKey)
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {
                        "issuer": certificates[0].issuer,
                        "serial_number": certificates[0].serial_number,
                    }
                )
            }
        ),
        "digest_algorithm": digest_algorithm,
        "signed_attrs": cms.CMSAttributes.load(as_set(signed_attributes), strict=True),
        "signature_algorithm": {"algorithm": "sha256_rsa" if is_rsa else "sha256_ecdsa"},
        "signature": signature,
    }
    message = {
        "version": "v1",
        "digest_algorithms": [digest_algorithm],
        "encap_content_info": {"content_type": "data"},
        "certificates": [cms.CertificateChoices("certificate", certificate) for certificate in certificates],
        "signer_infos": [signer],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(message)}).dump())


def signed_attributes_for(digest: bytes, chain: list[bytes]) -> bytes:
    """What PAdES B-B wants signed: the digest of the file's bytes, and which certificate speaks. Contents of a SET."""
    own = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(chain[0]).digest()})
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {"type": "message_digest", "values": [digest]},
            {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [own]})]},
        ]
    )
    attributes.dump(force=True)
    return bytes(attributes.contents)


def sign(pair: KeyPair, digest: bytes) -> bytes:
    """The CMS message for a file with this digest. The same key and digest give the same bytes."""
    chain = pair.public.chain()
    attributes = signed_attributes_for(digest, chain)
    message = as_set(attributes)
    if isinstance(pair.private, rsa.RSAPrivateKey):
        signature = pair.private.sign(message, padding.PKCS1v15(), hashes.SHA256())
    else:
        derived = pair.private.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        signature = low_s(derived, pair.private.curve)
    return envelope(attributes, signature, pair.public, chain)


def low_s(signature: bytes, curve: ec.EllipticCurve) -> bytes:
    """Of the two numbers that pass as an ECDSA signature the smaller one, so that nobody can swap them."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, _ORDERS[curve.name] - s))


def _find_gaps(data: bytes) -> Iterator[Gap]:
    """Ranges that leave out one gap and nothing else, the last in the file first."""
    found = [[int(number) for number in match.groups()] for match in _BYTE_RANGE.finditer(data)]
    for start, end, rest in found[: -_MAX_CANDIDATES - 1 : -1]:
        if start < end <= start + MAX_GAP and end + rest == len(data):
            yield Gap(start, end)


def _read_gap(gap: bytes) -> bytes:
    """The DER in ``<`` digits ``>``, or nothing if it is not spelled as we do."""
    digits = gap[1:-1]
    if gap[:1] != b"<" or gap[-1:] != b">" or len(digits) % 2 or not _HEX.fullmatch(digits):
        return b""
    raw = bytes.fromhex(digits.decode())
    if raw[:2] != b"\x30\x82":  # a sequence of 256 to 65,535 bytes, which every signature with a certificate is
        return b""
    end = 4 + int.from_bytes(raw[2:4], "big")
    return raw[:end] if end <= len(raw) and not raw[end:].strip(b"\0") else b""


def as_set(contents: bytes) -> bytes:
    """DER of a SET with these contents: what CMS signs in the place of the tagged attributes."""
    size = len(contents)
    if size < 0x80:
        return bytes([0x31, size]) + contents
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x31, 0x80 | len(length)]) + length + contents


def _verify(key: PublicKey, signature: bytes, message: bytes) -> bool:
    public = load_public(key.pem)
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
            return True
        if low_s(signature, public.curve) != signature:
            return False
        public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
