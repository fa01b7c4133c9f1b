"""What somebody who has completed a course would have to do again: the major blocks that changed since."""

import math
from dataclasses import dataclass
from functools import lru_cache

from courses.editions.diff import BlockChange, CourseDiff, LessonChange
from courses.editions.models import CourseState, Edition, Release
from courses.editions.releasing import compare_editions
from courses.enums import ChangeClass
from learners.enrolments.models import Enrolment
from learners.progress.arithmetic import Unit


@dataclass(frozen=True, slots=True)
class DeltaBlock:
    """``kind`` is added or changed, ``fields`` what changed of it (see ``courses.editions.diff``). A course without
    required blocks is measured by its lessons: there a new lesson is a "block" of type ``lesson`` with its own id."""

    lesson_id: str
    lesson_title: str
    module_title: str
    block_id: str
    type: str
    title: str
    kind: str
    fields: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Delta:
    """From one edition to a later one, in the order of the later one; no ``blocks``: there is nothing to be done."""

    old_number: int
    new_number: int
    blocks: tuple[DeltaBlock, ...] = ()

    @property
    def units(self) -> frozenset[Unit]:
        return frozenset((block.lesson_id, block.block_id) for block in self.blocks)

    @property
    def minutes(self) -> int:
        return math.ceil(sum(block.seconds for block in self.blocks) / 60)


def find_delta(enrolment: Enrolment) -> Delta:
    """What is new since ``enrolment``, from the edition it was studied on to the one in force: required blocks whose
    change is major, and any change of a required block in a release that an editor raised to major.

    One query, and three or more for a pair of editions that this process has not compared yet.
    """
    edition = enrolment.edition
    state = (
        CourseState.objects.filter(course_key=enrolment.course_key, language=edition.language)
        .values_list("edition_id", "edition__number", "edition__digest")
        .first()
    )
    if state is None or state[0] is None or state[1] <= edition.number:
        return Delta(edition.number, edition.number)
    return compare_for_delta(edition.pk, edition.digest, state[0], state[2])


@lru_cache(maxsize=256)
def compare_for_delta(old_id: int, old_digest: str, new_id: int, new_digest: str) -> Delta:
    """The same for two editions of a course. Editions never change, and neither do releases."""
    editions = Edition.objects.in_bulk([old_id, new_id])
    old, new = editions[old_id], editions[new_id]
    raised = _find_raised_units(old, new)
    blocks = tuple(
        found for lesson in compare_editions(old, new).lessons for found in _list_lesson_changes(lesson, raised)
    )
    return Delta(old.number, new.number, blocks)


def _list_lesson_changes(lesson: LessonChange, raised: set[Unit]) -> list[DeltaBlock]:
    if lesson.kind == "removed":
        return []
    if lesson.is_unit and lesson.kind == "added":
        names = (lesson.lesson_id, lesson.title, lesson.module_title, lesson.lesson_id, "lesson", lesson.title)
        return [DeltaBlock(*names, "added", (), sum(block.seconds for block in lesson.blocks))]
    return [
        DeltaBlock(
            lesson.lesson_id,
            lesson.title,
            lesson.module_title,
            block.block_id,
            block.type,
            block.title,
            block.kind,
            block.fields,
            block.seconds,
        )
        for block in lesson.blocks
        if _is_to_do(block) and (block.change_class == "major" or (block.lesson_id, block.block_id) in raised)
    ]


def _is_to_do(block: BlockChange) -> bool:
    return block.kind != "removed" and block.is_required


def _find_raised_units(old: Edition, new: Edition) -> set[Unit]:
    """What changed in releases that are major because an editor said so. One query, two for each such release."""
    raised = (
        Release.objects.filter(
            edition__course_key=new.course_key,
            edition__language=new.language,
            edition__number__gt=old.number,
            edition__number__lte=new.number,
            change_class=ChangeClass.MAJOR,
            previous__isnull=False,
        )
        .exclude(computed_class=ChangeClass.MAJOR)
        .select_related("edition", "previous")
    )
    changes: list[CourseDiff] = [compare_editions(each.previous, each.edition) for each in raised if each.previous]
    return {(block.lesson_id, block.block_id) for change in changes for block in change.blocks if _is_to_do(block)}
