"""Pictures as they are printed: read from the library once, drawn anew at a sensible size, kept by their SHA-256."""

import io
from hashlib import sha256
from typing import NamedTuple

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from certificates.designs.layout import Picture
from courses.models import CourseImage
from courses.uploads import extension, find_svg_problem

BACKGROUND_PIXELS = 2480  # the long side of A4 at 210 dots an inch
SMALL_PIXELS = 900
MAX_PIXELS = 60_000_000
_JPEG_QUALITY = 88
# Up to so many colours a picture is a drawing, which PNG keeps sharp and small.
_DRAWING_COLOURS = 256


class PictureError(Exception):
    """The picture cannot be printed; the message says which and why."""

    code = "picture"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PrintedPicture(NamedTuple):
    picture: Picture
    body: bytes


def print_picture(image: CourseImage, *, pixels: int, paper: str | None, alt: str) -> PrintedPicture:
    """The picture at most ``pixels`` wide and high. On ``paper`` it becomes opaque, which draws a third faster.

    Drawings (SVG) stay as they are, if they load and run nothing. Raises ``PictureError``.
    """
    try:
        with image.file.open("rb") as file:
            content = file.read()
    except OSError as error:
        raise PictureError(_("The file of the picture “%(title)s” is missing.") % {"title": image.title}) from error
    if extension(image.file.name) == "svg":
        if problem := find_svg_problem(content):
            raise PictureError(f"{image.title}: {problem}")
        return _keep(content, "image/svg+xml", alt)
    try:
        return _keep(*_encode(content, pixels, paper), alt)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(
            _("The picture “%(title)s” cannot be read. Upload it again.") % {"title": image.title}
        ) from error


def _keep(body: bytes, content_type: str, alt: str) -> PrintedPicture:
    return PrintedPicture({"digest": sha256(body).hexdigest(), "content_type": content_type, "alt": alt}, body)


def _to_eight_bits(picture: Image.Image) -> Image.Image:
    """Scans in 16 bits of grey, which Pillow neither makes smaller nor converts by their brightness."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _encode(content: bytes, pixels: int, paper: str | None) -> tuple[bytes, str]:
    with Image.open(io.BytesIO(content)) as source:
        if source.width * source.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        picture = _to_eight_bits(ImageOps.exif_transpose(source))
        picture.thumbnail((pixels, pixels))
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    is_see_through = picture.mode == "RGBA" and min(picture.getchannel("A").tobytes(), default=255) < 255
    if is_see_through and paper is not None:
        sheet = Image.new("RGBA", picture.size, paper)
        picture = Image.alpha_composite(sheet, picture)
        is_see_through = False
    if not is_see_through:
        picture = picture.convert("RGB")
    is_drawing = is_see_through or picture.getcolors(_DRAWING_COLOURS) is not None
    written = io.BytesIO()
    if is_drawing:
        picture.save(written, "PNG", optimize=True)
        return written.getvalue(), "image/png"
    picture.save(written, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return written.getvalue(), "image/jpeg"
