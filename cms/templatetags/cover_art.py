"""Draws a calm tile pattern for courses without a cover image: the same course always gets the same picture."""

import hashlib
from collections.abc import Iterator

PALETTES = 8
COLUMNS = 6
ROWS = 3
SHADES = "aaabbbc"

# Shapes in a unit square; {x} and {y} are its corner, {x1} and {y1} the opposite one.
SHAPES = (
    "M{x} {y}h1a1 1 0 0 1-1 1z",
    "M{x1} {y}v1a1 1 0 0 1-1-1z",
    "M{x1} {y1}h-1a1 1 0 0 1 1-1z",
    "M{x} {y1}v-1a1 1 0 0 1 1 1z",
    "M{x} {y}h1a.5.5 0 0 1-1 0z",
    "M{x} {y1}h1a.5.5 0 0 0-1 0z",
    "M{x} {y1}l1-1v1z",
    "M{x} {y}h1l-1 1z",
)
DOT = "M{xm} {ym}m-.22 0a.22.22 0 1 0 .44 0a.22.22 0 1 0-.44 0z"
DISC = "M{x} {ym}a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0z"


def pick_palette(key: str) -> int:
    """A number from 0 to ``PALETTES - 1``."""
    return _digest(key)[0] % PALETTES


def draw_paths(key: str) -> list[tuple[str, str]]:
    """(shade, SVG path data) pairs on a grid of ``COLUMNS`` by ``ROWS`` unit squares; about a third stays empty."""
    parts: dict[str, list[str]] = {}
    for shade, path in _draw_cells(_digest(key)):
        parts.setdefault(shade, []).append(path)
    return [(shade, "".join(paths)) for shade, paths in sorted(parts.items())]


def _draw_cells(digest: bytes) -> Iterator[tuple[str, str]]:
    for index in range(COLUMNS * ROWS):
        byte = digest[1 + index]
        if byte % 10 < 3:
            continue
        x, y = index % COLUMNS, index // COLUMNS
        if byte % 10 == 3:
            template, shade = DOT, "c"
        elif byte % 10 == 4:
            template, shade = DISC, SHADES[byte // 10 % len(SHADES)]
        else:
            template, shade = SHAPES[byte // 10 % len(SHAPES)], SHADES[digest[(index + 20) % 32] % len(SHADES)]
        yield shade, template.format(x=x, y=y, x1=x + 1, y1=y + 1, xm=x + 0.5, ym=y + 0.5)


def _digest(key: str) -> bytes:
    return hashlib.sha256(str(key).encode()).digest()
