"""The design every certificate has until somebody assigns another: serif on white within a guilloche frame."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from certificates.designs.layout import DesignBody

_FRAME = Path(__file__).parent.parent / "static" / "certificates" / "frame.svg"


class CompiledDesign(NamedTuple):
    """A design and the bytes of its pictures, by digest."""

    body: DesignBody
    pictures: dict[str, bytes]


@cache
def built_in_design() -> CompiledDesign:
    """Shared: nobody changes it."""
    frame = _FRAME.read_bytes()
    digest = sha256(frame).hexdigest()
    return CompiledDesign(_make_body(digest), {digest: frame})


def _make_body(frame_digest: str) -> DesignBody:
    return {
        "name": "Built-in",
        "revision": None,
        "language": "en",
        "paper": "a4",
        "orientation": "landscape",
        "alignment": "start",
        "colours": {
            "paper": "#ffffff",
            "ink": "#1c2623",
            "muted": "#55625e",
            "accent": "#173f3a",
            "line": "#b08a45",
        },
        "heading_font": "garamond",
        "body_font": "inter",
        "background": {"digest": frame_digest, "content_type": "image/svg+xml", "alt": ""},
        "has_border": False,
        "logo": None,
        "blocks": [
            {"type": "issuer", "text": "{{ issuer }}"},
            {"type": "heading", "text": "Certificate of completion"},
            {"type": "statement", "text": "This is to certify that"},
            {"type": "name", "text": ""},
            {"type": "statement", "text": "has successfully completed the course"},
            {"type": "course", "text": ""},
            {
                "type": "details",
                "rows": [
                    {"label": "Completed", "text": "{{ completed_on }}"},
                    {"label": "Score", "text": "{{ score }}"},
                    {"label": "Learning time", "text": "{{ duration }}"},
                    {"label": "Edition", "text": "{{ edition }} · {{ digest }}"},
                    {"label": "Valid until", "text": "{{ expires_on }}"},
                ],
            },
        ],
        "signatories": [
            {
                "hand": "{{ issuer }}",
                "name": "",
                "role": "Issued by {{ issuer }} on {{ issued_at }}",
                "picture": None,
            }
        ],
        "code_position": "right",
        "labels": {
            "number": "Certificate number",
            "verify": "Verify at",
            "code": "QR code of the verification page",
        },
    }
