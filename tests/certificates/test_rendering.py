"""The printed certificate: one page, the facts in it, the same bytes every time, nothing executed or fetched."""

import copy
import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from PIL import Image
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from certificates.designs.builtin import CompiledDesign, built_in_design
from certificates.designs.samples import LONGEST_COURSE, LONGEST_NAME, sample_facts
from certificates.rendering import _OwnFilesOnly, render_certificate

NUMBER = "CW-7K3M-9QX1-0BCA"
ATTACHED = {"credential.json": b'{"type": "OpenBadgeCredential"}'}


def read(design: CompiledDesign | None = None, **changes: Any) -> tuple[PdfReader, str]:
    pdf = render_certificate(number=NUMBER, facts=sample_facts(**changes), design=design, attachments=ATTACHED)
    reader = PdfReader(io.BytesIO(pdf))
    return reader, " ".join(reader.pages[0].extract_text().split())


def make_variant(**changes: Any) -> CompiledDesign:
    body, pictures = built_in_design()
    plain: Any = copy.deepcopy(body) | {"background": None, "has_border": True}
    return CompiledDesign(plain | changes, dict(pictures))


def make_fullest(**changes: Any) -> CompiledDesign:
    """As much as the admin lets anybody write."""
    rows = [{"label": "Label " * 6, "text": "Words of the details " * 4} for _number in range(6)]
    sentence = "Words that go on and on until there is no more room. "
    statements = [{"type": "statement", "text": (sentence * 5)[:240]} for _number in range(5)]
    signatories = [
        {"hand": "Name " * 10, "name": "Name " * 10, "role": "Role " * 14, "picture": None} for _number in range(3)
    ]
    blocks = [
        {"type": "issuer", "text": "Issuer " * 11},
        {"type": "heading", "text": "Heading " * 10},
        *statements,
        {"type": "name", "text": ""},
        {"type": "course", "text": ""},
        {"type": "details", "rows": rows},
        {"type": "small_print", "text": (sentence * 10)[:500]},
        {"type": "small_print", "text": (sentence * 10)[:500]},
    ]
    return make_variant(blocks=blocks, signatories=signatories, **changes)


def test_pdf_is_one_a4_landscape_page_with_the_facts() -> None:
    reader, text = read()
    size = reader.pages[0].mediabox
    assert (len(reader.pages), round(size.width), round(size.height)) == (1, 842, 595)
    for fact in ("Marguerite Delacroix", "Consultative Selling", "92.5 %", "12 March 2026", NUMBER, "4f7a09c2"):
        assert fact in text


@pytest.mark.parametrize("name", ["Marguerite Delacroix", "محمد عبد الرحمن", "Zoë 🚀"])
def test_same_facts_give_the_same_bytes_at_any_time(name: str) -> None:
    facts = sample_facts(name=name)
    before = render_certificate(number=NUMBER, facts=facts)
    with time_machine.travel("2031-05-06", tick=False):
        assert render_certificate(number=NUMBER, facts=facts) == before


