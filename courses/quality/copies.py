"""The working copy as the checks read it: the latest draft of every page of a course, in a few queries."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from wagtail.models import Page, Revision

from courses.blocks.lesson import RawItem
from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage

Kind = Literal["course", "module", "lesson"]
_FIELDS: dict[type[Page], tuple[str, ...]] = {
    CoursePage: ("summary", "cover_id", "language", "description"),
    ModulePage: ("summary",),
    LessonPage: ("minutes", "source", "body"),
}
_KINDS: dict[type[Page], Kind] = {CoursePage: "course", ModulePage: "module", LessonPage: "lesson"}


@dataclass(frozen=True)
class Copy:
    """One page as its editor left it. ``children`` counts modules or lessons below it, published or not."""

    kind: Kind
    pk: int | None
    path: str
    title: str
    children: int = 0
    summary: str = ""
    cover_id: int | None = None
    language: str = ""
    description: str = ""
    minutes: int | None = None
    source: str = ""
    body: tuple[RawItem, ...] = ()


def copy_page(page: Page) -> Copy:
    """The page as it is in memory. No query."""
    kind = _KINDS[type(page)]
    values: dict[str, Any] = {name: getattr(page, name) for name in _FIELDS[type(page)] if name != "body"}
    body = tuple(page.body.get_prep_value()) if kind == "lesson" else ()
    return Copy(kind, page.pk, page.path, page.title, page.numchild, body=body, **_cleaned(values))


def copy_tree(page: Page) -> list[Copy]:
    """A course, module or lesson and everything below it, latest drafts, in reading order. Four queries at most."""
    rows: list[tuple[type[Page], dict[str, Any]]] = []
    for model, names in _FIELDS.items():
        found = model.objects.filter(path__startswith=page.path).values(
            "pk", "path", "title", "numchild", "has_unpublished_changes", "latest_revision_id", *names
        )
        rows += [(model, row) for row in found]
    drafts = _read_drafts(row["latest_revision_id"] for _model, row in rows if row["has_unpublished_changes"])
    copies = [_copy_row(model, row, drafts.get(str(row["pk"]), {})) for model, row in rows]
    return sorted(copies, key=lambda copy: copy.path)


def _read_drafts(revision_ids: Iterable[int | None]) -> dict[str, Mapping[str, Any]]:
    wanted = [pk for pk in revision_ids if pk is not None]
    if not wanted:
        return {}
    return dict(Revision.objects.filter(pk__in=wanted).values_list("object_id", "content"))


def _copy_row(model: type[Page], row: Mapping[str, Any], draft: Mapping[str, Any]) -> Copy:
    values = {name: draft.get(name.removesuffix("_id"), row[name]) for name in _FIELDS[model] if name != "body"}
    body: list[RawItem] = []
    if model is LessonPage:
        stored = draft.get("body")
        body = json.loads(stored) if isinstance(stored, str) else list(row["body"].raw_data)
    title = draft.get("title", row["title"])
    return Copy(
        _KINDS[model], row["pk"], row["path"], title, row["numchild"], body=tuple(body or ()), **_cleaned(values)
    )


def _cleaned(values: dict[str, Any]) -> dict[str, Any]:
    """Fields that a draft left empty as empty text."""
    return {name: value if name in ("minutes", "cover_id") else (value or "") for name, value in values.items()}
