"""The first page of a PDF as a picture, drawn by poppler: browsers do not always show a PDF inside a page."""

import shutil
import subprocess

_PROGRAM = "pdftoppm"
_DOTS_AN_INCH = "110"
_SECONDS = 20


def draw_page(pdf: bytes) -> bytes | None:
    """PNG bytes; ``None`` where poppler is not installed or cannot read the file."""
    program = shutil.which(_PROGRAM)
    if program is None:
        return None
    command = [program, "-r", _DOTS_AN_INCH, "-png", "-singlefile", "-f", "1", "-l", "1", "-"]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None
