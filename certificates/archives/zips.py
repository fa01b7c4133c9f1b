"""The zip itself: one PDF after the other, so that memory holds one at a time; names safe and unique."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import IO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

from certificates.models import Certificate, CertificateFile
from certificates.services import render_file

BATCH = 200
TELL_EVERY = 10
LONGEST_NAME = 80
MISSING_FILE = "not-included.txt"

# What some system does not take in the name of a file; and control characters.
_unsafe = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def write_zip(file: IO[bytes], certificate_ids: Sequence[int], *, on_progress: Callable[[int], None]) -> None:
    """Draws PDFs that are missing; those that cannot be drawn are named in a text file. Tells how many are done."""
    missing: list[str] = []
    with ZipFile(file, "w", ZIP_STORED) as archive:  # PDFs are compressed already
        for done, certificate in enumerate(_read(certificate_ids), start=1):
            pdf = _pdf_of(certificate)
            if pdf is None:
                missing.append(certificate.number)
            else:
                archive.writestr(_entry(certificate), pdf)
            if done % TELL_EVERY == 0:
                on_progress(done)
        if missing:
            archive.writestr(MISSING_FILE, "\n".join(["These could not be drawn yet:", *missing, ""]))


def name_entry(number: str, name: str) -> str:
    """``CW-7K3M-9QX1-0BCA Zoë Nguyễn.pdf``: the number makes it unique, the name is for people."""
    readable = " ".join(_unsafe.sub(" ", name).split())[:LONGEST_NAME].strip(" .")
    return f"{number} {readable}.pdf" if readable else f"{number}.pdf"


def _read(certificate_ids: Sequence[int]) -> Iterator[Certificate]:
    """In the order given, a batch at a time, without the bytes of any PDF."""
    ids = iter(certificate_ids)
    while batch := list(islice(ids, BATCH)):
        found = Certificate.objects.in_bulk(batch)
        yield from (found[pk] for pk in batch if pk in found)


def _pdf_of(certificate: Certificate) -> bytes | None:
    rows = CertificateFile.objects.filter(certificate_id=certificate.pk).values_list("pdf", flat=True)
    pdf = rows.first()
    if pdf is None:
        pdf = render_file(certificate_id=certificate.pk, is_waited_for=True).pdf
    return None if pdf is None else bytes(pdf)


def _entry(certificate: Certificate) -> ZipInfo:
    issued = timezone.localtime(certificate.issued_at)
    stamp = (issued.year, issued.month, issued.day, issued.hour, issued.minute, issued.second)
    return ZipInfo(name_entry(certificate.number, certificate.facts["name"]), date_time=stamp)
