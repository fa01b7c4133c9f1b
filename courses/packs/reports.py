"""What exporting and applying did, for people and for programs."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from courses.packs.apply import Applied
from courses.packs.export import Export
from courses.packs.plan import plan_to_json, render_plan, render_section
from courses.packs.targets import Written


def export_to_json(export: Export, written: Written) -> dict[str, Any]:
    return {
        "slug": export.slug,
        "title": export.title,
        "pages": export.pages,
        "files": written.files,
        "missing": list(written.missing),
        "warnings": [*export.warnings, *written.warnings],
    }


def render_export(export: Export, written: Written, path: Path) -> str:
    lines = [f"{path}: {export.title}, {export.pages} pages and {written.files} files."]
    lines += render_section("Missing files (media.tsv says MISSING)", list(written.missing))
    lines += render_section("Warnings", [*export.warnings, *written.warnings])
    return "\n".join(lines)


def render_impact(impact: dict[str, Any]) -> str:
    """What a release would do to those on the course, a line for each number that is not nothing."""
    lines = [f"  {name.replace('_', ' ')}: {value}" for name, value in impact.items() if value]
    return "\n".join(["If all of it is released:", *lines]) if lines else ""


def applied_to_json(applied: Applied) -> dict[str, Any]:
    return asdict(applied) | {"plan": plan_to_json(applied.plan)}


def render_applied(applied: Applied) -> str:
    lines = [render_plan(applied.plan), ""]
    done = f"Done: {applied.created} pages created, {applied.updated} updated, {applied.moved} moved"
    done += f", {applied.deleted} deleted" if applied.deleted else ""
    lines.append(f"{done}, {applied.published} published; {applied.media_added} files added.")
    if applied.submitted:
        lines.append(f"Submitted to review: {applied.submitted} pages.")
    if applied.waits_for_release:
        lines.append(
            "The course is released by hand: learners see what is published after its next release in the admin."
        )
    elif applied.published and applied.edition:
        lines.append(f"Edition {applied.edition} is in force.")
    elif (applied.created or applied.updated) and not applied.submitted:
        lines.append("The changes are drafts: publish them in the admin, or apply with --submit or --publish.")
    return "\n".join(lines)
