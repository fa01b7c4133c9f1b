"""The open fonts a design may choose from. They come from Debian packages; nothing is shipped with the project."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

_FOLDERS = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"]


class Font(NamedTuple):
    """``width`` is to EB Garamond's. ``stack`` goes on with fonts for the scripts the first one lacks, and names no
    emoji font: its digits would win over the text's; real emoji are found without being named."""

    name: str
    package: str
    pattern: str
    width: float
    stack: str


FONTS = {
    "garamond": Font(
        "EB Garamond",
        "fonts-ebgaramond",
        "EBGaramond*.[ot]t[fc]",
        1.0,
        '"EB Garamond 12", "EB Garamond", "Noto Serif", "Noto Naskh Arabic", "Noto Serif CJK SC", "Noto Sans CJK SC", '
        '"DejaVu Serif", "DejaVu Sans", serif',
    ),
    "inter": Font(
        "Inter",
        "fonts-inter",
        "Inter*.[ot]t[fc]",
        1.2,
        '"Inter", "Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC", "DejaVu Sans", sans-serif',
    ),
    "noto": Font(
        "Noto Serif",
        "fonts-noto-core",
        "NotoSerif-Regular.[ot]t[fc]",
        1.25,
        '"Noto Serif", "Noto Naskh Arabic", "Noto Serif CJK SC", "Noto Sans CJK SC", "DejaVu Serif", serif',
    ),
}


@cache
def has_font(key: str) -> bool:
    """Whether this machine has the font. Asked once a process: fonts arrive with a restart."""
    folders = [Path(folder).expanduser() for folder in _FOLDERS]
    return any(next(folder.rglob(FONTS[key].pattern), None) for folder in folders if folder.is_dir())
