"""What applying a pack would do, worked out without writing, as data, as text and as JSON."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from courses.models.lesson import LessonPage
from courses.models.taxonomy import Instructor
from courses.packs.comparison import Comparison, Kind, compare_pack
from courses.packs.definition import Pack, PackLesson
from courses.packs.kept_keys import name_unknown

MediaAction = Literal["add", "present", "missing", "changed"]


@dataclass(frozen=True)
class PagePlan:
    """``changes`` names the fields that an update would alter."""

    kind: Kind
    id: str
    title: str
    file: str
    action: Literal["create", "update", "unchanged"]
    is_moved: bool
    changes: tuple[str, ...]


@dataclass(frozen=True)
class MediaPlan:
    """``changed``: the file that was found is not the one that media.tsv lists, so it would not be used."""

    path: str
    kind: str
    action: MediaAction


@dataclass(frozen=True)
class Plan:
    """``kept`` are pages of the course that the pack lacks, or ``deleted`` if it is pruned; ``obstacles`` would stop
    --publish and --submit."""

    name: str
    title: str
    license: str
    pages: tuple[PagePlan, ...]
    media: tuple[MediaPlan, ...]
    kept: tuple[str, ...]
    deleted: tuple[str, ...]
    obstacles: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def page_counts(self) -> dict[str, int]:
        counts = Counter(page.action for page in self.pages)
        moved = sum(page.is_moved for page in self.pages)
        return {action: counts[action] for action in ("create", "update", "unchanged")} | {"moved": moved}

    @property
    def media_counts(self) -> dict[str, int]:
        counts = Counter(file.action for file in self.media)
        return {action: counts[action] for action in ("add", "present", "missing", "changed")}

    @property
    def changes_nothing(self) -> bool:
        pages, media = self.page_counts, self.media_counts
        return not (pages["create"] or pages["update"] or pages["moved"] or media["add"] or self.deleted)


def plan_pack(pack: Pack, *, prune: bool = False) -> Plan:
    """Reads only. Raises PackError for whatever cannot be applied to this database."""
    return describe_plan(compare_pack(pack, prune=prune), prune=prune)


def describe_plan(comparison: Comparison, *, prune: bool = False) -> Plan:
    pack = comparison.pack
    extra = tuple(row.title for row in comparison.extra_pages)
    return Plan(
        name=pack.name,
        title=pack.title,
        license=pack.license,
        pages=tuple(
            PagePlan(
                step.kind,
                step.source.id,
                step.source.title,
                step.source.file,
                step.action,
                step.is_moved,
                step.changes if step.action == "update" else (),
            )
            for step in comparison.steps
        ),
        media=tuple(_plan_media(comparison)),
        kept=() if prune else extra,
        deleted=extra if prune else (),
        obstacles=tuple(_find_obstacles(comparison)),
        warnings=tuple(_find_warnings(comparison)),
    )


def _plan_media(comparison: Comparison) -> Iterator[MediaPlan]:
    seen: set[tuple[str, str]] = set()
    for file in comparison.pack.media:
        action: MediaAction = "missing"
        if file.state == "changed":
            action = "changed"
        elif file.state == "found":
            key = (file.kind, file.sha256)
            action = "present" if key in comparison.library or key in seen else "add"
            seen.add(key)
        yield MediaPlan(file.path, file.kind, action)


def _find_obstacles(comparison: Comparison) -> Iterator[str]:
    """What would refuse the publication of a lesson, at the line of its block."""
    body = cast(Any, LessonPage._meta.get_field("body")).stream_block
    for step in comparison.steps:
        if isinstance(step.source, PackLesson):
            lines = {block.id: block.line for block in step.source.blocks}
            for item, problem in body.find_problems(step.values["body"]):
                if problem.level == "error":
                    yield f"{step.source.file}:{lines[item['id']]}: {problem.message}"


def _find_warnings(comparison: Comparison) -> Iterator[str]:
    for step in comparison.steps:
        for line, names in name_unknown(step.source):
            place = f"{step.source.file}:{line}" if line else step.source.file
            yield f"{place}: not known here, but kept: {', '.join(names)}."
        if (slug := step.source.slug) and slug != step.values["slug"]:
            yield f"{step.source.file}: the slug {slug!r} is taken, {step.values['slug']!r} is used instead."
    names = [person["name"] for person in comparison.pack.fields.get("instructors", []) if len(person) > 1]
    for name in Instructor.objects.filter(name__in=names).values_list("name", flat=True).distinct():
        yield f"{comparison.pack.file}: the instructor {name} exists; role, biography and photo stay as they are."


def plan_to_json(plan: Plan) -> dict[str, Any]:
    return asdict(plan) | {"page_counts": plan.page_counts, "media_counts": plan.media_counts}


_SIGNS = {"create": "+", "update": "~", "unchanged": "="}
_INDENT = {"course": "", "module": "  ", "lesson": "    "}


def render_plan(plan: Plan) -> str:
    """The plan for people: one line a page, then what is missing, kept and odd."""
    lines = [f"Pack {plan.name}: {plan.title}" + (f" (licence {plan.license})" if plan.license else ""), ""]
    lines += [_page_line(page) for page in plan.pages]
    pages, media = plan.page_counts, plan.media_counts
    lines += [
        "",
        (
            f"Pages: {pages['create']} to create, {pages['update']} to update, {pages['unchanged']} unchanged, "
            f"{pages['moved']} to move"
        ),
        (
            f"Files: {media['add']} to add, {media['present']} there already, {media['missing']} missing, "
            f"{media['changed']} with other content than listed"
        ),
    ]
    lines += render_section("Missing files", [file.path for file in plan.media if file.action == "missing"])
    lines += render_section("Files with other content than media.tsv lists", _changed(plan))
    lines += render_section("Not in the pack, kept as they are", list(plan.kept))
    lines += render_section("Not in the pack, deleted with --prune", list(plan.deleted))
    lines += render_section("Must be put right before publishing", list(plan.obstacles))
    lines += render_section("Notes", list(plan.warnings))
    return "\n".join(lines)


def _changed(plan: Plan) -> list[str]:
    return [file.path for file in plan.media if file.action == "changed"]


def _page_line(page: PagePlan) -> str:
    note = f"  [{', '.join(page.changes)}]" if page.changes else ""
    moved = "  [moved]" if page.is_moved else ""
    return f"{_INDENT[page.kind]}{_SIGNS[page.action]} {page.title}{note}{moved}"


def render_section(title: str, items: list[str]) -> list[str]:
    return ["", f"{title} ({len(items)}):", *(f"  {item}" for item in items)] if items else []
