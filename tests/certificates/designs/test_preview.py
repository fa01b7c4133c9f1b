"""The preview in the admin is the printed page itself, and says why where there is none."""

import base64
import re

import pytest
from django.test import RequestFactory

from certificates.designs import preview
from certificates.designs.pictures import PictureError
from certificates.designs.preview import CHANGES, show_design
from tests.factories.certificates import make_design

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", sorted(CHANGES))
def test_every_mode_shows_the_page_and_its_pdf(mode: str) -> None:
    response = show_design(RequestFactory().get("/"), make_design(), mode)
    found = dict(re.findall(r"data:(application/pdf|image/png);base64,([A-Za-z0-9+/=]+)", response.content.decode()))
    assert base64.b64decode(found["application/pdf"])[:5] == b"%PDF-"
    assert base64.b64decode(found["image/png"])[1:4] == b"PNG"


def test_every_mode_of_the_model_is_drawn() -> None:
    assert {mode for mode, _name in make_design().preview_modes} == set(CHANGES)


def test_what_cannot_be_drawn_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> bytes:
        raise PictureError("The logo is not readable.")

    monkeypatch.setattr(preview, "draw_sample", refuse)
    page = show_design(RequestFactory().get("/"), make_design(), "").content.decode()
    assert ("The logo is not readable." in page, "data:application/pdf" in page) == (True, False)
