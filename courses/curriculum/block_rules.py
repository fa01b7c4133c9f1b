"""Sets "required" and the time limit on the blocks of many lessons at once, as drafts."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from courses.curriculum.access import CurriculumError, check_editable, get_page, open_tree
from courses.curriculum.services import choose_lessons, explaining
from courses.models.lesson import LessonPage

MOST_LESSONS = 100
MOST_MINUTES = 1440


@dataclass(frozen=True)
class BlockRules:
    """``None`` leaves a rule as it is; a time limit of 0 takes it away. ``kinds``: types of blocks, empty for all."""

    is_required: bool | None = None
    time_limit: int | None = None
    kinds: frozenset[str] = frozenset()

    def changes(self) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        if self.is_required is not None:
            changes["is_required"] = self.is_required
        if self.time_limit is not None:
            changes["time_limit"] = self.time_limit or None
        return changes


@dataclass(frozen=True)
class Applied:
    lessons: int
    blocks: int


@transaction.atomic
def apply_block_rules(
    *, course_id: int, version: str, lesson_ids: Sequence[int], rules: BlockRules, user: Any
) -> Applied:
    """A draft of each lesson in which a block changes; the others stay untouched, and all ids stay what they are.

    All or nothing: one lesson that is locked or may not be edited stops it. Raises ``CurriculumError``.
    """
    _course, shape = open_tree(course_id, version)
    chosen = choose_lessons(shape, lesson_ids)
    _check(rules, chosen)
    lessons = blocks = 0
    for page_id in chosen:
        page = get_page(page_id, shape)
        check_editable(page, user)
        draft = page.get_latest_revision_as_object()
        if changed := _change_blocks(draft, rules):
            with explaining():
                draft.save_revision(user=user, log_action=True)
            lessons += 1
            blocks += changed
    return Applied(lessons, blocks)


def _check(rules: BlockRules, chosen: Sequence[int]) -> None:
    if not rules.changes():
        raise CurriculumError("invalid", _("Say what shall change: required, the time limit, or both."))
    if rules.time_limit is not None and not 0 <= rules.time_limit <= MOST_MINUTES:
        raise CurriculumError("invalid", _("A time limit is 1 to %(most)d minutes.") % {"most": MOST_MINUTES})
    if len(chosen) > MOST_LESSONS:
        raise CurriculumError("invalid", _("Choose at most %(most)d lessons at a time.") % {"most": MOST_LESSONS})


def _change_blocks(draft: LessonPage, rules: BlockRules) -> int:
    """How many blocks changed."""
    stream = draft.body.stream_block
    raw = copy.deepcopy(list(draft.body.get_prep_value()))
    changes = rules.changes()
    changed = 0
    for item, block in stream.items(raw):
        if rules.kinds and item["type"] not in rules.kinds:
            continue
        before = {name: item["value"].get(name, block.child_blocks[name].get_default()) for name in changes}
        if before != changes:
            item["value"] |= changes
            changed += 1
    if changed:
        draft.body = StreamValue(stream, raw, is_lazy=True)
    return changed
