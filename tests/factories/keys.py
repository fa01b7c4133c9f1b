"""Key pairs and PDFs for tests that need no database."""

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pypdf import PdfWriter

from certificates.key_files import KeyFolder, KeyPair, Passphrase
from certificates.rendering import sample_facts
from certificates.sealing import seal_with

MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
SEALED_AT = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
NUMBER = "CW-7K3M-9QX1-0BCA"


def make_pair(purpose: str = "pdf") -> KeyPair:
    with TemporaryDirectory() as folder:
        return KeyFolder(Path(folder), Passphrase("")).make(
            purpose, name="Coursewright", url="https://learn.example.com", at=MADE_AT
        )


def make_pdf(attachments: dict[str, bytes] | None = None) -> bytes:
    """The smallest certificate there is: an empty page."""
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=100)
    for name, body in (attachments or {}).items():
        writer.add_attachment(name, body)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def seal(pair: KeyPair, pdf: bytes | None = None) -> bytes:
    return seal_with(pair, pdf or make_pdf(), at=SEALED_AT, facts=sample_facts(), number=NUMBER)


@cache
def shared_pair(purpose: str = "pdf") -> KeyPair:
    """The same key for all tests that do not mind."""
    return make_pair(purpose)
