"""The keys we sign with: made on first use, rotated, never forgotten.

The private half is a file on the machines that sign (``certificates.key_files``), the public half a row, so that any
machine can say which keys are ours. A key that was retired signs nothing more and verifies for ever.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from certificates.key_files import KeyFileError, KeyFolder, KeyPair, Passphrase, read_key_file
from certificates.models import KeyPurpose, SigningKey
from certificates.public_keys import PublicKey, load_public, name_algorithm


@dataclass(frozen=True)
class KeyReport:
    """One line of ``certificate_keys list``. ``place`` is where its private half is, or empty if it is not at hand."""

    key: PublicKey
    algorithm: str
    created_at: datetime
    place: str
    warning: str = ""


def get_signing_pair(purpose: str) -> KeyPair:
    """The key in use with its private half; made now if there is none yet.

    Safe to call from any number of processes: they end with one key. Raises ``KeyFileError``, whose message is for the
    operator, if the private half is not on this machine or cannot be read.
    """
    if purpose == KeyPurpose.PDF and settings.CERTIFICATE_PKCS12:
        return _take_given_key()
    row = _in_use(purpose) or _make_first(purpose)
    return _load(to_public_key(row))


def rotate_key(*, purpose: str) -> SigningKey:
    """A new key from now on; the one before is retired. Raises ``KeyFileError``."""
    if purpose == KeyPurpose.PDF and settings.CERTIFICATE_PKCS12:
        raise KeyFileError(
            "The key of the PDFs' signature comes from CERTIFICATE_PKCS12. Point that at another file to rotate it."
        )
    folder = _folder()
    with folder.locked():
        now = timezone.now()
        pair = _make_file(folder, purpose, now)
        try:
            with transaction.atomic():
                _retire(purpose, now)
                return _add_row(pair.public, now)
        except DatabaseError:
            folder.discard(pair.public.kid)
            raise


def list_public_keys(purpose: str | None = None) -> list[PublicKey]:
    """Every key that is or was ours, the oldest first."""
    rows = SigningKey.objects.order_by("created_at", "pk")
    return [to_public_key(row) for row in (rows.filter(purpose=purpose) if purpose else rows)]


def report_keys() -> list[KeyReport]:
    """Every key, and whether its private half is on this machine. Nothing is opened."""
    folder = _folder()
    given = Path(settings.CERTIFICATE_PKCS12).name if settings.CERTIFICATE_PKCS12 else ""
    reports = []
    for row in SigningKey.objects.order_by("created_at", "pk"):
        place, warning = "", ""
        if folder.has(row.kid):
            place = str(folder.path / f"{row.kid}.pem")
            warning = "" if folder.is_private(row.kid) else "others may read this file: chmod 600"
        elif given and row.purpose == KeyPurpose.PDF and row.retired_at is None:
            place = settings.CERTIFICATE_PKCS12
        reports.append(KeyReport(to_public_key(row), row.algorithm, row.created_at, place, warning))
    return reports


def to_public_key(row: SigningKey) -> PublicKey:
    return PublicKey(
        kid=row.kid, purpose=row.purpose, pem=row.public_key, certificates=row.x509, retired_at=row.retired_at
    )


def _in_use(purpose: str) -> SigningKey | None:
    return SigningKey.objects.filter(purpose=purpose, retired_at__isnull=True).first()


def _make_first(purpose: str) -> SigningKey:
    """The lock settles it among processes that share the folder, the constraint among all others."""
    folder = _folder()
    with folder.locked():
        if row := _in_use(purpose):
            return row
        now = timezone.now()
        pair = _make_file(folder, purpose, now)
        try:
            with transaction.atomic():
                return _add_row(pair.public, now)
        except IntegrityError:
            folder.discard(pair.public.kid)
            return SigningKey.objects.get(purpose=purpose, retired_at__isnull=True)


def _take_given_key() -> KeyPair:
    """The operator's own key. A new file in its place, or a renewed certificate, is a rotation."""
    path = Path(settings.CERTIFICATE_PKCS12)
    pair = _read_given(path, _modified(path))
    row = _in_use(KeyPurpose.PDF)
    if row is None or row.kid != pair.public.kid:
        row = _put_in_use(pair.public)
    return KeyPair(public=to_public_key(row), private=pair.private)


@transaction.atomic
def _put_in_use(key: PublicKey) -> SigningKey:
    now = timezone.now()
    _retire(KeyPurpose.PDF, now)
    if SigningKey.objects.filter(kid=key.kid).update(retired_at=None):
        return SigningKey.objects.get(kid=key.kid)
    return _add_row(key, now)


def _retire(purpose: str, now: datetime) -> None:
    SigningKey.objects.filter(purpose=purpose, retired_at__isnull=True).update(retired_at=now)


def _add_row(key: PublicKey, now: datetime) -> SigningKey:
    return SigningKey.objects.create(
        kid=key.kid,
        purpose=key.purpose,
        algorithm=name_algorithm(load_public(key.pem)),
        public_key=key.pem,
        x509=key.certificates,
        created_at=now,
    )


def _make_file(folder: KeyFolder, purpose: str, now: datetime) -> KeyPair:
    return folder.make(purpose, name=settings.WAGTAIL_SITE_NAME, url=settings.SITE_BASE_URL, at=now)


def _folder() -> KeyFolder:
    return KeyFolder(Path(settings.CERTIFICATE_KEYS_DIR), Passphrase(settings.CERTIFICATE_KEYS_PASSPHRASE))


def _load(key: PublicKey) -> KeyPair:
    folder = _folder()
    stamp = folder.stamp(key.kid)
    return folder.load(key) if stamp is None else _load_once(key, stamp)


@lru_cache(maxsize=8)
def _load_once(key: PublicKey, stamp: tuple[str, int]) -> KeyPair:
    """Opening an encrypted file is slow on purpose; a changed file is opened again."""
    return _folder().load(key)


@lru_cache(maxsize=2)
def _read_given(path: Path, modified: int) -> KeyPair:
    return read_key_file(path, Passphrase(settings.CERTIFICATE_PKCS12_PASSWORD))


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise KeyFileError(f"CERTIFICATE_PKCS12: {path} cannot be read ({error.strerror}).") from None
