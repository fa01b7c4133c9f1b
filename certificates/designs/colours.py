"""Colours as #rrggbb: contrast as WCAG 2.2 computes it, and mixing."""

import re

HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
TEXT_CONTRAST = 4.5
LARGE_CONTRAST = 3.0


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """``one`` with ``share`` (0 to 1) of ``other`` in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def mute(ink: str, paper: str) -> str:
    """The ink made as quiet as text on this paper may be."""
    return next((m for share in (0.3, 0.2, 0.1) if contrast(m := mix(ink, paper, share), paper) >= TEXT_CONTRAST), ink)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
