"""The printed certificate: the only file that knows WeasyPrint and segno.

The same number and facts give the same bytes on one machine: no clock, no request, no database is read here.
"""

import os
import threading
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import segno
from django.template.loader import render_to_string
from django.utils import dateformat, translation
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from certificates.facts import CertificateFacts

_ASSETS = Path(__file__).parent / "static" / "certificates"
_OWN_FILES = {"certificate:frame.svg": ("frame.svg", "image/svg+xml")}
_VARIANT = "pdf/ua-1"

# Fonts rewritten on the way into the PDF (variable and colour ones) would otherwise carry the second they were drawn.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")

# How many ems of text fit one line at each size class of certificates/pdf.css, the largest first.
_NAME_EMS = (14.0, 17.0, 21.0, 42.0, 68.0)
_COURSE_EMS = (25.0, 44.0, 70.0, 110.0, 170.0)
_SMALLEST = 6


class RenderingError(Exception):
    """The certificate could not be drawn as one page."""


class _Toolbox(NamedTuple):
    fonts: FontConfiguration
    style: CSS
    report_style: CSS


class _OwnFilesOnly(URLFetcher):
    """Gives out the frame and inline data. Anything else is a mistake or an attack and stops the rendering."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url in _OWN_FILES:
            name, content_type = _OWN_FILES[url]
            return URLFetcherResponse(url, _read_asset(name), {"Content-Type": content_type})
        if url.startswith("data:image/svg+xml;"):
            return super().fetch(url, headers)
        raise FatalURLFetchingError(f"A certificate does not fetch {url[:80]}")


_local = threading.local()


def render_certificate(*, number: str, facts: CertificateFacts) -> bytes:
    """The PDF/UA bytes, always one A4 page. Raises ``RenderingError``; whatever WeasyPrint raises passes through."""
    tools = _tools()
    name_size = _size_class(facts["name"], _NAME_EMS)
    course_size = _size_class(facts["course"], _COURSE_EMS)
    while True:
        html = _html(number, facts, name_size, course_size)
        document = HTML(string=html, url_fetcher=_OwnFilesOnly()).render(
            font_config=tools.fonts, stylesheets=[tools.style], pdf_variant=_VARIANT
        )
        if len(document.pages) == 1:
            return bytes(document.write_pdf(pdf_variant=_VARIANT))
        if name_size == course_size == _SMALLEST:
            raise RenderingError("The name and the course title do not fit on one page.")
        name_size, course_size = min(name_size + 1, _SMALLEST), min(course_size + 1, _SMALLEST)


def render_report(html: str, *, made_at: datetime, attachments: Mapping[str, bytes]) -> bytes:
    """A report of as many A4 pages as it takes, as PDF/UA with files attached. The same arguments give the same bytes;
    the document's own dates are ``<meta>`` of the HTML."""
    tools = _tools()
    files = [
        Attachment(string=body, name=name, relationship="Data", created=made_at, modified=made_at)
        for name, body in attachments.items()
    ]
    document = HTML(string=html, url_fetcher=_OwnFilesOnly()).render(
        font_config=tools.fonts, stylesheets=[tools.report_style], pdf_variant=_VARIANT, attachments=files
    )
    return bytes(document.write_pdf(pdf_variant=_VARIANT, attachments=files))


def _tools() -> _Toolbox:
    """Fonts and parsed style of this thread: making them is two thirds of the cost, sharing them corrupts PDFs."""
    tools: _Toolbox | None = getattr(_local, "tools", None)
    if tools is None:
        fonts = FontConfiguration()
        style = CSS(string=_read_asset("pdf.css").decode(), font_config=fonts, url_fetcher=_OwnFilesOnly())
        report = CSS(string=_read_asset("report.css").decode(), font_config=fonts, url_fetcher=_OwnFilesOnly())
        tools = _local.tools = _Toolbox(fonts, style, report)
    return tools


@cache
def _read_asset(name: str) -> bytes:
    return (_ASSETS / name).read_bytes()


def _html(number: str, facts: CertificateFacts, name_size: int, course_size: int) -> str:
    context = {
        "number": number,
        "facts": facts,
        "details": _details(facts),
        "completed_on": _long_date(facts["completed_on"]),
        "issued_on": _long_date(facts["issued_on"]),
        "printed_url": facts["verification_url"].split("://", 1)[-1].rstrip("/"),
        "qr_code": segno.make(facts["verification_url"], error="m", micro=False).svg_data_uri(
            border=0, dark="#173f3a", omitsize=True
        ),
        "name_size": f"name-{name_size}",
        "course_size": f"course-{course_size}",
    }
    # The printed sentences are English: a reader's language must not leak into the stored bytes.
    with translation.override("en"):
        return render_to_string("certificates/pdf.html", context)


def _details(facts: CertificateFacts) -> list[tuple[str, str]]:
    details = [("Completed", _long_date(facts["completed_on"]))]
    if facts["score"] is not None:
        details.append(("Score", f"{facts['score']} %"))
    if facts["minutes"]:
        details.append(("Learning time", _duration(facts["minutes"])))
    details.append(("Edition", f"{facts['edition']} · {facts['edition_digest'][:8]}"))
    if facts["expires_on"]:
        details.append(("Valid until", _long_date(facts["expires_on"])))
    return details


def _long_date(iso_date: str) -> str:
    with translation.override("en"):
        return dateformat.format(date.fromisoformat(iso_date), "j F Y")


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def _size_class(text: str, line_ems: tuple[float, ...]) -> int:
    """1 for short texts up to 6 for the longest, by an estimate of the printed width."""
    ems = sum(_width(character) for character in text)
    return next((size for size, room in enumerate(line_ems, start=1) if ems <= room), _SMALLEST)


def _width(character: str) -> float:
    """Roughly how many ems a character is wide."""
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.62 if character.isupper() else 0.43


def sample_facts(**changes: Any) -> CertificateFacts:
    """Facts of nobody, to look at the design and to try out the machine's fonts."""
    facts: CertificateFacts = {
        "name": "Marguerite Delacroix",
        "course": "Consultative Selling: From First Call to Signed Contract",
        "language": "en",
        "edition": 3,
        "edition_digest": "4f7a09c2" * 8,
        "score": "92.5",
        "minutes": 390,
        "seconds_spent": 21_840,
        "completed_on": "2026-03-12",
        "issued_on": "2026-03-12",
        "expires_on": "2028-03-11",
        "issuer": "Coursewright",
        "verification_url": "https://learn.example.com/certificates/CW-7K3M-9QX1-0BCA/",
    }
    return facts | changes  # type: ignore[return-value]
