"""Reads a course as its editors have it, drafts included: the whole tree in a constant number of queries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, Revision, WorkflowState

from courses.blocks.base import LessonBlock, text_of
from courses.blocks.gates import read_required
from courses.blocks.lesson import LessonBody, RawItem
from courses.blocks.refs import Refs
from courses.curriculum.checks import find_block_warnings
from courses.curriculum.ordering import Shape, find_early_waiters, make_version
from courses.editions.compiler import load_refs
from courses.editions.duration import estimate_minutes
from courses.languages import is_multilingual
from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage

Status = Literal["live", "draft", "live_draft", "in_review", "scheduled"]
STATUS_LABELS: dict[Status, Any] = {
    "live": gettext_lazy("Live"),
    "draft": gettext_lazy("Draft"),
    "live_draft": gettext_lazy("Live + draft"),
    "in_review": gettext_lazy("In review"),
    "scheduled": gettext_lazy("Scheduled"),
}
PAGE_FIELDS = (
    *("pk", "path", "translation_key", "title", "draft_title", "live", "has_unpublished_changes"),
    *("latest_revision_id", "locked", "requires"),
)


# Blocks whose words stand in one field.
WORDS = {"text": "text", "markdown": "source", "callout": "text"}


@dataclass(frozen=True, slots=True)
class Row:
    """What modules and lessons share. ``title`` is the draft's; ``live_title`` differs until it is published."""

    pk: int
    title: str
    live_title: str
    statuses: tuple[Status, ...]
    is_live: bool
    is_locked: bool
    warnings: tuple[str, ...]

    @property
    def labels(self) -> list[tuple[str, str]]:
        return [(status, str(STATUS_LABELS[status])) for status in self.statuses]

    @property
    def has_new_title(self) -> bool:
        return self.is_live and self.title != self.live_title


@dataclass(frozen=True, slots=True)
class LessonRow(Row):
    minutes: int = 0
    is_estimate: bool = True
    blocks: int = 0
    required: int = 0


@dataclass(frozen=True, slots=True)
class ModuleRow(Row):
    lessons: tuple[LessonRow, ...] = ()

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class Curriculum:
    version: str
    modules: tuple[ModuleRow, ...] = ()

    @property
    def lessons(self) -> list[LessonRow]:
        return [lesson for module in self.modules for lesson in module.lessons]

    @property
    def minutes(self) -> int:
        return sum(module.minutes for module in self.modules)

    @property
    def warning_count(self) -> int:
        return sum(len(row.warnings) for row in (*self.modules, *self.lessons))


@dataclass(frozen=True)
class _Marks:
    """What the workflow, the clock and the drafts say of pages, by key."""

    in_review: frozenset[int] = frozenset()
    scheduled: frozenset[int] = frozenset()
    drafts: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    own: Mapping[int, int] = field(default_factory=dict)  # lessons of the language it was made from, in a translation

    def statuses(self, row: Mapping[str, Any]) -> tuple[Status, ...]:
        first: Status = "draft"
        if row["live"]:
            first = "live_draft" if row["has_unpublished_changes"] else "live"
        more: list[Status] = ["in_review"] if row["pk"] in self.in_review else []
        return (first, *more, *(("scheduled",) if row["pk"] in self.scheduled else ()))

    def requires(self, row: Mapping[str, Any]) -> list[int]:
        draft = self.drafts.get(row["latest_revision_id"])
        raw = _load_stream(draft.get("requires")) if draft else row["requires"].raw_data
        return [self.own.get(pk, pk) for pk, _score in read_required(raw)]


