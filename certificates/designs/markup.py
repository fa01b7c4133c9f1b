"""A certificate as HTML and CSS: the design filled with the facts. Texts of editors are data here, never templates."""

import unicodedata
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from certificates.designs.fonts import FONTS
from certificates.designs.layout import DesignBody, Picture, content_width, main_heading, page_size
from certificates.designs.placeholders import fill_placeholders
from certificates.designs.wording import make_values
from certificates.facts import CertificateFacts

# Font sizes in points and how many lines of them a name and a title may take, the largest first; as in design.css.
_NAME_SIZES = ((46.0, 1.0), (38.0, 1.0), (31.0, 1.0), (25.0, 1.6), (19.0, 2.0))
_COURSE_SIZES = ((26.0, 1.0), (22.0, 1.5), (18.5, 2.0), (15.5, 2.6), (13.0, 3.4))
_POINTS_A_MM = 72 / 25.4
# Margins above and below the text, in millimetres; the signatures and the code stand in the lower one.
_MARGINS = {"landscape": (31, 64), "portrait": (34, 100)}
_BORDER_INSET = 11
_LONG_HAND = 24

SMALLEST = 6
TIGHTEST = 5


class Sizes:
    """Which size classes are tried: at first by an estimate of the text's width, then smaller and smaller."""

    def __init__(self, name: int, course: int) -> None:
        self.name, self.course, self.tightness = name, course, 0

    def shrink(self) -> bool:
        """One step smaller; False when nothing is left to shrink."""
        if self.name < SMALLEST or self.course < SMALLEST:
            self.name, self.course = min(self.name + 1, SMALLEST), min(self.course + 1, SMALLEST)
            return True
        self.tightness += 1
        return self.tightness <= TIGHTEST


def estimate_sizes(design: DesignBody, facts: CertificateFacts) -> Sizes:
    width = content_width(design) * _POINTS_A_MM / FONTS[design["heading_font"]].width
    return Sizes(_size_class(facts["name"], width, _NAME_SIZES), _size_class(facts["course"], width, _COURSE_SIZES))


def make_html(*, number: str, facts: CertificateFacts, design: DesignBody, sizes: Sizes, qr_code: str) -> str:
    """The page. Only its size classes differ between two tries of the same certificate."""
    values = make_values(number=number, facts=facts, language=design["language"])
    context = {
        "number": number,
        "facts": facts,
        "design": design,
        "title": f"{fill_placeholders(main_heading(design), values)} {number}: {facts['course']}",
        "description": f"{facts['name']} · {facts['course']} · {values['completed_on']}",
        "classes": _classes(design, sizes),
        "logo": design["logo"] and _address(design["logo"]),
        "blocks": [filled for block in design["blocks"] if (filled := _fill_block(dict(block), values))],
        "signatories": [_fill_signatory(signatory, values) for signatory in design["signatories"]],
        "printed_url": facts["verification_url"].split("://", 1)[-1].rstrip("/"),
        "qr_code": qr_code,
    }
    # Nothing of the language of whoever happens to be served must leak into the stored bytes.
    with translation.override(design["language"]):
        return render_to_string("certificates/pdf.html", context)


def make_css(design: DesignBody) -> str:
    """What design.css leaves to the design: the page, its background, colours and fonts."""
    width, height = page_size(design)
    side = (width - content_width(design)) / 2
    top, bottom = _MARGINS[design["orientation"]]
    colours = design["colours"]
    background = colours["paper"]
    if design["background"] is not None:
        url = picture_url(design["background"]["digest"])
        background += f' url("{url}") no-repeat -{side:g}mm -{top}mm / {width:g}mm {height:g}mm'
    border = ""
    if design["has_border"]:
        inset = " ".join(f"-{margin - _BORDER_INSET:g}mm" for margin in (top, side, bottom))
        border = f"body::before {{ border: .3mm solid var(--line); content: ''; inset: {inset}; position: fixed; }}"
    variables = "; ".join(f"--{name}: {colour}" for name, colour in sorted(colours.items()))
    return f"""
@page {{ size: {width:g}mm {height:g}mm; margin: {top}mm {side:g}mm {bottom}mm; background: {background}; }}
html {{ {variables}; }}
html {{ font-family: {FONTS[design["heading_font"]].stack}; }}
.sans {{ font-family: {FONTS[design["body_font"]].stack}; }}
{border}
"""


def picture_url(digest: str) -> str:
    """The address under which the renderer gives out a picture of the design. It leads nowhere else."""
    return f"design:{digest}"


def _address(picture: Picture) -> dict[str, str]:
    return {"url": picture_url(picture["digest"]), "alt": picture["alt"]}


def _classes(design: DesignBody, sizes: Sizes) -> str:
    return " ".join(
        [
            design["orientation"],
            f"align-{design['alignment']}",
            f"code-{design['code_position']}",
            f"signs-{len(design['signatories'])}",
            "with-logo" if design["logo"] else "no-logo",
            f"name-{sizes.name}",
            f"course-{sizes.course}",
            f"tight-{sizes.tightness}",
        ]
    )


def _fill_block(block: dict[str, Any], values: dict[str, str | None]) -> dict[str, Any] | None:
    """The block with its texts; ``None`` when it needs a fact that this certificate does not have."""
    if block["type"] == "details":
        filled = [(row["label"], fill_placeholders(row["text"], values)) for row in block["rows"]]
        rows = [(label, text) for label, text in filled if text]
        return {"type": "details", "rows": rows} if rows else None
    if block["type"] in ("name", "course"):
        return block
    text = fill_placeholders(block["text"], values)
    return {"type": block["type"], "text": text} if text else None


def _fill_signatory(signatory: Any, values: dict[str, str | None]) -> dict[str, Any]:
    texts = {name: fill_placeholders(signatory[name], values) or "" for name in ("hand", "name", "role")}
    picture = signatory["picture"] and _address(signatory["picture"])
    return {**texts, "picture": picture, "is_long": len(texts["hand"]) > _LONG_HAND}


def _size_class(text: str, width: float, sizes: tuple[tuple[float, float], ...]) -> int:
    """1 for short texts up to 6 for the longest, by an estimate of the printed width."""
    ems = sum(_ems(character) for character in text)
    fitting = (number for number, (size, lines) in enumerate(sizes, start=1) if ems <= lines * width / size)
    return next(fitting, SMALLEST)


def _ems(character: str) -> float:
    """Roughly how many ems a character is wide."""
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.62 if character.isupper() else 0.43
