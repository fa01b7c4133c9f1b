"""Sealed files are accepted by others' software, and not one byte of them may change."""

import io
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from certificates.key_files import KeyPair
from certificates.models import SigningKey
from certificates.public_keys import make_sealing_key
from certificates.rendering import render_certificate, sample_facts
from certificates.sealing import SealingError, SealVerdict, inspect_seal, seal_pdf
from certificates.seals import Gap, examine, is_sealed
from tests.factories.keys import MADE_AT, NUMBER, SEALED_AT, make_pair, make_pdf, seal, shared_pair

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.fixture
def pair() -> KeyPair:
    return shared_pair()


@pytest.fixture
def sealed(pair: KeyPair) -> bytes:
    return seal(pair)


def is_intact(data: bytes, pair: KeyPair) -> bool:
    return examine(data, [pair.public]).is_intact


def gap_of(data: bytes, pair: KeyPair) -> Gap:
    gap = examine(data, [pair.public]).gap
    assert gap is not None
    return gap


def with_private(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> KeyPair:
    """A pair with a key of another kind, as an authority would certify it."""
    name = pyca.Name([pyca.NameAttribute(pyca.NameOID.COMMON_NAME, "Academy")])
    builder = pyca.CertificateBuilder(name, name, private.public_key(), 7)
    certificate = builder.not_valid_before(MADE_AT).not_valid_after(MADE_AT.replace(year=2040))
    return KeyPair(public=make_sealing_key([certificate.sign(private, hashes.SHA256())]), private=private)


def test_sealed_file_is_told_with_its_facts(sealed: bytes, pair: KeyPair) -> None:
    assert inspect_seal(sealed, [pair.public]) == SealVerdict(
        is_ours=True,
        is_intact=True,
        kid=pair.public.kid,
        fingerprint=pair.public.fingerprint,
        signer="Coursewright",
        signed_at=SEALED_AT,
        verification_url="https://learn.example.com/certificates/CW-7K3M-9QX1-0BCA/",
    )


def test_attached_credential_is_read(pair: KeyPair) -> None:
    pdf = make_pdf({"other.txt": b"x", "credential.json": json.dumps({"name": "Zoë"}).encode()})
    assert inspect_seal(seal(pair, pdf), [pair.public]).credential == {"name": "Zoë"}


def test_same_pdf_and_key_give_the_same_bytes(sealed: bytes, pair: KeyPair) -> None:
    assert seal(pair) == sealed
    assert sealed.startswith(make_pdf())


@pytest.mark.parametrize("mask", [0x01, 0x20, 0xFF])
def test_no_byte_may_change(sealed: bytes, pair: KeyPair, mask: int) -> None:
    """Header, body, trailer, and the gap with its padding, which no signature covers: every single byte."""
    accepted = []
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= mask
        if is_intact(bytes(changed), pair):
            accepted.append(position)
    assert accepted == []


def test_no_byte_may_be_missing_or_added(sealed: bytes, pair: KeyPair) -> None:
    gap = gap_of(sealed, pair)
    places = [0, 10, gap.start, gap.start + 1, gap.start + 100, gap.end - 2, gap.end, len(sealed) - 1, len(sealed)]
    longer = [sealed[:place] + byte + sealed[place:] for place in places for byte in (b"0", b" ", b"\n", b"\0")]
    shorter = [sealed[:place] + sealed[place + 1 :] for place in places[:-1]]
    assert [is_intact(data, pair) for data in longer + shorter] == [False] * 44


def test_gap_has_one_spelling(sealed: bytes, pair: KeyPair) -> None:
    gap = gap_of(sealed, pair)
    lower = sealed[: gap.start] + sealed[gap.start : gap.end].lower() + sealed[gap.end :]
    assert not is_intact(lower, pair)


def test_gap_may_not_move(sealed: bytes, pair: KeyPair) -> None:
    """The signed bytes are the same, but the signature stands elsewhere than they say."""
    gap = gap_of(sealed, pair)
    moved = (
        sealed[: gap.start - 1] + sealed[gap.start : gap.end] + sealed[gap.start - 1 : gap.start] + sealed[gap.end :]
    )
    assert not is_intact(moved, pair)
    # Even asked with the right place, a reader of PDFs would not find the signature there.
    assert is_sealed(moved, Gap(gap.start - 1, gap.end - 1), pair.public, pair.public.chain())
    assert not inspect_seal(moved, [pair.public]).is_intact


def test_other_number_that_passes_as_signature_is_refused(sealed: bytes, pair: KeyPair) -> None:
    """For every ECDSA signature (r, s) there is (r, -s), which anybody can compute."""
    from asn1crypto import cms
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

    gap = gap_of(sealed, pair)
    info = cms.ContentInfo.load(bytes.fromhex(sealed[gap.start + 1 : gap.end - 1].decode()))
    r, s = decode_dss_signature(info["content"]["signer_infos"][0]["signature"].native)
    info["content"]["signer_infos"][0]["signature"] = encode_dss_signature(r, ORDER - s)
    digits = info.dump(force=True).hex().upper().encode().ljust(gap.end - gap.start - 2, b"0")
    assert not is_intact(sealed[: gap.start + 1] + digits + sealed[gap.end - 1 :], pair)


def test_change_added_at_the_end_is_refused(sealed: bytes, pair: KeyPair) -> None:
    """An incremental update leaves every signed byte as it was."""
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Lang"] = writer.root.get("/Lang", writer.root["/Type"])
    writer.update_root()
    file = io.BytesIO()
    writer.write(file)
    changed = file.getvalue()
    assert changed.startswith(sealed)
    assert inspect_seal(changed, [pair.public]) == SealVerdict(is_ours=True, is_intact=False, kid=pair.public.kid)


def test_seal_of_another_key_is_not_ours(sealed: bytes) -> None:
    other = make_pair()
    assert inspect_seal(sealed, [other.public]) == SealVerdict(is_ours=False, is_intact=False)


def test_certificate_of_ours_around_another_key_is_refused(pair: KeyPair) -> None:
    """Somebody signs with a key of their own and shows our certificate."""
    forged = KeyPair(public=pair.public, private=ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(SealingError):
        seal(forged)


def test_retired_key_still_verifies(sealed: bytes, pair: KeyPair) -> None:
    retired = replace(pair.public, retired_at=SEALED_AT)
    assert inspect_seal(sealed, [make_pair().public, retired]).is_intact


@pytest.mark.parametrize(
    "private",
    [rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())],
    ids=["rsa", "p384"],
)
def test_keys_of_authorities_seal_too(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
    pair = with_private(private)
    sealed = seal(pair)
    assert inspect_seal(sealed, [pair.public]).is_intact
    flipped = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(0, len(sealed), 7)]
    assert [data for data in flipped if is_intact(data, pair)] == []


def test_independent_library_agrees(sealed: bytes, pair: KeyPair) -> None:
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    trusted = ValidationContext(trust_roots=[x509.Certificate.load(pair.public.chain()[0])])
    status = validate_pdf_signature(signature, trusted)
    assert (status.bottom_line, status.docmdp_ok, status.coverage.name) == (True, True, "ENTIRE_FILE")


def test_poppler_accepts_the_signature(sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    told = subprocess.run(["pdfsig", tmp_path / "sealed.pdf"], capture_output=True, text=True, check=False).stdout
    lines = [line.strip() for line in told.splitlines()]
    for line in (
        "- Signature Validation: Signature is Valid.",
        "- Total document signed",
        "- Signature Type: ETSI.CAdES.detached",
        "- Signer Certificate Common Name: Coursewright",
    ):
        assert lines.count(line) == 1, told


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"not a PDF", b"/ByteRange [0 1 2 3]", b"/ByteRange [0 0 1 9]<>"])
def test_what_is_no_sealed_file_is_not_ours(data: bytes, pair: KeyPair) -> None:
    assert inspect_seal(data, [pair.public]) == SealVerdict(is_ours=False, is_intact=False)


