"""Setting short texts of any script with Pillow: which font has a character, what fits a line, drawing it centred."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageDraw, ImageFont

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
# Tried in this order, whatever the script; {script} is the first word of the character's Unicode name.
FONTS = (
    "Inter-SemiBold.otf",
    "NotoSans-Bold.ttf",
    "NotoSans{script}-Bold.ttf",
    "NotoSans{script}-Regular.ttf",
    "NotoSansCJK-Bold.ttc",
    "NotoSansSymbols2-Regular.ttf",
    "NotoSansSymbols-Bold.ttf",
    "DejaVuSans-Bold.ttf",
)
PROBE = 20
NO_CHARACTER = "\uffff"
ELLIPSIS = "…"
RIGHT_TO_LEFT = ("R", "AL")


@dataclass(frozen=True)
class Line:
    """A line that fits, in the order in which it is read, cut where the font changes."""

    runs: tuple[tuple[str, str], ...]  # path of the font, text
    size: int

    @property
    def width(self) -> float:
        return sum(_font(path, self.size).getlength(text) for path, text in self.runs)

    def draw(self, canvas: ImageDraw.ImageDraw, centre: float, baseline: float, colour: str) -> None:
        """Runs stand from right to left if the first letter with a direction does; inside a run raqm sees to it."""
        letters = (unicodedata.bidirectional(letter) for _path, text in self.runs for letter in text)
        first = next((kind for kind in letters if kind in ("L", *RIGHT_TO_LEFT)), "L")
        x = centre - self.width / 2
        for path, text in reversed(self.runs) if first in RIGHT_TO_LEFT else self.runs:
            font = _font(path, self.size)
            canvas.text((x, baseline), text, fill=colour, font=font, anchor="ls")
            x += font.getlength(text)


def fit(text: str, *, width: float, sizes: tuple[int, ...], lines: int) -> list[Line]:
    """The text at the first size at which it fits into so many lines; cut off with an ellipsis if none does."""
    for size in sizes:
        broken = _break(text, width, size)
        if len(broken) <= lines:
            return [_set(line, size) for line in broken]
    kept = broken[:lines]
    last = kept[-1]
    while last and _set(last + ELLIPSIS, sizes[-1]).width > width:
        last = last[:-1]
    return [_set(line, sizes[-1]) for line in [*kept[:-1], last.rstrip() + ELLIPSIS]]


def _break(text: str, width: float, size: int) -> list[str]:
    """Between words and after hyphens; between letters where a word is too long, as Chinese and Japanese do."""
    lines: list[str] = []
    for piece in _pieces(text, width, size):
        if lines and _set(lines[-1] + piece.rstrip(), size).width <= width:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [line.strip() for line in lines if line.strip()] or [""]


def _pieces(text: str, width: float, size: int) -> Iterator[str]:
    for word in text.split(" "):
        for part in filter(None, re.split("(?<=-)", word)):
            if _set(part, size).width <= width and not any(_is_wide(letter) for letter in part):
                yield part
            else:
                yield from part
        yield " "


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _set(text: str, size: int) -> Line:
    """Characters that no font has are left out: a box would say less than nothing."""
    paths: list[tuple[str, str]] = []
    for letter in text:
        path = paths[-1][0] if paths and _goes_with_the_last(letter) else _find_font(letter)
        if path:
            paths.append((path, letter))
    runs: list[tuple[str, str]] = []
    for path, pairs in groupby(paths, key=lambda pair: pair[0]):
        run = "".join(letter for _path, letter in pairs)
        # A space between two fonts belongs to neither: from right to left it would stand on the wrong side.
        runs.append((path, run.rstrip(" ")))
        if run.endswith(" "):
            runs.append((path, " "))
    return Line(tuple(runs), size)


def _goes_with_the_last(letter: str) -> bool:
    """Marks, joiners and spaces are shaped together with the letter before."""
    return letter == " " or unicodedata.category(letter) in ("Mn", "Mc", "Me", "Cf")


@lru_cache(maxsize=4096)
def _find_font(letter: str) -> str:
    """The path of the first font that has the letter; "" if none has."""
    script = unicodedata.name(letter, "").split(" ")[0].title()
    for pattern in FONTS:
        path = _find_file(pattern.format(script=script))
        if path and (letter == " " or _has(path, letter)):
            return path
    return ""


@lru_cache(maxsize=1024)
def _find_file(name: str) -> str:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return next((str(path) for folder in folders for path in folder.glob(f"**/{name}")), "")


def _has(path: str, letter: str) -> bool:
    font = _font(path, PROBE)
    return bytes(font.getmask(letter)) != bytes(font.getmask(NO_CHARACTER))


@lru_cache(maxsize=256)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)