def read_curriculum(course: CoursePage) -> Curriculum:
    """At most 12 queries however many lessons, 13 for a translation, and nothing rendered."""
    modules, lessons = _read_rows(course)
    marks = _read_marks([row["pk"] for row in (*modules, *lessons)], course)
    marks = _name_own_lessons(modules, lessons, marks)
    waiting = _describe_waiting(modules, lessons, marks)
    body = LessonBody()
    raws = [_read_body(row, marks) for row in lessons]
    refs = load_refs([reference for raw in raws for reference in body.references(raw)], {})
    module_of = {row["path"]: row for row in modules}
    below: dict[str, list[LessonRow]] = {row["path"]: [] for row in modules}
    for row, raw in zip(lessons, raws, strict=True):
        parent = module_of.get(row["path"][: -Page.steplen])
        if parent is not None:
            warnings = [
                *_place_warnings(row, parent),
                *waiting.get(row["pk"], ()),
                *find_block_warnings(body, raw, refs),
            ]
            below[parent["path"]].append(_make_lesson(row, raw, body, refs, marks, warnings))
    return Curriculum(
        version=_version_of([*modules, *lessons]),
        modules=tuple(
            ModuleRow(**_shared(row, marks, waiting.get(row["pk"], ())), lessons=tuple(below[row["path"]]))
            for row in modules
        ),
    )


def read_shape(course: CoursePage) -> tuple[Shape, str]:
    """Who stands where, and the version of the tree. Two queries."""
    fields = ("pk", "path", "draft_title")
    modules = list(ModulePage.objects.child_of(course).order_by("path").values(*fields))
    lessons = list(LessonPage.objects.descendant_of(course).order_by("path").values(*fields))
    below: dict[str, list[int]] = {row["path"]: [] for row in modules}
    for row in lessons:
        below.get(row["path"][: -Page.steplen], []).append(row["pk"])
    shape = Shape(course.pk, {row["pk"]: below[row["path"]] for row in modules})
    return shape, _version_of([*modules, *lessons])


def find_gate_warnings(course: CoursePage) -> list[str]:
    """Lessons that wait for one further down, in words, as the drafts have it. Six queries at most."""
    modules, lessons = _read_rows(course, with_body=False)
    marks = _name_own_lessons(modules, lessons, _read_marks([], course))
    titles = {row["pk"]: row["draft_title"] for row in lessons}
    return [
        _("“%(lesson)s” now comes before “%(required)s”, which has to be completed before it opens.")
        % {"lesson": titles[lesson], "required": titles[required]}
        for lesson, required in find_early_waiters(*_order_and_rules(modules, lessons, marks))
    ]


def _version_of(rows: Iterable[Mapping[str, Any]]) -> str:
    return make_version((row["pk"], row["path"], row["draft_title"]) for row in rows)


def _read_rows(course: CoursePage, *, with_body: bool = True) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    more = ("minutes", "body") if with_body else ()
    modules = ModulePage.objects.child_of(course).order_by("path").values(*PAGE_FIELDS)
    lessons = LessonPage.objects.descendant_of(course).order_by("path").values(*PAGE_FIELDS, *more)
    return list(modules), list(lessons)


def _read_marks(pks: Sequence[int], course: CoursePage) -> _Marks:
    """Three queries; without ``pks`` one, for the drafts alone."""
    changed = Page.objects.descendant_of(course).filter(has_unpublished_changes=True).values("latest_revision_id")
    drafts = dict(Revision.objects.filter(pk__in=changed).values_list("pk", "content"))
    if not pks:
        return _Marks(drafts=drafts)
    kind = ContentType.objects.get_for_model(Page)
    ids = [str(pk) for pk in pks]
    states = WorkflowState.objects.filter(
        base_content_type=kind, object_id__in=ids, status=WorkflowState.STATUS_IN_PROGRESS
    )
    timed = Revision.objects.filter(base_content_type=kind, object_id__in=ids, approved_go_live_at__isnull=False)
    return _Marks(
        in_review=frozenset(map(int, states.values_list("object_id", flat=True))),
        scheduled=frozenset(map(int, timed.values_list("object_id", flat=True))),
        drafts=drafts,
    )