def test_file_made_to_be_slow_is_read_in_a_moment(pair: KeyPair) -> None:
    many = b"/ByteRange [0 1 2 3]" * 100_000 + b"<" * 1_000_000 + b"/ByteRange " + b" " * 1_000_000
    assert not inspect_seal(many, [pair.public]).is_ours


def test_what_cannot_be_sealed_is_refused(pair: KeyPair) -> None:
    with pytest.raises(SealingError):
        seal(pair, b"not a PDF")


def test_real_certificate_is_sealed_with_the_key_in_use(db: None) -> None:
    pdf = render_certificate(number=NUMBER, facts=sample_facts())
    result = seal_pdf(pdf, at=SEALED_AT, facts=sample_facts(issuer="Académie (nord) 漢"), number=NUMBER)
    row = SigningKey.objects.get()
    assert (result.kid, row.purpose, row.algorithm) == (row.kid, "pdf", "ECDSA P-256")
    certificate = pyca.load_pem_x509_certificate(row.x509.encode())
    assert certificate.subject.rfc4514_string() == f"CN={settings.WAGTAIL_SITE_NAME}"
    keys = [make_sealing_key([certificate])]
    assert (inspect_seal(result.pdf, keys).is_intact, inspect_seal(result.pdf, keys).signer) == (
        True,
        "Académie (nord) 漢",
    )
