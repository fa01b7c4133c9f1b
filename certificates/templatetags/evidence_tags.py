"""Words for the evidence page and report: moments in the reader's time zone, intervals, labels. No queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from learners.enums import GrantSource, ProgressState
from learners.exams.models import ResultKind

register = template.Library()

BLOCK_LABELS = {
    "text": _("Text"),
    "markdown": _("Text"),
    "image": _("Image"),
    "video": _("Video"),
    "audio": _("Audio"),
    "quiz": _("Quiz"),
    "file": _("File"),
    "embed": _("Embedded page"),
    "code": _("Code"),
    "table": _("Table"),
    "callout": _("Note"),
}


@register.filter
def moment(text: str | None) -> str:
    """ISO text as "12 Mar 2026, 14:05:09" in the current time zone: evidence is told to the second."""
    return date_format(localtime(datetime.fromisoformat(text)), "j M Y, H:i:s") if text else ""


@register.filter
def intervals(watched: Sequence[Sequence[float]]) -> str:
    """[[0, 10.5], [20, 30]] is "0:00–0:10, 0:20–0:30"; rounded down, so that nobody is credited with a second more."""
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in watched)


@register.filter
def block_label(block: Mapping[str, Any]) -> str:
    kind = str(BLOCK_LABELS.get(block["type"], _("Block")))
    return f"{kind}: {block['title']}" if block.get("title") else kind


@register.filter
def state_label(state: str) -> str:
    return str(ProgressState(state).label)


@register.filter
def grant_label(source: str) -> str:
    return str(GrantSource(source).label)


@register.filter
def grading_label(kind: str) -> str:
    return str(ResultKind(kind).label)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
