"""The preview picture: the right size, drawn once, different for what no longer holds, whatever the name."""

import io

import pytest
from PIL import Image

from certificates.designs.samples import sample_facts
from certificates.sharing import picture
from certificates.sharing.picture import draw_picture, get_picture

NUMBER = "CW-7K3M-9QX1-0BCA"
NAMES = [
    "Marguerite Delacroix",
    "محمد بن عبد الله الخطيب",
    "欧阳修远",
    "Nguyễn Thị Ánh Tuyết",
    "Ada 🎓 👩‍🚀",
    "Maximiliana-Theodora Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh de la Vega III",
    "<script>alert(1)</script> {{ name }}",
    "x" * 150,
]


@pytest.mark.parametrize("name", NAMES)
def test_picture_leaves_its_margin_free(name: str) -> None:
    """Nothing is drawn over the frame: a name that was too long would be."""
    image = Image.open(io.BytesIO(draw_picture(number=NUMBER, facts=sample_facts(name=name), status="valid")))
    assert (image.size, image.format) == ((1200, 630), "PNG")
    for x in (50, 1149):
        assert {image.getpixel((x, y)) for y in range(50, 580)} == {image.getpixel((50, 60))}


def test_names_look_different(db: None) -> None:
    drawn = {draw_picture(number=NUMBER, facts=sample_facts(name=name), status="valid") for name in NAMES}
    assert len(drawn) == len(NAMES)


def test_picture_of_the_same_facts_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = get_picture(number=NUMBER, facts=sample_facts(), status="valid")
    monkeypatch.setattr(picture, "draw_picture", lambda **facts: b"drawn again")
    assert get_picture(number=NUMBER, facts=sample_facts(), status="valid") == first
    assert get_picture(number=NUMBER, facts=sample_facts(), status="revoked") == b"drawn again"
    assert get_picture(number=NUMBER, facts=sample_facts(name="Ada"), status="valid") == b"drawn again"


def test_picture_is_the_same_in_every_language() -> None:
    from django.utils import translation

    drawn = set()
    for language in ("en", "de"):
        with translation.override(language):
            drawn.add(draw_picture(number=NUMBER, facts=sample_facts(), status="valid"))
    assert len(drawn) == 1
