"""Private files: only signed, unexpired addresses open them, in ranges, and never as a page."""

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.http import Http404
from django.test import RequestFactory

from courses.files import parse_range, serve_file, serve_public
from courses.models import CataloguePage, CourseDocument, CourseMedia
from courses.signing import sign_file

BYTES = bytes(range(100))


@pytest.fixture
def media(catalogue: CataloguePage) -> CourseMedia:
    media = CourseMedia(title="Talk", type="video", duration=1)
    media.file.save("talk.mp4", ContentFile(BYTES), save=False)
    media.save()
    return media


def token_of(url: str) -> str:
    return url.split("/")[2]


def read(url: str, **headers: str):
    request = RequestFactory().get(url, headers=headers)
    return serve_file(request, token_of(url), "talk.mp4")


def test_signed_address_opens_the_file(media: CourseMedia) -> None:
    response = read(sign_file("media", media.pk, "talk.mp4"))
    assert (response.status_code, b"".join(response.streaming_content)) == (200, BYTES)
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Type"] == "video/mp4"


def test_range_gives_the_part_that_was_asked_for(media: CourseMedia) -> None:
    response = read(sign_file("media", media.pk, "talk.mp4"), Range="bytes=10-19")
    assert (response.status_code, b"".join(response.streaming_content)) == (206, BYTES[10:20])
    assert response["Content-Range"] == "bytes 10-19/100"


def test_range_beyond_the_end_is_416(media: CourseMedia) -> None:
    response = read(sign_file("media", media.pk, "talk.mp4"), Range="bytes=500-")
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */100")


def test_forged_token_is_not_found(media: CourseMedia) -> None:
    url = sign_file("media", media.pk, "talk.mp4").replace(f"media.{media.pk}.", f"media.{media.pk + 1}.")
    with pytest.raises(Http404):
        read(url)


def test_expired_token_is_not_found(media: CourseMedia) -> None:
    with time_machine.travel("2026-01-01T00:00:00Z"):
        url = sign_file("media", media.pk, "talk.mp4")
    with time_machine.travel("2026-01-01T14:00:00Z"), pytest.raises(Http404):
        read(url)


def test_document_downloads_instead_of_opening(catalogue: CataloguePage) -> None:
    document = CourseDocument(title="Sheet")
    document.file.save("sheet.html", ContentFile(b"<script>"), save=False)
    document.save()
    response = read(sign_file("document", document.pk, "sheet.html"))
    assert response["Content-Disposition"].startswith("attachment")


def test_public_view_stays_inside_its_folder() -> None:
    with pytest.raises(Http404):
        serve_public(RequestFactory().get("/media/x"), "../../etc/passwd")


def test_upload_knows_its_digest_and_size(media: CourseMedia) -> None:
    assert (len(media.sha256), media.file_size) == (64, 100)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", (0, 100)),
        ("bytes=0-", (0, 100)),
        ("bytes=0-0", (0, 1)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=90-500", (90, 100)),
        ("bytes=100-", None),
        ("bytes=20-10", None),
        ("bytes=-", None),
        ("bytes=-0", None),
        ("bytes=0-1,5-6", None),
        ("lines=1-2", None),
    ],
)
def test_range_header(header: str, span: tuple[int, int] | None) -> None:
    assert parse_range(header, 100) == span


@pytest.mark.parametrize("numbers", ["0-" + "9" * 5000, "-" + "9" * 5000, "9" * 5000 + "-"])
def test_range_of_astronomical_length_is_416(media: CourseMedia, numbers: str) -> None:
    response = read(sign_file("media", media.pk, "talk.mp4"), Range=f"bytes={numbers}")
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */100")


def test_name_that_no_file_can_have_is_not_found(db: None) -> None:
    with pytest.raises(Http404):
        serve_public(RequestFactory().get("/"), "a" * 400)
