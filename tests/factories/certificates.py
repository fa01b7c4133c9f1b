"""Certificate designs: ``make_design(name="Ours")`` publishes one as the admin would."""

import io
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image
from wagtail.models import Collection

from certificates.models import CertificateDesign, DesignSignatory
from courses.models import CourseImage

TEXTS = [("heading", "Certificate"), ("name", None), ("statement", "did it."), ("course", None)]


def make_image(
    title: str = "Picture", *, colour: Any = "navy", size: tuple[int, int] = (60, 40), mode: str = "RGB"
) -> CourseImage:
    content = io.BytesIO()
    Image.new(mode, size, colour).save(content, "PNG")
    content.seek(0)
    return _save_image(title=title, file=ImageFile(content, name=f"{title.lower()}.png"))


def make_svg_image(source: bytes, title: str = "Drawing") -> CourseImage:
    return _save_image(title=title, width=60, height=40, file=ImageFile(io.BytesIO(source), name="drawing.svg"))


def _save_image(**fields: Any) -> CourseImage:
    collection = Collection.get_first_root_node() or Collection.add_root(name="Root")
    image = CourseImage(collection=collection, **fields)
    image.save()
    return image


def make_design(*, signatories: list[dict[str, Any]] | None = None, is_published: bool = True, **fields: Any) -> Any:
    """Published, unless ``is_published`` is False; texts are (type, value) pairs."""
    design = CertificateDesign(**{"name": "Ours", "texts": TEXTS, "live": False} | fields)
    design.signatories = [DesignSignatory(**signatory) for signatory in signatories or []]
    design.save()
    revision = design.save_revision()
    if is_published:
        revision.publish()
    design.refresh_from_db()
    return design
