"""Archives: finished once however many work on them, safe names, kept for some days, whatever happens to a worker."""

import io
import threading
import tracemalloc
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from certificates.archives import services, zips
from certificates.archives.services import (
    ArchiveRefusedError,
    build_archive,
    build_pending_archives,
    delete_expired_archives,
    open_archive,
    request_archive,
    retry_archive,
)
from certificates.archives.zips import name_entry, write_zip
from certificates.models import Certificate, CertificateArchive, CertificateFile
from certificates.numbering import make_number
from learners.accounts.models import User
from tests.factories.learners import EnrolmentFactory, UserFactory


def make_certificates(count: int, *, pdf: bytes | None = b"%PDF-stored", name: str = "Zoë / Nguyễn") -> list[int]:
    """Certificates of one course, with bytes already there unless ``pdf`` is None."""
    first = EnrolmentFactory(completed=True)
    facts = {"name": name, "course": "Selling", "issued_on": "2026-03-12", "issuer": "Us", "expires_on": None,
             "score": None, "minutes": 0, "seconds_spent": 0,
             "edition": 1, "edition_digest": "0" * 64, "language": "en",
             "completed_on": "2026-03-12", "verification_url": "https://example.com/c/"}  # fmt: skip
    ids = []
    for _ in range(count):
        certificate = Certificate.objects.create(
            number=make_number(), user=first.user, enrolment=first, edition=first.edition, facts=facts,
            issued_at=timezone.now(), status="superseded",
        )  # fmt: skip
        sha256 = "a" * 64 if pdf else ""
        CertificateFile.objects.create(certificate=certificate, pdf=pdf, sha256=sha256)
        ids.append(certificate.pk)
    return ids


@pytest.fixture
def staff(db: None) -> User:
    return UserFactory(admin=True)


def entries(archive: CertificateArchive) -> list[str]:
    archive.refresh_from_db()
    with open_archive(archive) as file, ZipFile(file) as whole:
        assert whole.testzip() is None
        return whole.namelist()


def test_request_is_put_together_after_the_commit(staff: User, django_capture_on_commit_callbacks: Any) -> None:
    ids = make_certificates(3)
    with django_capture_on_commit_callbacks(execute=True):
        archive = request_archive(certificate_ids=ids, by=staff)
    numbers = Certificate.objects.in_bulk(ids)
    assert entries(archive) == [f"{numbers[pk].number} Zoë Nguyễn.pdf" for pk in ids]
    assert (archive.done, archive.total, archive.claimed_until) == (3, 3, None)
    assert archive.finished_at is not None


def test_nothing_and_too_much_are_refused(staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST", 2)
    for ids, code in (([], "nothing_selected"), ([1, 2, 3], "too_many")):
        with pytest.raises(ArchiveRefusedError) as refused:
            request_archive(certificate_ids=ids, by=staff)
        assert refused.value.code == code
    assert CertificateArchive.objects.count() == 0


def test_pdf_that_is_missing_is_drawn(staff: User) -> None:
    archive = request_archive(certificate_ids=make_certificates(1, pdf=None), by=staff)
    assert build_archive(archive_id=archive.pk)
    archive.refresh_from_db()
    with open_archive(archive) as file, ZipFile(file) as whole:
        assert whole.read(whole.namelist()[0]).startswith(b"%PDF-")


def test_pdf_that_cannot_be_drawn_is_named(staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "render_file", lambda **options: CertificateFile(pdf=None))
    ids = make_certificates(1, pdf=None) + make_certificates(1)
    archive = request_archive(certificate_ids=ids, by=staff)
    build_archive(archive_id=archive.pk)
    assert len(entries(archive)) == 2
    with open_archive(archive) as file, ZipFile(file) as whole:
        assert Certificate.objects.get(pk=ids[0]).number in whole.read("not-included.txt").decode()


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("../../etc/passwd", "CW-1 etc passwd.pdf"),
        ('a\\b:c*?"<>|\x00\n', "CW-1 a b c.pdf"),
        ("欧阳修远", "CW-1 欧阳修远.pdf"),
        ("...", "CW-1.pdf"),
        ("x" * 200, f"CW-1 {'x' * 80}.pdf"),
    ],
)
def test_names_are_safe(name: str, entry: str) -> None:
    assert name_entry("CW-1", name) == entry


