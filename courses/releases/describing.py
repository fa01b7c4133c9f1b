"""A comparison of editions in words: for editors before a release, and for learners after it. Never shows a key."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.editions.diff import BlockChange, Class, CourseDiff, FieldChange, LessonChange
from courses.editions.text_diff import Segment, diff_texts, html_to_text, shorten_diff
from courses.enums import ChangeClass

BLOCK_NAMES = {
    "text": gettext_lazy("Text"),
    "markdown": gettext_lazy("Text"),
    "image": gettext_lazy("Image"),
    "video": gettext_lazy("Video"),
    "audio": gettext_lazy("Audio"),
    "quiz": gettext_lazy("Quiz"),
    "file": gettext_lazy("File"),
    "embed": gettext_lazy("Embedded page"),
    "code": gettext_lazy("Code"),
    "table": gettext_lazy("Table"),
    "callout": gettext_lazy("Callout"),
}
FIELD_NAMES = {
    "title": gettext_lazy("Title"),
    "slug": gettext_lazy("Address"),
    "summary": gettext_lazy("Summary"),
    "description": gettext_lazy("Description"),
    "cover": gettext_lazy("Cover"),
    "level": gettext_lazy("Level"),
    "language": gettext_lazy("Language"),
    "categories": gettext_lazy("Categories"),
    "tags": gettext_lazy("Tags"),
    "instructors": gettext_lazy("Instructors"),
    "objectives": gettext_lazy("What you will learn"),
    "prerequisites": gettext_lazy("Prerequisites"),
    "requires": gettext_lazy("Required first"),
    "release_at": gettext_lazy("Opens on"),
    "release_after_days": gettext_lazy("Opens days after enrolling"),
    "passing_percentage": gettext_lazy("Pass mark of the course"),
    "time_limit": gettext_lazy("Time limit"),
    "completion_deadline": gettext_lazy("Deadline"),
    "completion_days": gettext_lazy("Days to complete"),
    "expires_after_days": gettext_lazy("Days until it closes"),
    "progression": gettext_lazy("Order of study"),
    "access": gettext_lazy("Access"),
    "has_certificate": gettext_lazy("Certificate"),
    "certificate_validity_months": gettext_lazy("Months the certificate is valid"),
    "is_required": gettext_lazy("Required"),
    "key": gettext_lazy("What counts as right"),
    "questions": gettext_lazy("Wording of the questions"),
    "question_count": gettext_lazy("Number of questions"),
    "points": gettext_lazy("Points"),
    "pass_percent": gettext_lazy("Pass mark"),
    "attempts_allowed": gettext_lazy("Attempts allowed"),
    "cooldown_minutes": gettext_lazy("Wait between attempts"),
    "score_policy": gettext_lazy("Which attempt counts"),
    "review_policy": gettext_lazy("When answers are shown"),
    "needs_marking": gettext_lazy("Marked by a person"),
    "shuffle_questions": gettext_lazy("Shuffled questions"),
    "shuffle_choices": gettext_lazy("Shuffled choices"),
    "introduction": gettext_lazy("Introduction"),
    "required_percent": gettext_lazy("Share to watch"),
    "html": gettext_lazy("Text"),
    "transcript": gettext_lazy("Transcript"),
    "captions": gettext_lazy("Captions"),
    "caption": gettext_lazy("Caption"),
    "alt": gettext_lazy("Alternative text"),
    "is_decorative": gettext_lazy("Decorative"),
    "image": gettext_lazy("Image"),
    "poster": gettext_lazy("Poster"),
    "file": gettext_lazy("File"),
    "duration": gettext_lazy("Length"),
    "code": gettext_lazy("Code"),
    "code_language": gettext_lazy("Language of the code"),
    "rows": gettext_lazy("Cells"),
    "kind": gettext_lazy("Kind"),
    "type": gettext_lazy("Kind of block"),
    "provider": gettext_lazy("Source"),
    "video_id": gettext_lazy("Source"),
    "url": gettext_lazy("Source"),
    "is_playable": gettext_lazy("Source"),
    "frame_url": gettext_lazy("Source"),
    "has_header_row": gettext_lazy("Header row"),
    "has_header_column": gettext_lazy("Header column"),
}
CLASS_NAMES: dict[str, Any] = {
    "cosmetic": gettext_lazy("Cosmetic"),
    "minor": gettext_lazy("Minor"),
    "major": gettext_lazy("Major"),
}
KIND_NAMES = {
    "added": gettext_lazy("Added"),
    "removed": gettext_lazy("Removed"),
    "changed": gettext_lazy("Changed"),
}
# Fields whose text is shown with what was added and removed; all others only by name, or with short values.
_TEXTS = ("html", "transcript", "code", "title", "caption", "alt", "introduction", "description", "summary")
_NAMED_ONLY = ("key", "questions", "url", "video_id", "frame_url")
_SHORT = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class FieldView:
    label: str
    before: str = ""
    after: str = ""
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockView:
    kind: str
    kind_label: str
    type: str
    type_label: str
    title: str
    change_class: Class
    class_label: str
    is_required: bool
    minutes: int
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class LessonView:
    id: str
    kind: str
    kind_label: str
    title: str
    module_title: str
    change_class: Class
    class_label: str
    is_moved: bool
    is_reordered: bool
    fields: tuple[FieldView, ...]
    blocks: tuple[BlockView, ...]


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What templates show of a comparison. ``summary`` counts in words: "2 lessons added"."""

    change_class: Class
    class_label: str
    summary: tuple[str, ...]
    course: tuple[FieldView, ...]
    modules: tuple[tuple[str, str], ...]  # (kind in words, title)
    lessons: tuple[LessonView, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.course or self.modules or self.lessons)


