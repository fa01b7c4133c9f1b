"""Damaged images are refused at the field; sound ones are accepted."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from courses.models import CataloguePage, CourseImage
from tests.factories.learners import UserFactory

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def make_png() -> bytes:
    file = BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    return file.getvalue()


def upload(client: Client, content: bytes, name: str = "picture.png") -> dict[str, object]:
    client.force_login(UserFactory(admin=True))
    file = SimpleUploadedFile(name, content, "image/png")
    headers = {"X-Requested-With": "XMLHttpRequest"}
    response = client.post("/admin/images/multiple/add/", {"title": "Picture", "files[]": file}, headers=headers)
    return response.json()  # type: ignore[no-any-return]


@pytest.mark.parametrize("content", [SIGNATURE + b"x" * 50, SIGNATURE, make_png()[:20]])
def test_damaged_image_is_refused_in_words(client: Client, catalogue: CataloguePage, content: bytes) -> None:
    answer = upload(client, content)
    assert (answer["success"], CourseImage.objects.count()) == (False, 0)
    assert str(answer["error_message"]).startswith("Upload a valid image.")


def test_sound_image_is_accepted(client: Client, catalogue: CataloguePage) -> None:
    assert (upload(client, make_png())["success"], CourseImage.objects.count()) == (True, 1)


@pytest.mark.parametrize(
    "size", [b'width="nan" height="5"', b'viewBox="0 0 0 0"', b'width="-5" height="0"', b'width="x"', b'viewBox="a b"']
)
def test_drawing_without_a_size_is_refused_in_words(client: Client, catalogue: CataloguePage, size: bytes) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" %s><path d="M0 0h1"/></svg>' % size
    answer = upload(client, drawing, "drawing.svg")
    assert (answer["success"], CourseImage.objects.count()) == (False, 0)