def test_killed_worker_is_followed_by_another_and_finishes_once(staff: User) -> None:
    archive = request_archive(certificate_ids=make_certificates(2), by=staff)
    CertificateArchive.objects.update(claimed_until=timezone.now() + timedelta(minutes=1), done=1)
    assert build_pending_archives() == 0
    CertificateArchive.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert build_pending_archives() == 1
    assert build_pending_archives() == 0
    assert (len(entries(archive)), archive.done) == (2, 2)


def test_worker_that_lost_its_lease_leaves_nothing_behind(staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = request_archive(certificate_ids=make_certificates(1), by=staff)
    until = timezone.now() + timedelta(hours=1)

    def be_slow(file: io.BytesIO, ids: list[int], **options: Any) -> None:
        CertificateArchive.objects.update(claimed_until=until)

    monkeypatch.setattr(services, "write_zip", be_slow)
    assert not build_archive(archive_id=archive.pk)
    archive.refresh_from_db()
    assert (archive.finished_at, archive.failed_at, archive.file_name) == (None, None, "")
    assert not storages["archives"].exists(f"{archive.pk}.zip")


def test_failure_is_noted_and_tried_again_when_asked(staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = request_archive(certificate_ids=make_certificates(1), by=staff)

    def fail(*args: Any, **options: Any) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(services, "write_zip", fail)
        assert not build_archive(archive_id=archive.pk)
    archive.refresh_from_db()
    assert (archive.last_error, archive.claimed_until) == ("OSError: disk full", None)
    assert build_pending_archives() == 0
    retry_archive(archive_id=archive.pk)
    assert build_pending_archives() == 1
    with pytest.raises(ArchiveRefusedError):
        retry_archive(archive_id=archive.pk)


def test_progress_is_told_on_the_way(staff: User) -> None:
    told: list[int] = []
    write_zip(io.BytesIO(), make_certificates(25), on_progress=told.append)
    assert told == [10, 20]


def test_memory_holds_one_certificate_at_a_time(staff: User, tmp_path: Any) -> None:
    ids = make_certificates(60, pdf=b"%PDF-" + b"x" * 500_000)
    tracemalloc.start()
    with (tmp_path / "all.zip").open("wb") as file:
        write_zip(file, ids, on_progress=lambda done: None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "all.zip").stat().st_size > 30_000_000
    assert peak < 6_000_000


def test_file_of_an_expired_archive_goes_and_the_record_stays(staff: User) -> None:
    archive = request_archive(certificate_ids=make_certificates(1), by=staff)
    build_archive(archive_id=archive.pk)
    archive.refresh_from_db()
    assert delete_expired_archives() == 0
    CertificateArchive.objects.update(expires_at=timezone.now())
    assert [delete_expired_archives(), delete_expired_archives()] == [1, 0]
    assert not storages["archives"].exists(archive.file_name)
    kept = CertificateArchive.objects.get()
    assert (kept.requested_by, kept.selection, kept.file_name) == (staff, archive.selection, "")
    with pytest.raises(FileNotFoundError):
        open_archive(kept)


def test_archive_that_nobody_finished_in_time_has_failed_and_may_be_tried_again(staff: User) -> None:
    archive = request_archive(certificate_ids=make_certificates(1), by=staff)
    CertificateArchive.objects.update(finished_at=None, file_name="", expires_at=timezone.now())
    assert delete_expired_archives() == 0
    archive.refresh_from_db()
    assert (archive.last_error, build_archive(archive_id=archive.pk)) == ("It was not put together in time.", False)
    retry_archive(archive_id=archive.pk)
    assert build_archive(archive_id=archive.pk)
    assert delete_expired_archives() == 0


@pytest.mark.postgresql
def test_workers_at_once_finish_it_once(transactional_db: None) -> None:
    archive = request_archive(certificate_ids=make_certificates(20), by=UserFactory(admin=True))
    CertificateArchive.objects.update(finished_at=None, file_name="", claimed_until=None)
    barrier, outcomes = threading.Barrier(6), []

    def run() -> None:
        barrier.wait()
        outcomes.append(build_archive(archive_id=archive.pk))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 5 + [True]
    assert len(entries(archive)) == 20