def describe_changes(found: CourseDiff, *, is_shown: Callable[[BlockChange], bool] = lambda block: True) -> ChangesView:
    """The comparison for templates. Of a block that may not be shown to the reader, only that it changed is said."""
    return ChangesView(
        found.change_class,
        str(CLASS_NAMES[found.change_class]),
        tuple(_count_changes(found)),
        tuple(_describe_field(change.name, change.before, change.after) for change in found.course),
        tuple((str(KIND_NAMES[module.kind]), module.title) for module in found.modules),
        tuple(_describe_lesson(lesson, is_shown) for lesson in found.lessons),
    )


def class_choices(lowest: str) -> list[tuple[str, str]]:
    """The classes an editor may choose where the comparison says ``lowest``."""
    values = list(ChangeClass.values)
    return [(value, str(label)) for value, label in ChangeClass.choices if values.index(value) >= values.index(lowest)]


def _count_changes(found: CourseDiff) -> Iterable[str]:
    lessons = {kind: sum(lesson.kind == kind for lesson in found.lessons) for kind in KIND_NAMES}
    moved = sum(lesson.is_moved for lesson in found.lessons)
    blocks = [block for lesson in found.lessons if lesson.kind == "changed" for block in lesson.blocks]
    keys = sum("key" in block.fields for block in blocks)
    counted = (
        (lessons["added"], ngettext("%d lesson added", "%d lessons added", lessons["added"])),
        (lessons["removed"], ngettext("%d lesson removed", "%d lessons removed", lessons["removed"])),
        (lessons["changed"], ngettext("%d lesson changed", "%d lessons changed", lessons["changed"])),
        (moved, ngettext("%d lesson moved", "%d lessons moved", moved)),
        (keys, ngettext("%d quiz with another key", "%d quizzes with another key", keys)),
    )
    yield from (text % number for number, text in counted if number)
    if found.course:
        yield _("facts of the course changed")


def _describe_lesson(lesson: LessonChange, is_shown: Callable[[BlockChange], bool]) -> LessonView:
    return LessonView(
        lesson.lesson_id,
        lesson.kind,
        str(KIND_NAMES[lesson.kind]),
        lesson.title,
        lesson.module_title,
        lesson.change_class,
        str(CLASS_NAMES[lesson.change_class]),
        lesson.is_moved,
        lesson.is_reordered,
        tuple(_describe_change(change) for change in lesson.fields),
        tuple(_describe_block(block, is_shown=is_shown(block)) for block in lesson.blocks),
    )


def _describe_block(block: BlockChange, *, is_shown: bool) -> BlockView:
    before, after = block.before or {}, block.after or {}
    fields = [_describe_field(name, before.get(name), after.get(name)) for name in block.fields]
    if block.kind != "changed":
        text = _text_of(after or before)
        fields = [FieldView(str(FIELD_NAMES["html"]), after=text)] if text else []
    return BlockView(
        block.kind,
        str(KIND_NAMES[block.kind]),
        block.type,
        str(BLOCK_NAMES.get(block.type, block.type)),
        block.title,
        block.change_class,
        str(CLASS_NAMES[block.change_class]),
        block.is_required,
        max(1, round(block.seconds / 60)) if block.seconds else 0,
        tuple({field.label: field for field in fields}.values()) if is_shown else (),
    )


def _describe_change(change: FieldChange) -> FieldView:
    return _describe_field(change.name, change.before, change.after)


def _describe_field(name: str, before: Any, after: Any) -> FieldView:
    label = str(FIELD_NAMES.get(name, name.replace("_", " ").capitalize()))
    if name in _TEXTS:
        segments = diff_texts(html_to_text(str(before or "")), html_to_text(str(after or "")))
        return FieldView(label, segments=tuple(shorten_diff(segments)))
    if name in ("objectives", "prerequisites", "tags"):
        return FieldView(label, segments=tuple(diff_texts("\n".join(before or ()), "\n".join(after or ()))))
    if name not in _NAMED_ONLY and isinstance(before, _SHORT) and isinstance(after, _SHORT):
        return FieldView(label, _show(before), _show(after))
    return FieldView(label)


def _show(value: Any) -> str:
    if value is True:
        return _("yes")
    if value is False:
        return _("no")
    return "–" if value in (None, "") else str(value)


def _text_of(block: Mapping[str, Any]) -> str:
    """The first words of a block that came or went as a whole."""
    words = html_to_text(str(block.get("html") or block.get("code") or "")).split()
    return " ".join(words[:40]) + (" …" if len(words) > 40 else "")
