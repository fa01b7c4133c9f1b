"""What an editor should know about the blocks of a lesson, found without a query."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from courses.blocks.lesson import LessonBody, RawItem
from courses.blocks.quiz import QuizBlock
from courses.blocks.refs import Refs


def find_block_warnings(body: LessonBody, raw: list[RawItem], refs: Refs) -> Iterator[str]:
    """What would stop publishing, and what only looks odd. ``refs`` hold the questions that quizzes draw."""
    if not raw:
        yield _("It has no content yet.")
    for place, (item, block) in enumerate(body.items(raw), start=1):
        if isinstance(block, QuizBlock):
            problems = block.find_quiz_problems(item["value"], refs.bank)
        else:
            problems = block.find_problems(item["value"])
        label = str(block.label).lower()
        for problem in problems:
            yield _("Block %(place)d (%(kind)s): %(message)s") % {
                "place": place,
                "kind": label,
                "message": problem.message,
            }
