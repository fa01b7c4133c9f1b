"""Puts questions from a text into the bank: first as a trial that says what would be made, then all or nothing."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from courses.bank.raw_questions import make_raw
from courses.blocks.question_stream import BankQuestionStream
from courses.models.bank import BankQuestion, QuestionCategory
from courses.quizzes.definition import Question
from courses.quizzes.exchange import Fault, Reading, ReadQuestion, without_ids
from courses.quizzes.gift import read_gift
from courses.quizzes.question_csv import read_csv

Format = Literal["gift", "csv"]
READERS: Mapping[str, Callable[[str], Reading]] = {"gift": read_gift, "csv": read_csv}


class ImportRefusedError(Exception):
    """Nothing was imported; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Planned:
    """One question of the text, and what will become of it."""

    read: ReadQuestion
    category: str
    is_new_category: bool
    is_there: bool  # in the category already: left out

    @property
    def type_label(self) -> str:
        return str(BankQuestionStream().child_blocks[self.read.question.type].label)


@dataclass(frozen=True)
class ImportPlan:
    planned: tuple[Planned, ...]
    faults: tuple[Fault, ...]

    @property
    def new(self) -> list[Planned]:
        return [item for item in self.planned if not item.is_there]

    @property
    def new_categories(self) -> list[str]:
        return list(dict.fromkeys(item.category for item in self.new if item.is_new_category))


@dataclass(frozen=True)
class Imported:
    made: int
    left_out: int
    is_live: bool


def plan_import(*, text: str, text_format: Format, category: QuestionCategory) -> ImportPlan:
    """What importing the text would do. Reads only; three queries at most.

    A question that names a category goes there, by name whatever the capitals; every other one to ``category``.
    One that is in its category already, word for word and draft or not, is left out, so that a text may be imported
    again after it has grown.
    """
    reading = READERS[text_format](text)
    categories = _find_categories({read.category for read in reading.questions}, category)
    known = _load_known([found.pk for found in categories.values()])
    planned = []
    for read in reading.questions:
        name = read.category or category.name
        found = categories.get(name.casefold())
        seen = known.setdefault(found.pk if found else name.casefold(), set())
        content = without_ids(read.question)
        planned.append(Planned(read, found.name if found else name, found is None, content in seen))
        seen.add(content)
    return ImportPlan(tuple(planned), reading.faults)


@transaction.atomic
def import_questions(
    *, text: str, text_format: Format, category: QuestionCategory, user: Any, publish: bool = False
) -> Imported:
    """Make what ``plan_import`` says, as drafts or published, in one transaction.

    Raises ``ImportRefusedError`` for a text with faults, and for what ``user`` may not do.
    """
    # One import at a time a category, so that the same text sent twice is imported once.
    QuestionCategory.objects.select_for_update().get(pk=category.pk)
    plan = plan_import(text=text, text_format=text_format, category=category)
    _check_allowed(plan, user, publish)
    if plan.faults:
        raise ImportRefusedError(_("Nothing was imported: mend what is listed below first."))
    categories = {category.name.casefold(): category}
    for item in plan.new:
        key = item.category.casefold()
        if key not in categories:
            categories[key] = _get_category(item.category)
        _make_question(item.read, categories[key], user, publish)
    return Imported(len(plan.new), len(plan.planned) - len(plan.new), publish)


def may_import(user: Any) -> bool:
    return user.has_perm("wagtailadmin.access_admin") and user.has_perm("courses.add_bankquestion")


def may_publish(user: Any) -> bool:
    return user.has_perm("courses.publish_bankquestion")


def _check_allowed(plan: ImportPlan, user: Any, publish: bool) -> None:
    if not may_import(user):
        raise ImportRefusedError(_("You may not add questions to the bank."))
    if publish and not may_publish(user):
        raise ImportRefusedError(_("You may not publish questions. Import them as drafts, and ask for a review."))
    if plan.new_categories and not user.has_perm("courses.add_questioncategory"):
        raise ImportRefusedError(
            _("You may not add categories. Ask for “%(name)s”, or remove it from the text.")
            % {"name": plan.new_categories[0]}
        )


def _find_categories(names: Iterable[str], category: QuestionCategory) -> dict[str, QuestionCategory]:
    """By name in small letters. One query, none where no name is given."""
    wanted = {name.casefold() for name in names if name} - {category.name.casefold()}
    found = {category.name.casefold(): category}
    if wanted:
        found |= {
            each.name.casefold(): each for each in QuestionCategory.objects.all() if each.name.casefold() in wanted
        }
    return found


def _load_known(category_ids: Iterable[int]) -> dict[Any, set[Question]]:
    """What the categories hold, drafts included, ids left aside. One query."""
    known: dict[Any, set[Question]] = {}
    rows = BankQuestion.objects.filter(category_id__in=category_ids).order_by("pk")
    for category_id, stream in rows.values_list("category_id", "question"):
        block = stream.stream_block
        known.setdefault(category_id, set()).update(map(without_ids, block.to_questions(list(stream.raw_data)[:1])))
    return known


def _get_category(name: str) -> QuestionCategory:
    existing = next((each for each in QuestionCategory.objects.all() if each.name.casefold() == name.casefold()), None)
    if existing is not None:
        return existing
    base = slugify(name)[:70] or "category"
    slug, number = base, 1
    while QuestionCategory.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return QuestionCategory.objects.create(name=name, slug=slug)


def _make_question(read: ReadQuestion, category: QuestionCategory, user: Any, publish: bool) -> None:
    row = BankQuestion(category=category, title=read.title, question=json.dumps([make_raw(read.question)]), live=False)
    row.has_unpublished_changes = True
    row.save()
    log(instance=row, action="wagtail.create", user=user)
    revision = row.save_revision(user=user, log_action=True)
    if publish:
        revision.publish(user=user)
