"""The printed certificate: the only file that knows WeasyPrint and segno.

The same number, facts and design give the same bytes on one machine: no clock, no request, no database is read here.
"""

import os
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, time
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import segno
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from certificates.designs.builtin import CompiledDesign, built_in_design
from certificates.designs.layout import find_pictures
from certificates.designs.markup import estimate_sizes, make_css, make_html, picture_url
from certificates.facts import CertificateFacts

_ASSETS = Path(__file__).parent / "static" / "certificates"
# Archivable and tagged, and the one variant that says of an attached file what it is to the document (/AF).
_VARIANT = "pdf/a-3a"
_REPORT_VARIANT = "pdf/ua-1"
_CODE_COLOUR = "#173f3a"
# Designs and pictures a thread keeps parsed. More are in use at once only where many companies have their own.
_KEPT_DESIGNS = 16
_KEPT_PICTURES = 64

# Fonts rewritten on the way into the PDF (variable and colour ones) would otherwise carry the second they were drawn.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")


class RenderingError(Exception):
    """The certificate could not be drawn as one page."""


class _Toolbox(NamedTuple):
    fonts: FontConfiguration
    style: CSS
    report_style: CSS
    designs: dict[str, CSS]
    pictures: dict[str, Any]


class _OwnFilesOnly(URLFetcher):
    """Gives out the design's pictures and inline drawings. Anything else is a mistake or an attack and stops it."""

    def __init__(self, pictures: Mapping[str, tuple[bytes, str]] | None = None) -> None:
        super().__init__()
        self._pictures = pictures or {}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url in self._pictures:
            body, content_type = self._pictures[url]
            return URLFetcherResponse(url, body, {"Content-Type": content_type})
        if url.startswith("data:image/svg+xml;"):
            return super().fetch(url, headers)
        raise FatalURLFetchingError(f"A certificate does not fetch {url[:80]}")


_local = threading.local()


def render_certificate(
    *,
    number: str,
    facts: CertificateFacts,
    design: CompiledDesign | None = None,
    attachments: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF/A bytes, always one page, drawn with ``design`` or the built-in one, JSON files attached.

    Raises ``RenderingError``; whatever WeasyPrint raises passes through.
    """
    tools = _tools()
    body, pictures = design or built_in_design()
    fetcher = _OwnFilesOnly(
        {
            picture_url(digest): (pictures[digest], picture["content_type"])
            for digest, picture in find_pictures(body).items()
        }
    )
    style = _parse_style(tools, make_css(body), fetcher)
    qr_code = _draw_code(facts["verification_url"])
    issued = datetime.combine(datetime.fromisoformat(facts["issued_on"]), time.min, tzinfo=UTC)
    sizes = estimate_sizes(body, facts)
    while True:
        html = make_html(number=number, facts=facts, design=body, sizes=sizes, qr_code=qr_code)
        document = HTML(string=html, url_fetcher=fetcher).render(
            font_config=tools.fonts,
            stylesheets=[tools.style, style],
            pdf_variant=_VARIANT,
            cache=_trim_pictures(tools.pictures),
        )
        if len(document.pages) == 1:
            return bytes(document.write_pdf(pdf_variant=_VARIANT, attachments=_attach(attachments, issued)))
        if not sizes.shrink():
            raise RenderingError("The texts of this design do not fit on one page. Shorten them or leave some out.")


def render_report(html: str, *, made_at: datetime, attachments: Mapping[str, bytes]) -> bytes:
    """A report of as many A4 pages as it takes, as PDF/UA with files attached. The same arguments give the same bytes;
    the document's own dates are ``<meta>`` of the HTML."""
    tools = _tools()
    files = _attach(attachments, made_at)
    document = HTML(string=html, url_fetcher=_OwnFilesOnly()).render(
        font_config=tools.fonts, stylesheets=[tools.report_style], pdf_variant=_REPORT_VARIANT, attachments=files
    )
    return bytes(document.write_pdf(pdf_variant=_REPORT_VARIANT, attachments=files))


def _attach(files: Mapping[str, bytes] | None, at: datetime) -> list[Attachment]:
    return [
        Attachment(string=body, name=name, relationship="Data", created=at, modified=at)
        for name, body in (files or {}).items()
    ]


def _tools() -> _Toolbox:
    """Fonts and parsed styles of this thread: making them is two thirds of the cost, sharing them corrupts PDFs."""
    tools: _Toolbox | None = getattr(_local, "tools", None)
    if tools is None:
        fonts = FontConfiguration()
        style = CSS(string=_read_asset("design.css").decode(), font_config=fonts, url_fetcher=_OwnFilesOnly())
        report = CSS(string=_read_asset("report.css").decode(), font_config=fonts, url_fetcher=_OwnFilesOnly())
        tools = _local.tools = _Toolbox(fonts, style, report, {}, {})
    return tools


def _parse_style(tools: _Toolbox, css: str, fetcher: URLFetcher) -> CSS:
    key = sha256(css.encode()).hexdigest()
    if key not in tools.designs:
        while len(tools.designs) >= _KEPT_DESIGNS:
            del tools.designs[next(iter(tools.designs))]
        tools.designs[key] = CSS(string=css, font_config=tools.fonts, url_fetcher=fetcher)
    return tools.designs[key]


def _trim_pictures(pictures: dict[str, Any]) -> dict[str, Any]:
    """The thread's decoded pictures, without the codes of certificates drawn before: those never come again."""
    if len(pictures) > _KEPT_PICTURES:
        pictures.clear()
    for url in [url for url in pictures if url.startswith("data:")]:
        del pictures[url]
    return pictures


def _draw_code(url: str) -> str:
    return str(segno.make(url, error="m", micro=False).svg_data_uri(border=0, dark=_CODE_COLOUR, omitsize=True))


@cache
def _read_asset(name: str) -> bytes:
    return (_ASSETS / name).read_bytes()
