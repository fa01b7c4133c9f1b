"""Zips of many certificates: asked for as a row, put together by a worker under a lease, deleted when they expire.

The rows stay: they say who took which certificates out, and when.
"""

import logging
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.archives.tasks import put_together
from certificates.archives.zips import write_zip
from certificates.models import CertificateArchive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from learners.accounts.models import User

logger = logging.getLogger(__name__)

STORAGE = "archives"
LEASE = timedelta(minutes=3)
KEEP = timedelta(days=3)
MOST = 20_000


class ArchiveRefusedError(Exception):
    """``code``: nothing_selected, too_many or not_failed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class LeaseLostError(Exception):
    """Another worker has taken over, because this one was too slow or the row is gone."""


@transaction.atomic
def request_archive(*, certificate_ids: "Sequence[int]", by: "User") -> CertificateArchive:
    """A row that a worker turns into a zip of these certificates, in this order. Raises ``ArchiveRefusedError``."""
    if not certificate_ids:
        raise ArchiveRefusedError("nothing_selected", _("No certificate fits this selection."))
    if len(certificate_ids) > MOST:
        raise ArchiveRefusedError("too_many", _("At most %(most)s certificates fit one file.") % {"most": MOST})
    now = timezone.now()
    archive = CertificateArchive.objects.create(
        requested_by=by,
        selection=list(certificate_ids),
        total=len(certificate_ids),
        created_at=now,
        expires_at=now + KEEP,
    )
    transaction.on_commit(lambda: put_together.enqueue(str(archive.pk)))
    return archive


@transaction.atomic
def retry_archive(*, archive_id: "UUID | str") -> CertificateArchive:
    """Another try at one that failed. Raises ``ArchiveRefusedError``."""
    archive = CertificateArchive.objects.select_for_update().get(pk=archive_id)
    if archive.failed_at is None:
        raise ArchiveRefusedError("not_failed", _("It has not failed."))
    archive.failed_at, archive.last_error, archive.done = None, "", 0
    archive.expires_at = timezone.now() + KEEP
    archive.save(update_fields=["failed_at", "last_error", "done", "expires_at"])
    transaction.on_commit(lambda: put_together.enqueue(str(archive.pk)))
    return archive


def build_archive(*, archive_id: "UUID | str") -> bool:
    """Put the zip together; whether this call finished it. Safe to call at any time, from any number of workers.

    A lease lets one work at a time. The one that holds it when the file is whole finishes the row, once; a file of one
    that lost it is deleted. A failure is noted on the row and not raised.
    """
    lease = _Lease(archive_id)
    if not lease.take():
        return False
    archive = CertificateArchive.objects.get(pk=archive_id)
    try:
        with TemporaryFile() as file:
            write_zip(file, archive.selection, on_progress=lease.renew)
            file.seek(0)
            return _finish(archive, lease, file)
    except LeaseLostError:
        return False
    except Exception as error:
        logger.exception("Archive %s could not be put together.", archive_id)
        lease.fail(f"{type(error).__name__}: {error}"[:2000])
        return False


def build_pending_archives(limit: int = 5) -> int:
    """Finish what no task has finished, after its worker was killed for example; how many."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=timezone.now())
    due = CertificateArchive.objects.filter(free, finished_at__isnull=True, failed_at__isnull=True)
    return sum(
        build_archive(archive_id=pk) for pk in list(due.order_by("created_at").values_list("pk", flat=True)[:limit])
    )


def delete_expired_archives() -> int:
    """Delete the files whose time is over; how many. One that is being worked on waits for the next time.

    What was never finished by then counts as failed, and may be tried again.
    """
    now = timezone.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    expired = CertificateArchive.objects.filter(free, expires_at__lte=now)
    expired.filter(finished_at__isnull=True, failed_at__isnull=True).update(
        failed_at=now, last_error=_("It was not put together in time.")
    )
    names = list(expired.exclude(file_name="").values_list("pk", "file_name")[:100])
    for pk, name in names:
        storages[STORAGE].delete(name)
        CertificateArchive.objects.filter(pk=pk).update(file_name="")
    return len(names)


def open_archive(archive: CertificateArchive) -> IO[bytes]:
    """The finished file, for whoever may have it. Raises ``FileNotFoundError``, also once it is deleted."""
    if not archive.file_name:
        raise FileNotFoundError
    file: IO[bytes] = storages[STORAGE].open(archive.file_name, "rb")
    return file


class _Lease:
    """Holds an archive for a while; every change asks whether it is still held."""

    def __init__(self, archive_id: "UUID | str") -> None:
        self.row = CertificateArchive.objects.filter(pk=archive_id, finished_at__isnull=True, failed_at__isnull=True)
        self.until = timezone.now() + LEASE

    def take(self) -> bool:
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=timezone.now())
        return bool(self.row.filter(free).update(claimed_until=self.until, done=0))

    def renew(self, done: int) -> None:
        self.change(done=done, claimed_until=timezone.now() + LEASE)

    def fail(self, message: str) -> None:
        self.row.filter(claimed_until=self.until).update(
            failed_at=timezone.now(), last_error=message, claimed_until=None
        )

    def change(self, **fields: object) -> None:
        """Raises ``LeaseLostError``."""
        if not self.row.filter(claimed_until=self.until).update(**fields):
            raise LeaseLostError
        self.until = fields["claimed_until"]  # type: ignore[assignment]


def _finish(archive: CertificateArchive, lease: _Lease, file: IO[bytes]) -> bool:
    name = storages[STORAGE].save(f"{archive.pk}.zip", File(file))
    try:
        lease.change(file_name=name, done=archive.total, finished_at=timezone.now(), claimed_until=None)
    except LeaseLostError:
        storages[STORAGE].delete(name)
        raise
    return True
