"""Pictures as they are printed: opaque on paper, at a sensible size, refused when they cannot be drawn."""

import io
import random
from hashlib import sha256

import pytest
from PIL import Image

from certificates.designs.pictures import PictureError, print_picture
from tests.factories.certificates import make_image, make_svg_image

pytestmark = pytest.mark.django_db


def test_picture_is_made_smaller_and_addressed_by_its_bytes() -> None:
    printed = print_picture(make_image(size=(600, 300)), pixels=200, paper="#ffffff", alt="A logo")
    assert Image.open(io.BytesIO(printed.body)).size == (200, 100)
    assert printed.picture == {
        "digest": sha256(printed.body).hexdigest(),
        "content_type": "image/png",
        "alt": "A logo",
    }


def test_see_through_picture_becomes_opaque_on_paper_only() -> None:
    image = make_image(colour=(0, 0, 0, 0), mode="RGBA")
    on_paper = Image.open(io.BytesIO(print_picture(image, pixels=99, paper="#ff0000", alt="").body))
    over_background = Image.open(io.BytesIO(print_picture(image, pixels=99, paper=None, alt="").body))
    assert (on_paper.mode, on_paper.getpixel((1, 1))) == ("RGB", (255, 0, 0))
    assert (over_background.mode, over_background.getpixel((1, 1))) == ("RGBA", (0, 0, 0, 0))


def test_photograph_becomes_a_jpeg() -> None:
    image = make_image()
    noise = Image.frombytes("RGB", (50, 50), random.Random(1).randbytes(50 * 50 * 3))
    with image.file.storage.open(image.file.name, "wb") as file:
        noise.save(file, "PNG")
    assert print_picture(image, pixels=200, paper="#ffffff", alt="").picture["content_type"] == "image/jpeg"


def test_scan_in_sixteen_bits_of_grey_keeps_its_brightness() -> None:
    printed = print_picture(
        make_image("Scan", mode="I;16", colour=32_768, size=(60, 40)), pixels=30, paper="#ffffff", alt=""
    )
    with Image.open(io.BytesIO(printed.body)) as picture:
        assert (picture.size, picture.convert("L").getpixel((5, 5))) == ((30, 20), 128)


def test_drawing_stays_a_drawing() -> None:
    source = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 4"><path d="M0 0h6v4z"/></svg>'
    printed = print_picture(make_svg_image(source), pixels=10, paper="#ffffff", alt="")
    assert (printed.body, printed.picture["content_type"]) == (source, "image/svg+xml")


@pytest.mark.parametrize(
    "source",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1/x.png"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><g id="g0"><path d="M0 0h1"/></g>'
        + b"".join(b'<g id="g%d">%s</g>' % (n, (b'<use href="#g%d"/>' % (n - 1)) * 10) for n in range(1, 12))
        + b"</svg>",
    ],
)
def test_drawing_that_runs_or_loads_something_is_refused(source: bytes) -> None:
    with pytest.raises(PictureError, match="Drawing"):
        print_picture(make_svg_image(source), pixels=10, paper="#ffffff", alt="")


def test_missing_and_damaged_files_are_named() -> None:
    gone, damaged = make_image("Gone"), make_image("Damaged")
    gone.file.storage.delete(gone.file.name)
    with damaged.file.storage.open(damaged.file.name, "wb") as file:
        file.write(b"\x89PNG broken")
    with pytest.raises(PictureError, match="“Gone” is missing"):
        print_picture(gone, pixels=10, paper=None, alt="")
    with pytest.raises(PictureError, match="“Damaged” cannot be read"):
        print_picture(damaged, pixels=10, paper=None, alt="")
