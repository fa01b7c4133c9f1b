"""Checks of one page: a lesson with its blocks, a module, a course. No query."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from courses.blocks.lesson import LessonBody
from courses.blocks.text import rich_text_references
from courses.editions.duration import estimate_minutes
from courses.publishing import name_block
from courses.quality.blocks import check_block, check_page_links
from courses.quality.copies import Copy
from courses.quality.findings import Fault, Finding, Policy, judge
from courses.quality.prose import extract_prose, find_skipped_headings
from courses.quality.reading import reading_grade
from courses.quality.surroundings import Surroundings

PROSE = ("text", "markdown", "callout")


def check_copy(copy: Copy, around: Surroundings, policy: Policy) -> list[Finding]:
    """What to mend on one page, errors first."""
    faults = _FAULTS[copy.kind](copy, around, policy)
    return judge(faults, policy, copy.pk, copy.title)


def _find_course_faults(copy: Copy, around: Surroundings, policy: Policy) -> Iterator[Fault]:
    if not copy.summary.strip():
        yield Fault("catalogue_card", _("Write a summary: the catalogue shows it on the course's card."))
    if copy.cover_id is None:
        yield Fault("catalogue_card", _("Choose a cover: the catalogue shows a drawn one until there is."))
    if not copy.children:
        yield Fault("empty_modules", _("The course has no modules yet."))
    linked = [pk for _kind, pk in rich_text_references(copy.description)]
    for code, message in check_page_links(linked, around):
        yield Fault(code, message, place=_("Description"))


def _find_module_faults(copy: Copy, around: Surroundings, policy: Policy) -> Iterator[Fault]:
    if not copy.children:
        yield Fault("empty_modules", _("The module has no lessons yet. Add one, or delete the module."))


def _find_lesson_faults(copy: Copy, around: Surroundings, policy: Policy) -> Iterator[Fault]:
    body = LessonBody()
    documents: list[dict[str, Any]] = []
    places: dict[str, str] = {}
    for place, item in enumerate(copy.body, start=1):
        block = body.child_blocks.get(item["type"])
        if block is None:
            continue
        refs = around.refs_of(copy.source)
        documents.append({"id": item["id"], "type": item["type"], **block.to_document(item["value"], refs)})
        places[item["id"]] = name_block(item, place, body)
        for code, message in check_block(block, item["value"], refs, around):
            yield Fault(code, message, item["id"], places[item["id"]])
    if not documents:
        yield Fault("empty_lessons", _("The lesson has nothing in it yet."))
        return
    yield from _check_words(documents, places, around.language, policy)
    minutes = copy.minutes or estimate_minutes(documents)
    if minutes > policy.max_minutes:
        text = _("The lesson takes %(minutes)d minutes, more than %(most)d. Split it into lessons done in one go.")
        yield Fault("long_lessons", text % {"minutes": minutes, "most": policy.max_minutes})


def _check_words(
    documents: list[dict[str, Any]], places: dict[str, str], language: str, policy: Policy
) -> Iterator[Fault]:
    parts = [(document["id"], document["html"]) for document in documents if document["type"] in PROSE]
    for block_id, words, level, before in find_skipped_headings(parts):
        text = _("The heading “%(words)s” leaves out a level: level %(level)d comes after level %(before)d.")
        values = {"words": words, "level": level, "before": before}
        yield Fault("headings", text % values, block_id, places[block_id])
    grade = reading_grade("\n".join(extract_prose(html) for _block_id, html in parts), language)
    if grade is not None and round(grade) > policy.max_grade:
        text = _(
            "The words are hard to read: they take about %(grade)d years of school, more than %(most)d. "
            "Shorter sentences and simpler words help."
        )
        yield Fault("reading_level", text % {"grade": round(grade), "most": policy.max_grade})


_FAULTS = {"course": _find_course_faults, "module": _find_module_faults, "lesson": _find_lesson_faults}
