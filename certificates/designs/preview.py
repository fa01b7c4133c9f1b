"""A design as it would be printed, before it is saved: the real PDF page with facts of nobody."""

import base64
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from certificates.designs.models import CertificateDesign
from certificates.designs.paging import draw_page
from certificates.designs.pictures import PictureError
from certificates.designs.samples import LONGEST_COURSE, LONGEST_NAME, SAMPLE_NUMBER, sample_facts
from certificates.designs.services import compile_design
from certificates.rendering import RenderingError, render_certificate

# What each preview mode changes about the sample.
CHANGES: dict[str, dict[str, Any]] = {
    "": {},
    "longest": {"name": LONGEST_NAME, "course": LONGEST_COURSE},
    "plain": {"score": None, "expires_on": None, "seconds_spent": 0},
    "arabic": {"name": "محمد عبد الرحمن الخطيب"},
    "chinese": {"name": "欧阳修远", "course": "咨询式销售：从首次通话到签约", "language": "zh"},
}


def show_design(request: HttpRequest, design: CertificateDesign, mode: str) -> HttpResponse:
    """The page as a picture, and the PDF itself to download; or what keeps it from being drawn."""
    context: dict[str, Any] = {"design": design, "name": dict(design.preview_modes).get(mode, "")}
    try:
        pdf = draw_sample(design, mode)
    except (PictureError, RenderingError) as error:
        context["problem"] = str(error)
    else:
        context["pdf"] = _data_url("application/pdf", pdf)
        page = draw_page(pdf)
        context["page"] = _data_url("image/png", page) if page else ""
    return render(request, "certificates/design_preview.html", context)


def draw_sample(design: CertificateDesign, mode: str) -> bytes:
    """Raises ``PictureError`` and ``RenderingError``."""
    facts = sample_facts(**CHANGES.get(mode, {}))
    return render_certificate(number=SAMPLE_NUMBER, facts=facts, design=compile_design(design))


def _data_url(content_type: str, body: bytes) -> str:
    return f"data:{content_type};base64,{base64.b64encode(body).decode()}"
