"""What changed between two editions and how much it matters (pure).

Change classes: *cosmetic* changes leave nothing to learn or do (wording, pictures, media), *minor* ones are worth a
look (optional content, rules, order), *major* ones change what must be done or what counts as right (required content
added or taken away, an answer key, a pass mark).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from courses.editions.documents import LessonDocument, Outline
from courses.editions.duration import estimate_seconds
from courses.quizzes.scoring import QuizDigests

Class = Literal["cosmetic", "minor", "major"]
Kind = Literal["added", "removed", "changed"]
CLASSES: tuple[Class, ...] = ("cosmetic", "minor", "major")

# Fields of the course; whatever is not named here is cosmetic.
_COURSE_MAJOR = frozenset({"passing_percentage"})
_COURSE_MINOR = frozenset(
    {
        "requires",
        "time_limit",
        "completion_deadline",
        "completion_days",
        "expires_after_days",
        "progression",
        "access",
        "has_certificate",
        "certificate_validity_months",
        "level",
        "objectives",
        "prerequisites",
    }
)
# Derived from the rest, or the address, which follows the page.
_COURSE_SKIPPED = frozenset({"id", "minutes", "path"})
_BLOCK_MAJOR = frozenset({"is_required", "pass_percent", "score_policy", "key"})
_BLOCK_MINOR = frozenset(
    {
        "type",
        "time_limit",
        "attempts_allowed",
        "cooldown_minutes",
        "review_policy",
        "required_percent",
        "question_count",
        "points",
        "kind",
    }
)
_GATES = ("release_at", "release_after_days", "requires")


@dataclass(frozen=True)
class EditionView:
    """An edition as the comparison needs it. ``digests`` tells by lesson which document and key it has; ``documents``
    and ``quizzes`` (by lesson, by block) may leave out lessons that have the same digests on both sides."""

    outline: Outline | Mapping[str, Any]
    digests: Mapping[str, tuple[str, str]]
    documents: Mapping[str, LessonDocument] = field(default_factory=dict)
    quizzes: Mapping[str, Mapping[str, QuizDigests]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldChange:
    name: str
    before: Any
    after: Any
    change_class: Class


@dataclass(frozen=True, slots=True)
class BlockChange:
    """``fields`` names what differs in a changed block: ``"key"`` what counts as right in a quiz, ``"questions"`` only
    their wording. ``seconds`` is how long the block takes now, 0 for one that was removed."""

    kind: Kind
    lesson_id: str
    block_id: str
    type: str
    title: str
    is_required: bool
    change_class: Class
    seconds: float
    fields: tuple[str, ...] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class LessonChange:
    """``is_moved``: to another module or another place among the lessons that both editions have. ``is_unit``: the
    course has no required blocks and is measured by its lessons."""

    kind: Kind
    lesson_id: str
    title: str
    module_title: str
    fields: tuple[FieldChange, ...] = ()
    blocks: tuple[BlockChange, ...] = ()
    is_moved: bool = False
    is_reordered: bool = False
    is_unit: bool = False

    @property
    def change_class(self) -> Class:
        classes = [field.change_class for field in self.fields] + [block.change_class for block in self.blocks]
        if self.kind != "changed":
            classes.append("major" if self.is_unit else "minor")
        if self.is_moved:
            classes.append("minor")
        return highest(classes)


@dataclass(frozen=True, slots=True)
class ModuleChange:
    kind: Kind
    module_id: str
    title: str
    fields: tuple[FieldChange, ...] = ()

    @property
    def change_class(self) -> Class:
        return "minor" if self.kind != "changed" else highest(change.change_class for change in self.fields)


@dataclass(frozen=True, slots=True)
class CourseDiff:
    """Everything that differs, in the order of the newer outline, what was removed last."""

    course: tuple[FieldChange, ...] = ()
    modules: tuple[ModuleChange, ...] = ()
    lessons: tuple[LessonChange, ...] = ()

    @property
    def change_class(self) -> Class:
        return highest(
            [
                *(change.change_class for change in self.course),
                *(change.change_class for change in self.modules),
                *(change.change_class for change in self.lessons),
            ]
        )

    @property
    def is_empty(self) -> bool:
        return not (self.course or self.modules or self.lessons)

    @property
    def blocks(self) -> Iterator[BlockChange]:
        return (block for lesson in self.lessons for block in lesson.blocks)


def highest(classes: Iterable[Class]) -> Class:
    return max(classes, key=CLASSES.index, default="cosmetic")


def diff(old: EditionView, new: EditionView) -> CourseDiff:
    """What ``new`` changes of ``old``. Reordering alone makes lessons "moved", never "removed" and "added"."""
    return CourseDiff(
        course=tuple(_compare_course(old.outline["course"], new.outline["course"])),
        modules=tuple(_compare_modules(old.outline, new.outline)),
        lessons=tuple(_compare_lessons(old, new)),
    )


def _compare_course(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    for name in sorted({*old, *new} - _COURSE_SKIPPED):
        before, after = old.get(name), new.get(name)
        if before != after:
            level: Class = "major" if name in _COURSE_MAJOR else "minor" if name in _COURSE_MINOR else "cosmetic"
            yield FieldChange(name, before, after, level)


def _compare_modules(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ModuleChange]:
    before = {module["id"]: module for module in old["modules"]}
    after = {module["id"]: module for module in new["modules"]}
    for key, module in after.items():
        if key not in before:
            yield ModuleChange("added", key, module["title"])
        elif fields := _compare_fields(before[key], module, ("title", "summary", *_GATES)):
            yield ModuleChange("changed", key, module["title"], fields)
    for key, module in before.items():
        if key not in after:
            yield ModuleChange("removed", key, module["title"])


def _compare_fields(old: Mapping[str, Any], new: Mapping[str, Any], names: Iterable[str]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, old.get(name), new.get(name), "minor" if name in _GATES else "cosmetic")
        for name in names
        if old.get(name) != new.get(name)
    )


@dataclass(frozen=True, slots=True)
class _Place:
    lesson: Mapping[str, Any]
    module_id: str
    module_title: str


def _places(outline: Mapping[str, Any]) -> dict[str, _Place]:
    return {
        lesson["id"]: _Place(lesson, module["id"], module["title"])
        for module in outline["modules"]
        for lesson in module["lessons"]
    }


def _compare_lessons(old: EditionView, new: EditionView) -> Iterator[LessonChange]:
    before, after = _places(old.outline), _places(new.outline)
    moved = _find_moved(before, after)
    is_unit = not any(block["is_required"] for place in after.values() for block in place.lesson["blocks"])
    for key, place in after.items():
        if key not in before:
            yield _whole_lesson("added", new, place, is_unit=is_unit)
        elif change := _compare_lesson(old, new, before[key], place, is_moved=key in moved):
            yield change
    for key, place in before.items():
        if key not in after:
            yield _whole_lesson("removed", old, place, is_unit=is_unit)


def _whole_lesson(kind: Kind, view: EditionView, place: _Place, *, is_unit: bool) -> LessonChange:
    key, title = place.lesson["id"], place.lesson["title"]
    blocks = tuple(_whole_block(kind, key, block) for block in _blocks(view, key).values())
    return LessonChange(kind, key, title, place.module_title, blocks=blocks, is_unit=is_unit)


def _find_moved(before: Mapping[str, _Place], after: Mapping[str, _Place]) -> set[str]:
    """Lessons in another module, and those that do not stand in their old order: as few as explain it."""
    both = [key for key in after if key in before]
    places = {key: place for place, key in enumerate(key for key in before if key in after)}
    kept = _longest_rising([places[key] for key in both])
    out_of_order = {key for key in both if places[key] not in kept}
    return out_of_order | {key for key in both if before[key].module_id != after[key].module_id}


def _longest_rising(numbers: list[int]) -> set[int]:
    """The members of a longest increasing subsequence, by patience sorting."""
    tails: list[int] = []
    previous: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(tails, number)
        previous[number] = tails[place - 1] if place else None
        tails[place : place + 1] = [number]
    found: set[int] = set()
    current = tails[-1] if tails else None
    while current is not None:
        found.add(current)
        current = previous[current]
    return found


def _compare_lesson(
    old: EditionView, new: EditionView, before: _Place, after: _Place, *, is_moved: bool
) -> LessonChange | None:
    key = after.lesson["id"]
    fields = _compare_fields(before.lesson, after.lesson, ("title", "slug", *_GATES))
    blocks: tuple[BlockChange, ...] = ()
    is_reordered = False
    if old.digests.get(key) != new.digests.get(key):
        fields += _compare_fields(old.documents[key], new.documents[key], ("summary",))
        blocks = tuple(_compare_blocks(old, new, key))
        is_reordered = _common_order(old, new, key) != _common_order(new, old, key)
    if not (fields or blocks or is_moved or is_reordered):
        return None
    return LessonChange(
        "changed",
        key,
        after.lesson["title"],
        after.module_title,
        fields,
        blocks,
        is_moved=is_moved,
        is_reordered=is_reordered,
    )


def _blocks(view: EditionView, lesson: str) -> dict[str, Mapping[str, Any]]:
    return {block["id"]: block for block in view.documents[lesson]["blocks"]}


def _common_order(view: EditionView, other: EditionView, lesson: str) -> list[str]:
    known = _blocks(other, lesson)
    return [key for key in _blocks(view, lesson) if key in known]


def _compare_blocks(old: EditionView, new: EditionView, lesson: str) -> Iterator[BlockChange]:
    before, after = _blocks(old, lesson), _blocks(new, lesson)
    for key, block in after.items():
        if key not in before:
            yield _whole_block("added", lesson, block)
        elif change := _compare_block(old, new, lesson, before[key], block):
            yield change
    for key, block in before.items():
        if key not in after:
            yield _whole_block("removed", lesson, block)


def _compare_block(
    old: EditionView, new: EditionView, lesson: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> BlockChange | None:
    fields = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    key = after["id"]
    was, now = old.quizzes.get(lesson, {}).get(key), new.quizzes.get(lesson, {}).get(key)
    if was is not None and now is not None and was != now:
        fields.append("questions" if was.scoring == now.scoring else "key")
    if not fields:
        return None
    level: Class = highest(
        "major" if name in _BLOCK_MAJOR else "minor" if name in _BLOCK_MINOR else "cosmetic" for name in fields
    )
    return BlockChange(
        "changed",
        lesson,
        key,
        after["type"],
        label_block(after),
        after["is_required"],
        level,
        estimate_seconds(after),
        tuple(fields),
        before,
        after,
    )


def _whole_block(kind: Kind, lesson: str, block: Mapping[str, Any]) -> BlockChange:
    is_added = kind == "added"
    return BlockChange(
        kind,
        lesson,
        block["id"],
        block["type"],
        label_block(block),
        block["is_required"],
        "major" if block["is_required"] else "minor",
        estimate_seconds(block) if is_added else 0,
        (),
        None if is_added else block,
        block if is_added else None,
    )


def label_block(block: Mapping[str, Any]) -> str:
    """What to call it in a list: its title or caption, where its type has one."""
    return str(block.get("title") or block.get("caption") or block.get("alt") or "")
