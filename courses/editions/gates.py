"""The rules that open modules and lessons, from stored pages into the outline."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, cast

from courses.blocks.gates import read_required
from courses.editions.documents import Gate, OutlineLesson, OutlineModule, RequiredLesson
from courses.enums import Progression
from courses.gates import find_cycle
from courses.models.gates import describe_cycle
from courses.models.lesson import LessonPage

GATE_FIELDS = ("release_at", "release_after_days", "requires")


class CompileError(Exception):
    """The course cannot be an edition; the message tells the editor why."""


def lesson_keys(lessons: Iterable[Mapping[str, Any]], modules: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """The ids of these lessons by page, and by every page that rules of theirs name: in a translation those are the
    pages of the language it was made from. One query where there are such pages, else none."""
    lessons = list(lessons)
    keys = {row["pk"]: str(row["translation_key"]) for row in lessons}
    rules = [rule for row in [*lessons, *modules] for rule in read_required(row["requires"])]
    elsewhere = {pk for pk, _score in rules} - keys.keys()
    if elsewhere:
        known = set(keys.values())
        pages = LessonPage.objects.filter(pk__in=elsewhere).values_list("pk", "translation_key")
        keys |= {pk: str(key) for pk, key in pages if str(key) in known}
    return keys


def compile_gate(row: Mapping[str, Any], keys: Mapping[int, str]) -> Gate:
    """Only the rules that are set. ``keys`` are the ids of the course's live lessons by page: a rule that waits for any
    other page, deleted, unpublished or elsewhere, is left out."""
    gate: Gate = {}
    if row["release_at"] is not None:
        gate["release_at"] = row["release_at"].astimezone(UTC).isoformat().replace("+00:00", "Z")
    if row["release_after_days"]:
        gate["release_after_days"] = row["release_after_days"]
    required: list[RequiredLesson] = [
        {"id": keys[pk], "minimum_score": score} for pk, score in read_required(row["requires"]) if pk in keys
    ]
    if required:
        gate["requires"] = required
    return gate


def without_gate(lesson: OutlineLesson) -> OutlineLesson:
    """A lesson of the edition before, whose rules may have changed since."""
    return cast(OutlineLesson, {name: value for name, value in lesson.items() if name not in GATE_FIELDS})


def check_gates(modules: Iterable[OutlineModule], progression: str) -> None:
    """Raises ``CompileError`` when lessons wait for each other."""
    titles: dict[str, str] = {}
    requires: dict[str, list[str]] = {}
    for module in modules:
        for lesson in module["lessons"]:
            titles[lesson["id"]] = lesson["title"]
            rules = [*lesson.get("requires", ()), *module.get("requires", ())]
            requires[lesson["id"]] = [rule["id"] for rule in rules]
    cycle = find_cycle(list(titles), requires, is_in_order=progression == Progression.IN_ORDER)
    if cycle:
        raise CompileError(describe_cycle(titles[key] for key in cycle))
