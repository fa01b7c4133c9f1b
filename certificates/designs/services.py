"""Freezing designs: what is in force is compiled once a revision and kept for good under its digest."""

from typing import Any, cast

from django.db import transaction

from certificates.designs.builtin import CompiledDesign, built_in_design
from certificates.designs.colours import mix, mute
from certificates.designs.layout import DesignBody, DetailsBody, SignatoryBody, TextBody, design_digest, find_pictures
from certificates.designs.models import CertificateDesign, DesignSignatory
from certificates.designs.pictures import BACKGROUND_PIXELS, SMALL_PIXELS, PrintedPicture, print_picture
from certificates.models import DesignAsset, DesignSnapshot
from courses.models import CourseImage


def compile_design(design: CertificateDesign) -> CompiledDesign:
    """The design as it stands, saved or not, with the pictures read and drawn anew. Raises ``PictureError``."""
    pictures: dict[str, bytes] = {}

    def place(image: CourseImage | None, pixels: int, paper: str | None, alt: str) -> PrintedPicture | None:
        if image is None:
            return None
        printed = print_picture(image, pixels=pixels, paper=paper, alt=alt)
        pictures[printed.picture["digest"]] = printed.body
        return printed

    # Over a background what is see-through stays so; on plain paper nobody sees the difference.
    sheet = None if design.background else design.paper_colour
    background = place(design.background, BACKGROUND_PIXELS, design.paper_colour, "")
    logo = place(design.logo, SMALL_PIXELS, sheet, design.logo.title if design.logo else "")
    signatories: list[SignatoryBody] = []
    for signatory in design.signatories.all():
        printed = place(signatory.signature, SMALL_PIXELS, sheet, signatory.name)
        signatories.append(_signatory_body(signatory, printed))
    body: DesignBody = {
        "name": design.name,
        "revision": design.live_revision_id,
        "language": design.language,
        "paper": cast(Any, design.paper),
        "orientation": cast(Any, design.orientation),
        "alignment": cast(Any, design.alignment),
        "colours": {
            "paper": design.paper_colour.lower(),
            "ink": design.ink_colour.lower(),
            "muted": mute(design.ink_colour, design.paper_colour),
            "accent": design.accent_colour.lower(),
            "line": mix(design.accent_colour, design.paper_colour, 0.35),
        },
        "heading_font": design.heading_font,
        "body_font": design.body_font,
        "background": background.picture if background else None,
        "has_border": background is None,
        "logo": logo.picture if logo else None,
        "blocks": [_block_body(child.block_type, child.value) for child in design.texts],
        "signatories": signatories,
        "code_position": cast(Any, design.code_position),
        "labels": {"number": design.number_label, "verify": design.verify_label, "code": design.code_label},
    }
    return CompiledDesign(body, pictures)


def _signatory_body(signatory: DesignSignatory, printed: PrintedPicture | None) -> SignatoryBody:
    return {
        "hand": signatory.name,
        "name": signatory.name,
        "role": signatory.role,
        "picture": printed.picture if printed else None,
    }


def _block_body(block_type: str, value: object) -> TextBody | DetailsBody:
    if block_type == "details":
        rows = [{"label": row["label"], "text": row["text"]} for row in value]  # type: ignore[attr-defined]
        return {"type": "details", "rows": rows}  # type: ignore[typeddict-item]
    return {"type": block_type, "text": str(value or "")}  # type: ignore[typeddict-item]


def freeze_design(design: CertificateDesign | None) -> DesignSnapshot:
    """The snapshot of the published design, or of the built-in one. One query once it exists.

    A revision is frozen once: a picture that is replaced in the library later is printed after the design has been
    published again. Raises ``PictureError``.
    """
    if design is not None and design.live_revision_id is not None:
        frozen = DesignSnapshot.objects.filter(revision=design.live_revision_id).first()
        if frozen is not None:
            return frozen
    compiled = built_in_design() if design is None else compile_design(design)
    digest = design_digest(compiled.body)
    return DesignSnapshot.objects.filter(pk=digest).first() or _store(digest, compiled)


@transaction.atomic
def _store(digest: str, compiled: CompiledDesign) -> DesignSnapshot:
    """Written once: whoever comes second finds the same rows."""
    DesignAsset.objects.bulk_create(
        [
            DesignAsset(digest=key, content_type=picture["content_type"], body=compiled.pictures[key])
            for key, picture in find_pictures(compiled.body).items()
        ],
        ignore_conflicts=True,
    )
    snapshot = DesignSnapshot(digest=digest, body=compiled.body, revision=compiled.body["revision"])
    DesignSnapshot.objects.bulk_create([snapshot], ignore_conflicts=True)
    return snapshot
