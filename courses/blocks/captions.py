"""Caption files: only real WebVTT may be chosen, because a player shows nothing for anything else."""

from typing import Any

import webvtt
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.blocks.struct_block import StructBlockValidationError
from webvtt.errors import MalformedCaptionError, MalformedFileError

MAX_BYTES = 2 * 1024 * 1024


def find_webvtt_problem(content: bytes) -> str:
    """Why these bytes are not a caption file that players read, or "" if they are."""
    if len(content) > MAX_BYTES:
        return _("This caption file is larger than 2 MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _("This caption file is not UTF-8 text. Save it as UTF-8 and upload it again.")
    try:
        captions = webvtt.from_string(text).captions
    except (MalformedFileError, MalformedCaptionError) as error:
        return _("This is not a WebVTT file: %(reason)s. It must begin with the line WEBVTT.") % {"reason": error}
    return "" if captions else _("This caption file has no captions in it.")


def check_webvtt(document: Any) -> None:
    """Raise a validation error at the ``file`` field unless the chosen document holds WebVTT captions."""
    if document is None:
        return
    try:
        with document.file.open("rb") as file:
            problem = find_webvtt_problem(file.read(MAX_BYTES + 1))
    except OSError:
        problem = _("The caption file cannot be read. Upload it again.")
    if problem:
        raise StructBlockValidationError(block_errors={"file": ValidationError(problem)})
