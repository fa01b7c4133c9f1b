"""What the renderer draws from: a certificate design as plain JSON, complete but for the bytes of its pictures."""

import json
from hashlib import sha256
from typing import Literal, TypedDict

Paper = Literal["a4", "letter"]
Orientation = Literal["landscape", "portrait"]

# Width and height in millimetres, upright.
PAPER_SIZES: dict[str, tuple[float, float]] = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
SIDE_MARGIN = {"landscape": 34.0, "portrait": 26.0}


class Picture(TypedDict):
    """``digest`` is the SHA-256 of the bytes that are drawn, not of the file that was uploaded."""

    digest: str
    content_type: str
    alt: str


class TextBody(TypedDict):
    """heading, issuer, statement and small print are texts with placeholders; name and course are set by themselves."""

    type: Literal["heading", "issuer", "statement", "name", "course", "small_print"]
    text: str


class DetailRow(TypedDict):
    label: str
    text: str


class DetailsBody(TypedDict):
    type: Literal["details"]
    rows: list[DetailRow]


class SignatoryBody(TypedDict):
    """``hand`` stands above the line when there is no picture."""

    hand: str
    name: str
    role: str
    picture: Picture | None


class Colours(TypedDict):
    paper: str
    ink: str
    muted: str
    accent: str
    line: str


class Labels(TypedDict):
    """The words around the number and the code."""

    number: str
    verify: str
    code: str


class DesignBody(TypedDict):
    name: str
    revision: int | None  # of the design; None for the built-in one and for drafts
    language: str
    paper: Paper
    orientation: Orientation
    alignment: Literal["start", "center"]
    colours: Colours
    heading_font: str  # a key of certificates.designs.fonts.FONTS
    body_font: str
    background: Picture | None
    has_border: bool
    logo: Picture | None
    blocks: list[TextBody | DetailsBody]
    signatories: list[SignatoryBody]
    code_position: Literal["left", "right"]
    labels: Labels


def design_digest(body: DesignBody) -> str:
    """The address of a design: SHA-256 over its canonical JSON."""
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def page_size(body: DesignBody) -> tuple[float, float]:
    """Width and height in millimetres, as the page lies."""
    width, height = PAPER_SIZES[body["paper"]]
    return (height, width) if body["orientation"] == "landscape" else (width, height)


def content_width(body: DesignBody) -> float:
    """Room for a line of text, in millimetres."""
    return page_size(body)[0] - 2 * SIDE_MARGIN[body["orientation"]]


def find_pictures(body: DesignBody) -> dict[str, Picture]:
    """Every picture that is drawn, by digest."""
    found = [body["background"], body["logo"], *(signatory["picture"] for signatory in body["signatories"])]
    return {picture["digest"]: picture for picture in found if picture is not None}


def main_heading(body: DesignBody) -> str:
    """The text of the heading; the document is named after it."""
    return next((block["text"] for block in body["blocks"] if block["type"] == "heading"), body["name"])
