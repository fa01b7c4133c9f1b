"""The picture that other sites show with a shared certificate (Open Graph): what the certificate says, and no more."""

import hashlib
import io
import json
from datetime import date

from django.core.cache import cache
from django.utils import dateformat, translation
from PIL import Image, ImageDraw

from certificates.facts import CertificateFacts
from certificates.sharing.typesetting import fit

WIDTH, HEIGHT = 1200, 630
MARGIN = 40
ROOM = WIDTH - 4 * MARGIN
SCALE = 3  # of the brand mark, drawn large and made small for smooth edges
KEEP = 7 * 24 * 3600
LAYOUT = "1"  # counts up with the look, so that no cache shows the last one

PAPER, FRAME, INK, QUIET = "#fbfaf7", "#d9d5cb", "#1f2330", "#5c6070"
TONES = {"valid": "#2f4bb5", "expired": "#8a5a00", "superseded": "#8a5a00", "revoked": "#b3261e"}
HEADINGS = {
    "valid": "Certificate of completion",
    "expired": "Certificate of completion · expired",
    "superseded": "Replaced by a newer certificate",
    "revoked": "This certificate was revoked",
}


def get_picture(*, number: str, facts: CertificateFacts, status: str) -> bytes:
    """A PNG of 1200 x 630. Drawn once for the same facts and status, then from the cache."""
    digest = hashlib.sha256(json.dumps([LAYOUT, number, facts, status], sort_keys=True).encode()).hexdigest()
    key = f"certificates:picture:{digest}"
    picture: bytes | None = cache.get(key)
    if picture is None:
        picture = draw_picture(number=number, facts=facts, status=status)
        cache.set(key, picture, KEEP)
    return picture


def draw_picture(*, number: str, facts: CertificateFacts, status: str) -> bytes:
    """Every name and title fits: they get smaller, then take two lines, then end in an ellipsis."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    canvas = ImageDraw.Draw(image)
    tone = TONES[status]
    canvas.rectangle((MARGIN, MARGIN, WIDTH - MARGIN, HEIGHT - MARGIN), outline=FRAME, width=2)
    canvas.rectangle((0, 0, WIDTH, 12), fill=tone)
    image.paste(_brand_mark(tone), (WIDTH // 2 - 30, 78))
    _line(canvas, HEADINGS[status], 192, 30, tone)
    _block(canvas, facts["name"], 282, (76, 64, 54, 46, 40, 34), INK, leading=1.2)
    _line(canvas, "completed", 372, 26, QUIET)
    _block(canvas, facts["course"], 440, (44, 38, 34, 30, 26), INK, leading=1.25)
    issued = _long_date(facts["issued_on"])
    _line(canvas, f"{facts['issuer']} · {issued} · {number}", 556, 24, QUIET)
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _line(canvas: ImageDraw.ImageDraw, text: str, baseline: float, size: int, colour: str) -> None:
    for line in fit(text, width=ROOM, sizes=(size, size - 4), lines=1):
        line.draw(canvas, WIDTH / 2, baseline, colour)


def _block(
    canvas: ImageDraw.ImageDraw, text: str, middle: float, sizes: tuple[int, ...], colour: str, *, leading: float
) -> None:
    """One line, or two of a smaller size, around ``middle``."""
    lines = fit(text, width=ROOM, sizes=sizes[:2], lines=1)
    if lines[-1].runs and lines[-1].runs[-1][1].endswith("…") and not text.endswith("…"):
        lines = fit(text, width=ROOM, sizes=sizes[2:], lines=2)
    step = lines[0].size * leading
    first = middle - step * (len(lines) - 1) / 2 + lines[0].size * 0.34
    for number, line in enumerate(lines):
        line.draw(canvas, WIDTH / 2, first + number * step, colour)


def _brand_mark(tone: str) -> Image.Image:
    side = 60 * SCALE
    mark = Image.new("RGB", (side, side), PAPER)
    canvas = ImageDraw.Draw(mark)
    canvas.rounded_rectangle((0, 0, side - 1, side - 1), radius=side // 4, fill=tone)
    canvas.arc((side * 0.22, side * 0.22, side * 0.78, side * 0.78), 45, 315, fill=PAPER, width=side // 10)
    tick = [(side * 0.5, side * 0.5), (side * 0.575, side * 0.575), (side * 0.765, side * 0.375)]
    canvas.line(tick, fill="#f3d9a6", width=side // 11, joint="curve")
    return mark.resize((60, 60), Image.Resampling.LANCZOS)


def _long_date(iso_date: str) -> str:
    with translation.override("en"):
        return dateformat.format(date.fromisoformat(iso_date), "j F Y")