def _name_own_lessons(
    modules: Iterable[Mapping[str, Any]], lessons: Sequence[Mapping[str, Any]], marks: _Marks
) -> _Marks:
    """The rules of a translation name lessons of the language it was made from: they count as its own. One query, on
    a site with several languages, where rules name lessons of elsewhere."""
    own = {row["translation_key"]: row["pk"] for row in lessons}
    wanted = {pk for row in (*modules, *lessons) for pk in marks.requires(row)} - set(own.values())
    if not wanted or not is_multilingual():
        return marks
    pages = LessonPage.objects.filter(pk__in=wanted).values_list("pk", "translation_key")
    return replace(marks, own={pk: own[key] for pk, key in pages if key in own})


def _load_stream(value: Any) -> list[Any]:
    """A stream in a revision is JSON inside JSON."""
    return json.loads(value) if isinstance(value, str) and value else list(value or ())


def _read_body(row: Mapping[str, Any], marks: _Marks) -> list[RawItem]:
    draft = marks.drafts.get(row["latest_revision_id"])
    return _load_stream(draft.get("body")) if draft else list(row["body"].raw_data)


def _order_and_rules(
    modules: Iterable[Mapping[str, Any]], lessons: Sequence[Mapping[str, Any]], marks: _Marks
) -> tuple[list[int], dict[int, list[int]]]:
    module_rules = {row["path"]: marks.requires(row) for row in modules}
    rules = {row["pk"]: [*marks.requires(row), *module_rules.get(row["path"][: -Page.steplen], ())] for row in lessons}
    return [row["pk"] for row in lessons], rules


def _describe_waiting(
    modules: Sequence[Mapping[str, Any]], lessons: Sequence[Mapping[str, Any]], marks: _Marks
) -> dict[int, list[str]]:
    """What is odd about "opens after", by page: a lesson further down, or one that is not there."""
    order, rules = _order_and_rules(modules, lessons, marks)
    titles = {row["pk"]: row["draft_title"] for row in lessons}
    found: dict[int, list[str]] = {}
    for lesson, required in find_early_waiters(order, rules):
        text = _("It opens after “%(lesson)s”, which comes later.") % {"lesson": titles[required]}
        found.setdefault(lesson, []).append(text)
    for row in (*modules, *lessons):
        if any(pk not in titles for pk in marks.requires(row)):
            text = _("It is to open after a lesson that is not in this course any more: the rule does nothing.")
            found.setdefault(row["pk"], []).append(text)
    return found


def _place_warnings(row: Mapping[str, Any], module: Mapping[str, Any]) -> list[str]:
    if row["live"] and not module["live"]:
        return [_("It is live, but its module is not: learners do not see it.")]
    return []


def _shared(row: Mapping[str, Any], marks: _Marks, warnings: Iterable[str]) -> dict[str, Any]:
    return {
        "pk": row["pk"],
        "title": row["draft_title"] or row["title"],
        "live_title": row["title"],
        "statuses": marks.statuses(row),
        "is_live": row["live"],
        "is_locked": row["locked"],
        "warnings": tuple(warnings),
    }


def _make_lesson(
    row: Mapping[str, Any], raw: list[RawItem], body: LessonBody, refs: Refs, marks: _Marks, warnings: Iterable[str]
) -> LessonRow:
    items = list(body.items(raw))
    draft = marks.drafts.get(row["latest_revision_id"])
    minutes = draft.get("minutes") if draft else row["minutes"]
    return LessonRow(
        **_shared(row, marks, warnings),
        minutes=minutes or estimate_minutes([_measure(item, block, refs) for item, block in items]),
        is_estimate=not minutes,
        blocks=len(items),
        required=sum(bool(item["value"].get("is_required", True)) for item, _block in items),
    )


def _measure(item: RawItem, block: LessonBlock, refs: Refs) -> Mapping[str, Any]:
    """What the estimate of minutes looks at. Rendering the words of 500 lessons would take seconds, so they are counted
    as they are written: a few more than learners see, where there are addresses of links."""
    field = WORDS.get(item["type"])
    if field is not None:
        return {"type": item["type"], "html": text_of(item["value"], field)}
    return {"type": item["type"], **block.to_document(item["value"], refs)}
