"""What an editor may not write into a design, and how they are told."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from certificates.designs.colours import HEX, LARGE_CONTRAST, TEXT_CONTRAST, contrast
from certificates.designs.placeholders import OPTIONAL, PLACEHOLDERS, find_bad_placeholders, find_placeholders

BLOCK_ERRORS = (ListBlockValidationError, StreamBlockValidationError, StructBlockValidationError)


def validate_placeholders(text: str) -> None:
    """Refuses whatever looks like a placeholder and is none, by name."""
    if bad := find_bad_placeholders(text):
        raise ValidationError(
            _("This is not a placeholder: %(bad)s. You may use: %(good)s.")
            % {"bad": ", ".join(bad), "good": ", ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS)},
            code="placeholder",
        )


def validate_sure_placeholders(text: str) -> None:
    """For texts that every certificate must have: none that may be missing."""
    validate_placeholders(text)
    if unsure := sorted(find_placeholders(text) & OPTIONAL):
        raise ValidationError(
            _("Not every certificate has %(names)s. Use it in a statement, the details or the small print.")
            % {"names": ", ".join(unsure)},
            code="unsure_placeholder",
        )


def validate_plain(text: str) -> None:
    """For names and labels: no placeholders at all."""
    if find_bad_placeholders(text) or find_placeholders(text):
        raise ValidationError(_("No placeholders here: write the words themselves."), code="placeholder")


def validate_colour(text: str) -> None:
    if not HEX.fullmatch(text):
        raise ValidationError(_("Write a colour as # and six digits, such as #173f3a."), code="colour")


def find_contrast_problems(*, paper: str, ink: str, accent: str) -> dict[str, str]:
    """By field, what is wrong; nothing where a colour cannot be read as one."""
    if not all(HEX.fullmatch(colour) for colour in (paper, ink, accent)):
        return {}
    problems = {}
    if (ratio := contrast(ink, paper)) < TEXT_CONTRAST:
        problems["ink"] = _("Too close to the paper to be read: contrast %(ratio).1f, at least 4.5.") % {"ratio": ratio}
    if (ratio := contrast(accent, paper)) < LARGE_CONTRAST:
        problems["accent"] = _("Too close to the paper for a heading: contrast %(ratio).1f, at least 3.") % {
            "ratio": ratio
        }
    return problems


def list_messages(error: ValidationError) -> list[str]:
    """The words of an error of a block, however deep its blocks are nested."""
    return list(_walk(error.as_json_data())) if isinstance(error, BLOCK_ERRORS) else list(error.messages)


def _walk(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data.get("messages", [])
        for key, value in data.items():
            if key != "messages":
                yield from _walk(value)
    elif isinstance(data, list):
        for value in data:
            yield from _walk(value)
