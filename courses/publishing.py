"""The gate in front of publishing: what must be right before learners may see a page, on every way to publish."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.blocks import StreamValue
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from courses.blocks.lesson import LessonBody, RawItem

logger = logging.getLogger(__name__)

SCHEDULED = "wagtail.publish.scheduled"
REFUSED = "courses.publish.refused"


@dataclass(frozen=True)
class PublishProblem:
    """What is wrong, in words for the editor. Errors stop publishing, warnings do not."""

    message: str
    block_id: str | None = None
    level: Literal["error", "warning"] = "error"


class PublishRefusedError(Exception):
    """Nothing was published; ``problems`` says why."""

    def __init__(self, page: Page, problems: Iterable[PublishProblem]) -> None:
        self.page = page
        self.problems = list(problems)
        super().__init__(
            f"“{page.get_admin_display_title()}” was not published: "
            + " ".join(problem.message for problem in self.problems)
        )


def find_publish_problems(page: Page) -> list[PublishProblem]:
    """Everything wrong with this version of a page: its blocks in reading order, then what it waits for.

    Reads the raw blocks without a query; rules of what opens after what cost a few, where there are any.
    """
    if getattr(page, "is_template", False):
        return [PublishProblem(_("It is a template, and templates are never published. Make a copy of it instead."))]
    find_gate_problems = getattr(page, "find_gate_problems", None)
    return [*_find_block_problems(page), *(find_gate_problems() if find_gate_problems else [])]


def _find_block_problems(page: Page) -> list[PublishProblem]:
    body = getattr(page, "body", None)
    if not isinstance(body, StreamValue) or not isinstance(body.stream_block, LessonBody):
        return []
    raw = list(body.get_prep_value())
    places = {item["id"]: place for place, item in enumerate(raw, start=1)}
    return [
        PublishProblem(
            _("%(place)s: %(message)s")
            % {"place": name_block(item, places[item["id"]], body.stream_block), "message": problem.message},
            item["id"],
            problem.level,
        )
        for item, problem in body.stream_block.find_problems(raw)
    ]


def find_publish_errors(page: Page) -> list[PublishProblem]:
    """Only what stops publishing."""
    return [problem for problem in find_publish_problems(page) if problem.level == "error"]


def name_block(item: RawItem, place: int, body: LessonBody) -> str:
    """How an editor finds it: "Block 2 (video “Call”)"."""
    label = str(body.child_blocks[item["type"]].label).lower()
    title = item["value"].get("title") or ""
    where = f"{label} “{title}”" if title else label
    return _("Block %(place)d (%(where)s)") % {"place": place, "where": where}


class GatedPublishAction(PublishPageRevisionAction):
    """Publishes a page unless it has errors.

    Raises ``PublishRefusedError``; a scheduled publication is instead taken off the schedule and logged, so that the
    other pages of the run are published.
    """

    def execute(self, skip_permission_checks: bool = False) -> Any:
        problems = find_publish_errors(self.object)
        if not problems:
            return super().execute(skip_permission_checks=skip_permission_checks)
        refused = PublishRefusedError(self.object, problems)
        if self.log_action != SCHEDULED:
            raise refused
        Revision.objects.filter(pk=self.revision.pk).update(approved_go_live_at=None)
        log(instance=self.object, action=REFUSED, data={"problems": [problem.message for problem in problems]})
        logger.error("Scheduled publication refused. %s", refused)
        return None
