"""Downloading many: what the filters select, with progress, for the one who asked and nobody else."""

import io
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone

from certificates.archives.services import build_archive, delete_expired_archives
from certificates.life import revoke_certificate
from certificates.models import Certificate, CertificateArchive
from courses.models import CataloguePage
from learners.accounts.models import User
from tests.cms.dashboards.test_certificates import issue, permit
from tests.factories.learners import UserFactory, make_editor

NEW = "/admin/registers/certificates/archives/new/"


@pytest.fixture
def certificate(catalogue: CataloguePage) -> Certificate:
    return issue("Ann Able")


@pytest.fixture
def asker(certificate: Certificate) -> User:
    return permit(make_editor(), "view_certificate")


@pytest.fixture
def archive(client: Client, asker: User) -> CertificateArchive:
    client.force_login(asker)
    client.post(NEW)
    return CertificateArchive.objects.get()


def address(archive: CertificateArchive, part: str = "") -> str:
    return f"/admin/registers/certificates/archives/{archive.pk}/{part}"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_filters_of_the_register_select(client: Client, certificate: Certificate, asker: User) -> None:
    revoked = issue("Rex")
    revoke_certificate(certificate_id=revoked.pk, reason="error", note="", by=None)
    client.force_login(asker)
    assert client.get(f"{NEW}?status=revoked").context["count"] == 1
    response = client.post(NEW, {"status": "revoked"})
    archive = CertificateArchive.objects.get()
    assert (response["Location"], archive.selection) == (address(archive), [revoked.pk])


def test_bad_filters_and_empty_selections_lead_back(client: Client, asker: User) -> None:
    client.force_login(asker)
    for values in ({"status": "nonsense"}, {"status": "revoked"}):
        assert client.post(NEW, values)["Location"] == "/admin/registers/certificates/"
    assert client.get(f"{NEW}?course=x").status_code == 302
    assert CertificateArchive.objects.count() == 0


def test_progress_then_the_file(client: Client, archive: CertificateArchive, certificate: Certificate) -> None:
    page = client.get(address(archive)).content.decode()
    assert ("<progress" in page, 'http-equiv="refresh"' in page) == (True, True)
    assert client.get(address(archive, "state/")).json() == {"done": 0, "total": 1, "text": "0 of 1", "is_over": False}
    assert client.get(address(archive, "file/")).status_code == 404
    build_archive(archive_id=archive.pk)
    assert client.get(address(archive, "state/")).json()["is_over"] is True
    assert address(archive, "file/") in client.get(address(archive)).content.decode()
    response = client.get(address(archive, "file/"))
    assert "no-store" in response["Cache-Control"]
    with ZipFile(io.BytesIO(body(response))) as whole:
        assert whole.namelist() == [f"{certificate.number} Ann Able.pdf"]


def test_file_that_was_deleted_is_told_and_not_offered(client: Client, archive: CertificateArchive) -> None:
    build_archive(archive_id=archive.pk)
    CertificateArchive.objects.update(expires_at=timezone.now())
    delete_expired_archives()
    page = client.get(address(archive)).content.decode()
    assert ("The file is deleted, the record stays." in page, address(archive, "file/") in page) == (True, False)
    assert client.get(address(archive, "state/")).json()["text"] == "File deleted"
    assert client.get(address(archive, "file/")).status_code == 404


def test_failed_one_may_be_tried_again(client: Client, archive: CertificateArchive) -> None:
    CertificateArchive.objects.update(failed_at=timezone.now(), last_error="OSError: disk full")
    assert "disk full" in client.get(address(archive)).content.decode()
    client.post(address(archive))
    archive.refresh_from_db()
    assert archive.failed_at is None


def test_archive_is_for_who_asked_and_for_superusers(client: Client, archive: CertificateArchive, asker: User) -> None:
    build_archive(archive_id=archive.pk)
    colleague = permit(make_editor(), "view_certificate", "change_certificate")
    for user, status in ((UserFactory(admin=True), 200), (asker, 200), (colleague, 404), (UserFactory(), 302)):
        client.force_login(user)
        assert [client.get(address(archive, part)).status_code for part in ("", "state/", "file/")] == [status] * 3
    client.force_login(colleague)
    assert str(archive.pk) not in client.get("/admin/registers/archives/").content.decode()
    client.force_login(asker)
    assert str(archive.pk) in client.get("/admin/registers/archives/").content.decode()


def test_who_lost_the_permission_gets_nothing(client: Client, archive: CertificateArchive, asker: User) -> None:
    build_archive(archive_id=archive.pk)
    archive.refresh_from_db()
    asker.user_permissions.filter(codename="view_certificate").delete()
    assert client.get(address(archive, "file/")).status_code == 404
    # Nor by the way on which editors see private files.
    assert client.get(f"/files/private/{archive.file_name}").status_code == 404


def test_editor_without_the_permission_cannot_ask(client: Client, certificate: Certificate) -> None:
    client.force_login(make_editor())
    client.post(NEW)
    assert CertificateArchive.objects.count() == 0
