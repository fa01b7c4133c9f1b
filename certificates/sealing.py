"""The PAdES signature in the PDF: the only file that knows pyHanko.

A certification signature that forbids every change. The same PDF, facts and key give the same bytes: the signature
number is derived (RFC 6979), the document id is a digest, and the clock is not read.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from certificates.credentials.strict_json import read_json
from certificates.facts import CertificateFacts
from certificates.key_files import KeyPair
from certificates.keys import get_signing_pair
from certificates.models import KeyPurpose
from certificates.public_keys import PublicKey
from certificates.seals import Gap, examine, is_sealed, sign

CREDENTIAL_FILE = "credential.json"
_ROOM = 64  # bytes; signatures differ by a few
_FIELD = "CertificateSeal"
_MAX_ATTACHMENT = 256 * 1024


class SealingError(Exception):
    """The PDF could not be sealed."""

    code = "not_sealed"


@dataclass(frozen=True)
class SealedPdf:
    pdf: bytes
    kid: str  # of the key that sealed it


@dataclass(frozen=True)
class SealVerdict:
    """``is_ours``: it carries the seal of one of our keys, whole or broken. The rest is told only of intact files."""

    is_ours: bool
    is_intact: bool
    kid: str = ""
    fingerprint: str = ""
    signer: str = ""
    signed_at: datetime | None = None
    verification_url: str = ""
    credential: dict[str, Any] | None = None  # as attached


def seal_pdf(pdf: bytes, *, at: datetime, facts: CertificateFacts, number: str) -> SealedPdf:
    """The PDF with our seal in it; the given bytes stay at its beginning.

    Raises ``KeyFileError`` if the key is not at hand, and ``SealingError`` for what cannot be sealed. A result that our
    own check would refuse is never given out.
    """
    pair = get_signing_pair(KeyPurpose.PDF)
    return SealedPdf(seal_with(pair, pdf, at=at, facts=facts, number=number), pair.public.kid)


def seal_with(pair: KeyPair, pdf: bytes, *, at: datetime, facts: Mapping[str, Any], number: str) -> bytes:
    """``seal_pdf`` with a given key. No database."""
    placeholder = SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        name=facts["issuer"],
        reason=f"Certificate {number}",
        location=facts["verification_url"],
        contact_info=facts["verification_url"],
        bytes_reserved=2 * (len(sign(pair, b"")) + _ROOM),
    )
    try:
        sealed, gap = _embed(pair, pdf, placeholder)
    except (PdfError, SigningError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SealingError(f"The PDF could not be sealed: {type(error).__name__}.") from error
    if not is_sealed(sealed, gap, pair.public, pair.public.chain()):
        raise SealingError("The seal does not hold. Nothing was stored.")
    return sealed


def inspect_seal(pdf: bytes, keys: Iterable[PublicKey]) -> SealVerdict:
    """Whether one of these keys sealed the file just so, and what the sealed file says of itself.

    Nothing is parsed of a file that is not sealed by us, so that nothing a stranger made can do harm.
    """
    seal = examine(pdf, keys)
    if seal.key is None:
        return SealVerdict(is_ours=False, is_intact=False)
    if seal.gap is None:
        return SealVerdict(is_ours=True, is_intact=False, kid=seal.key.kid)
    try:
        return _read_sealed(pdf, seal.gap, seal.key)
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return SealVerdict(is_ours=True, is_intact=False, kid=seal.key.kid)


class _RepeatableWriter(IncrementalPdfFileWriter):
    """Gives the document ids that follow from its bytes, where pyHanko draws random ones."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        prev.stream.seek(0)
        digest = hashlib.sha256(prev.stream.read()).digest()
        first = generic.ByteStringObject(digest[:16])
        if "/ID" in prev.trailer:
            first = generic.ByteStringObject(prev.trailer["/ID"][0].original_bytes)
        return generic.ArrayObject([first, generic.ByteStringObject(digest[16:])])


def _embed(pair: KeyPair, pdf: bytes, placeholder: SignatureObject) -> tuple[bytes, Gap]:
    writer = _RepeatableWriter(io.BytesIO(pdf))
    steps = PdfCMSEmbedder(SigFieldSpec(_FIELD)).write_cms(_FIELD, writer)
    field = next(steps).get_object()
    # Off the page: nothing is to be seen there, and what is not on a page needs no place in the tags of PDF/UA.
    field[pdf_name("/Rect")] = generic.ArrayObject([generic.NumberObject(-1)] * 4)
    field[pdf_name("/TU")] = generic.pdf_string("Digital signature")
    rules = SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=rules))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256", output=io.BytesIO()))
    steps.send(sign(pair, prepared.document_digest))
    return output.getvalue(), Gap(prepared.reserved_region_start, prepared.reserved_region_end)


def _read_sealed(pdf: bytes, gap: Gap, key: PublicKey) -> SealVerdict:
    """As a reader of PDFs sees it: the one signature in the file, forbidding changes, is the one that was checked."""
    reader = PdfFileReader(io.BytesIO(pdf))
    (signature,) = reader.embedded_signatures
    sealed = signature.sig_object
    is_whole = (
        list(signature.byte_range) == [0, gap.start, gap.end, len(pdf) - gap.end]
        and signature.docmdp_level == MDPPerm.NO_CHANGES
        and reader.root["/Perms"]["/DocMDP"] == sealed
    )
    return SealVerdict(
        is_ours=True,
        is_intact=is_whole,
        kid=key.kid,
        fingerprint=key.fingerprint,
        signer=str(sealed["/Name"]),
        signed_at=generic.parse_pdf_date(str(sealed["/M"])),
        verification_url=str(sealed["/Location"]),
        credential=_attached_credential(reader),
    )


def _attached_credential(reader: PdfFileReader) -> dict[str, Any] | None:
    try:
        names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    except KeyError:
        return None
    # By index and key, never by slice or get: only those follow references.
    for index in range(0, len(names), 2):
        if str(names[index]) == CREDENTIAL_FILE:
            data = names[index + 1]["/EF"]["/F"].data
            return read_json(data) if len(data) <= _MAX_ATTACHMENT else None
    return None