def test_threads_draw_the_same_bytes() -> None:
    names = [f"Ann Able {number}" for number in range(4)] * 3
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda name: render_certificate(number=NUMBER, facts=sample_facts(name=name)), names))
    assert drawn == [render_certificate(number=NUMBER, facts=sample_facts(name=name)) for name in names]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x", "file:///etc/hostname", "certificate:pdf.css", "data:text/css,*{color:red}"]
)
def test_nothing_but_the_frame_and_the_code_is_fetched(url: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        _OwnFilesOnly().fetch(url)


def test_document_is_archivable_tagged_and_named() -> None:
    reader, _text = read()
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert ('pdfaid:part="3"' in xmp, 'pdfaid:conformance="A"' in xmp) == (True, True)
    assert reader.metadata.title.startswith(f"Certificate of completion {NUMBER}")


@pytest.mark.parametrize(
    "name", [LONGEST_NAME, "محمد عبد الرحمن", "欧阳修远", "Nguyễn Thị Phương Thảo", "Zoë 🦄", "x" * 150]
)
def test_any_name_fits_one_page(name: str) -> None:
    reader, _text = read(name=name, course=LONGEST_COURSE)
    assert len(reader.pages) == 1


def test_digits_in_names_are_printed_as_text() -> None:
    reader, text = read(course="Selling 101 in 2026")
    assert "Selling 101 in 2026" in text
    fonts = [str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert [font for font in fonts if "Emoji" in font] == []


def test_markup_in_facts_is_text() -> None:
    _reader, text = read(name="<b>Ann</b> {{ 7|add:7 }}", course="<img src=http://127.0.0.1/x>")
    assert "<b>Ann</b>" in text
    assert "{{ 7|add:7 }}" in text
    assert "<img src=http://127.0.0.1/x>" in text


def test_facts_that_are_missing_are_left_out() -> None:
    _reader, text = read(score=None, expires_on=None)
    assert "Score" not in text
    assert "Valid until" not in text


def test_credential_is_attached_as_data_of_the_document() -> None:
    reader, _text = read()
    assert {name: contents[0] for name, contents in reader.attachments.items()} == ATTACHED
    associated = [each.get_object() for each in reader.trailer["/Root"]["/AF"]]
    assert {(each["/F"], each["/AFRelationship"]) for each in associated} == {("credential.json", "/Data")}
    before = render_certificate(number=NUMBER, facts=sample_facts(), attachments=ATTACHED)
    with time_machine.travel("2031-05-06", tick=False):
        assert render_certificate(number=NUMBER, facts=sample_facts(), attachments=ATTACHED) == before


@pytest.mark.parametrize(
    ("paper", "orientation", "size"),
    [
        ("a4", "landscape", (842, 595)),
        ("a4", "portrait", (595, 842)),
        ("letter", "landscape", (792, 612)),
        ("letter", "portrait", (612, 792)),
    ],
)
@pytest.mark.parametrize("font", ["garamond", "inter", "noto"])
def test_longest_name_fits_one_page_of_every_paper(
    paper: str, orientation: str, size: tuple[int, int], font: str
) -> None:
    design = make_variant(paper=paper, orientation=orientation, heading_font=font, alignment="center")
    reader, text = read(design, name=LONGEST_NAME, course=LONGEST_COURSE)
    box = reader.pages[0].mediabox
    assert (len(reader.pages), round(box.width), round(box.height)) == (1, *size)
    assert "Castellanos III" in text
    assert "Advanced Refresher" in text


@pytest.mark.parametrize("orientation", ["landscape", "portrait"])
@pytest.mark.parametrize("font", ["garamond", "inter", "noto"])
def test_whatever_the_admin_lets_one_write_fits_one_page(orientation: str, font: str) -> None:
    design = make_fullest(paper="letter", orientation=orientation, heading_font=font)
    reader, _text = read(design, name=LONGEST_NAME, course=LONGEST_COURSE)
    assert len(reader.pages) == 1


def test_texts_of_editors_are_printed_as_they_stand() -> None:
    blocks = [
        {"type": "heading", "text": "<b>Bold</b> & {brave}"},
        {"type": "name", "text": ""},
        {"type": "statement", "text": "{{ name.__class__ }} {% debug %} for {{ course }}"},
    ]
    _reader, text = read(make_variant(blocks=blocks), course="{{ issuer }} <i>")
    assert "<b>Bold</b> & {brave}" in text
    assert "{{ name.__class__ }} {% debug %} for {{ issuer }} <i>" in text


def test_line_is_left_out_when_its_fact_is_missing() -> None:
    blocks = [
        {"type": "heading", "text": "Done"},
        {"type": "statement", "text": "with {{ score }}"},
        {"type": "statement", "text": "on {{ completed_on }}"},
        {"type": "details", "rows": [{"label": "Ends", "text": "{{ expires_on }}"}]},
    ]
    _reader, text = read(make_variant(blocks=blocks, language="de"), score=None, expires_on=None)
    assert ("with" in text, "Ends" in text, "on 12. März 2026" in text) == (False, False, True)


def test_signatories_and_labels_are_the_designs() -> None:
    signatories = [{"hand": "Ann Able", "name": "Ann Able", "role": "Head of {{ issuer }}", "picture": None}]
    labels = {"number": "Nummer", "verify": "Prüfen unter", "code": "QR-Code"}
    _reader, text = read(make_variant(signatories=signatories, labels=labels))
    for words in ("Ann Able", "Head of Coursewright", "Nummer", "Prüfen unter learn.example.com"):
        assert words in text


def test_pictures_drawn_from_the_cache_give_the_same_bytes() -> None:
    content = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(content, "PNG")
    picture = {"digest": "d" * 64, "content_type": "image/png", "alt": "Our logo"}
    design = make_variant(logo=picture)
    design.pictures["d" * 64] = content.getvalue()
    first, second = (
        render_certificate(number=NUMBER, facts=sample_facts(), design=design, attachments={}) for _time in range(2)
    )
    assert first == second
    assert b"/XObject" in first


def test_facts_frozen_before_there_were_designs_are_drawn() -> None:
    facts = {key: value for key, value in sample_facts().items() if key not in ("cycle", "design", "signatories")}
    assert render_certificate(number=NUMBER, facts=facts).startswith(b"%PDF-")  # type: ignore[arg-type]
