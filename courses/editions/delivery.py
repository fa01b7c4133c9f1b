"""Turns stored documents into what a reader gets: adds addresses of images and signed, expiring addresses of files."""

import copy
from typing import Any, cast
from urllib.parse import quote

from wagtail.images.utils import generate_signature

from courses.editions.documents import FileRef, ImageRef, LessonDocument
from courses.signing import sign_file

WIDTHS = (480, 800, 1200, 1600)


def _image_url(image_id: int, width: int) -> str:
    spec = f"width-{width}|format-webp|preserve-svg"
    return f"/images/{generate_signature(image_id, spec)}/{image_id}/{quote(spec)}/"


def deliver_image(ref: ImageRef | None) -> ImageRef | None:
    """A copy with ``src`` and ``srcset``; renditions are made when they are first asked for. No query."""
    if ref is None:
        return None
    widths = [width for width in WIDTHS if width < ref["width"]] or [min(ref["width"], WIDTHS[-1])]
    if ref["width"] <= WIDTHS[-1] and ref["width"] not in widths:
        widths.append(ref["width"])
    return {
        **ref,
        "src": _image_url(ref["id"], max(width for width in widths if width <= WIDTHS[2] or width == widths[0])),
        "srcset": ", ".join(f"{_image_url(ref['id'], width)} {width}w" for width in widths),
    }


def deliver_file(ref: FileRef | None) -> FileRef | None:
    """A copy with a signed ``url``. Give it only to people whom the access function let in."""
    return {**ref, "url": sign_file(ref["kind"], ref["id"], ref["name"])} if ref else None


def deliver_lesson(document: LessonDocument) -> LessonDocument:
    """A deep copy of a lesson document in which every image and file has its address. No query."""
    delivered = copy.deepcopy(document)
    for block in delivered["blocks"]:
        _deliver_block(cast(dict[str, Any], block))
    return delivered


def _deliver_block(block: dict[str, Any]) -> None:
    for field in ("image", "poster"):
        if field in block:
            block[field] = deliver_image(block[field])
    if "file" in block:
        block["file"] = deliver_file(block["file"])
    for track in block.get("captions", ()):
        track["file"] = deliver_file(track["file"])
