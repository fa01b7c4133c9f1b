"""The printed certificate: one page, the facts in it, the same bytes every time, nothing executed or fetched."""

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from certificates.designs.samples import sample_facts
from certificates.rendering import _OwnFilesOnly, render_certificate

NUMBER = "CW-7K3M-9QX1-0BCA"
LONG = "Wolfeschlegelsteinhausenbergerdorff-Vandenberghe de la Fuente y Montesinos Castellanos III"


def read(**changes: Any) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(render_certificate(number=NUMBER, facts=sample_facts(**changes))))
    return reader, " ".join(reader.pages[0].extract_text().split())


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


def test_document_is_tagged_and_named() -> None:
    reader, _text = read()
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
    assert reader.metadata.title.startswith(f"Certificate of completion {NUMBER}")


@pytest.mark.parametrize("name", [LONG, "محمد عبد الرحمن", "欧阳修远", "Nguyễn Thị Phương Thảo", "Zoë 🦄", "x" * 150])
def test_any_name_fits_one_page(name: str) -> None:
    reader, _text = read(name=name, course=LONG * 2)
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
