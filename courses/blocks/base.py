"""What every block of a lesson has in common: settings, a document, references, and problems that stop publishing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, IntegerBlock, StructBlock, TextBlock, URLBlock
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import BlockGroup, StructBlockValidationError
from wagtail_localize.segments import StringSegmentValue

from courses.blocks.links import is_web_url
from courses.blocks.refs import Reference, Refs

RICH_TEXT = ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "hr", "link", "code", "blockquote",
             "superscript", "subscript", "strikethrough"]  # fmt: skip
SHORT_RICH_TEXT = ["bold", "italic", "ol", "ul", "link", "code"]

PREVIEW_SHEETS = [f"cms/css/{name}.css" for name in ("tokens", "base", "components", "lesson", "blocks")]

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class BlockProblem:
    """Something wrong inside one block; ``path`` leads to the field: struct field names, stream indexes."""

    message: str
    path: tuple[str | int, ...] = ()
    level: Literal["error", "warning"] = "error"


def problems_to_error(problems: Iterable[BlockProblem]) -> ValidationError | None:
    """The problems as the nested validation error that Wagtail shows at the right field; ``None`` without problems."""
    problems = list(problems)
    return _nested_error(problems) if problems else None


def _nested_error(problems: list[BlockProblem]) -> ValidationError:
    here = [problem.message for problem in problems if not problem.path]
    below: dict[str | int, list[BlockProblem]] = {}
    for problem in problems:
        if problem.path:
            below.setdefault(problem.path[0], []).append(BlockProblem(problem.message, problem.path[1:]))
    if not below:
        return ValidationError(here)
    errors = {step: _nested_error(found) for step, found in below.items()}
    if all(isinstance(step, int) for step in below):
        return StreamBlockValidationError(block_errors=errors, non_block_errors=here)
    return StructBlockValidationError(block_errors=errors, non_block_errors=here)


class Translated:
    """Text for the translator of wagtail-localize, which stumbles over fields that older content does not have."""

    def get_translatable_segments(self, value: Any) -> list[Any]:
        return [StringSegmentValue("", value)] if value else []

    def restore_translated_segments(self, value: Any, segments: list[Any]) -> Any:
        return segments[0].render_text()


class LineBlock(Translated, CharBlock):
    """One line of plain text."""


class PlainTextBlock(Translated, TextBlock):
    """Several lines of plain text with plain newlines, whatever the browser sends."""

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> Any:
        value = super().value_from_datadict(data, files, prefix)
        return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


class VerbatimTextBlock(PlainTextBlock):
    """Text that is stored exactly as typed: spaces at the ends stay as well."""

    @cached_property
    def field(self) -> forms.CharField:
        field = super().field
        field.strip = False
        return field


class WebUrlBlock(URLBlock):
    """An http or https address; nothing else can be saved."""

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if value and not is_web_url(value):
            raise ValidationError(_("Enter an address that begins with https:// or http://."))
        return value


class LessonBlock(StructBlock):
    """A block of a lesson. ``is_required`` and ``time_limit`` sit in the block's settings, closed at first."""

    is_required = BooleanBlock(
        required=False,
        default=True,
        label=_("Required"),
        help_text=_("Learners must finish it to complete the lesson."),
    )
    time_limit = IntegerBlock(
        required=False, min_value=1, max_value=1440, label=_("Time limit"), help_text=_("Minutes; empty for none.")
    )

    settings_first: ClassVar[tuple[str, ...]] = ()

    class Meta:
        preview_template = "admin/courses/block_preview.html"

    def get_form_layout(self) -> BlockGroup:
        settings = [*self.settings_first, "is_required", "time_limit"]
        return BlockGroup([name for name in self.child_blocks if name not in settings], settings)

    @cached_property
    def is_previewable(self) -> bool:
        """The block picker shows an example where there is one."""
        return hasattr(self.meta, "preview_value")

    def get_preview_value(self) -> Any:
        return self.to_python(self.meta.preview_value)

    def get_preview_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        document = {"id": "example", "type": self.name, "is_required": False, "time_limit": None}
        document |= self.to_document(self.get_prep_value(value), Refs())
        view = {"block": document, "is_required": False, "state": "not_started", "position": 0, "quiz": {}}
        return {**(parent_context or {}), "view": view, "is_preview": True, "sheets": PREVIEW_SHEETS}

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        """The block's part of the lesson document, without id, type, is_required and time_limit."""
        raise NotImplementedError

    def references(self, raw: Raw) -> Iterator[Reference]:
        """Every image, media, document and page the raw value points to."""
        return iter(())

    def find_problems(self, raw: Raw) -> list[BlockProblem]:
        """What is wrong with the raw value: errors stop publishing, warnings are shown only."""
        return []

    def clean(self, value: Any) -> Any:
        """Also refuses what ``find_problems`` calls an error, except while a draft is saved."""
        value = super().clean(value)
        if not self.is_deferred_validation:
            found = [problem for problem in self.find_problems(self.get_prep_value(value)) if problem.level == "error"]
            error = problems_to_error(found)
            if error is not None:
                raise error if isinstance(error, StructBlockValidationError) else in_struct(error)
        return value


def in_struct(error: ValidationError) -> StructBlockValidationError:
    """The error of a whole block in the form that Wagtail shows above its fields."""
    return StructBlockValidationError(non_block_errors=error.messages)


def title_block(**kwargs: Any) -> LineBlock:
    return LineBlock(required=False, max_length=255, **kwargs)


def text_of(raw: Raw, name: str) -> str:
    """The text in a field, "" for missing or null."""
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def int_of(raw: Raw, name: str, default: int) -> int:
    """The whole number in a field; the default for missing, null and anything that is none."""
    value = raw.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else default
