"""The questions of a quiz in order: single ones, pools of them, and draws from the question bank."""

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import IntegerBlock, StreamBlock, StructBlock
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.blocks.base import Raw, int_of, text_of
from courses.blocks.ids import ensure_ids
from courses.blocks.question_parts import BlanksBlock, EssayBlock, MatchingBlock, OrderingBlock
from courses.blocks.questions import (
    MultipleBlock,
    NumericBlock,
    QuestionBlock,
    ShortTextBlock,
    SingleBlock,
    TrueFalseBlock,
)
from courses.blocks.translation import SyncedCharBlock
from courses.quizzes.definition import Pool, Question
from courses.quizzes.question_problems import check_question

# The live questions of bank categories by the category's primary key.
Bank = Mapping[int, tuple[Question, ...]]
Path = tuple[str | int, ...]


class QuestionStream(StreamBlock):
    single = SingleBlock()
    multiple = MultipleBlock()
    true_false = TrueFalseBlock()
    short_text = ShortTextBlock()
    numeric = NumericBlock()
    matching = MatchingBlock()
    ordering = OrderingBlock()
    blanks = BlanksBlock()
    essay = EssayBlock()

    def to_questions(self, raw: Iterable[Raw]) -> tuple[Question, ...]:
        """The stored questions; types that no longer exist are left out."""
        return tuple(
            block.to_question(item["value"], item["id"])
            for item in raw or []
            if isinstance(block := self.child_blocks.get(item["type"]), QuestionBlock)
        )


class BankQuestionStream(QuestionStream):
    """The one question of a row of the bank; it is refused, except as a draft, when nobody could answer it rightly."""

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if not self.is_deferred_validation:
            raw = ensure_ids(self, copy.deepcopy(self.get_prep_value(value)))
            errors = {
                place: StructBlockValidationError(non_block_errors=[_sentence(message) for message in messages])
                for place, question in enumerate(self.to_questions(raw))
                if (messages := [message for _code, message in check_question(question)])
            }
            if errors:
                raise StreamBlockValidationError(block_errors=errors)
        return value


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]


def _count_block() -> IntegerBlock:
    return IntegerBlock(default=1, min_value=1, max_value=500, label=_("How many to draw"))


class PoolBlock(StructBlock):
    """Questions of which every attempt gets a few."""

    title = SyncedCharBlock(
        required=False, max_length=120, label=_("Title"), help_text=_("For you; learners do not see it.")
    )
    count = _count_block()
    questions = QuestionStream(required=False, label=_("Questions"), search_index=False)

    class Meta:
        icon = "folder-open-inverse"
        label = _("Pool: draw some of these")
        label_format = "{title}"
        group = _("Drawn for each attempt")
        form_classname = "struct-block cw-grid cw-draw"


class BankDrawBlock(StructBlock):
    """Questions of a category of the bank, as they are when the course is published."""

    category = SnippetChooserBlock("courses.QuestionCategory", label=_("Category"))
    count = _count_block()

    class Meta:
        icon = "folder-inverse"
        label = _("Draw from the question bank")
        label_format = "{category}"
        group = _("Drawn for each attempt")
        form_classname = "struct-block cw-grid cw-draw"

    def load_bank(self, raws: Iterable[Raw]) -> Bank:
        """The questions these draws may draw. One query at most."""
        category_ids = {raw["category"] for raw in raws if isinstance(raw.get("category"), int)}
        loaded: Bank = self.child_blocks["category"].model_class.load_questions(category_ids) if category_ids else {}
        return loaded


@dataclass(frozen=True)
class StoredQuestions:
    """Everything that may be drawn; ``paths`` lead to questions and pools by their ids."""

    questions: tuple[Question, ...]
    pools: tuple[Pool, ...]
    paths: Mapping[str, Path]


class QuizQuestionStream(QuestionStream):
    pool = PoolBlock()
    bank = BankDrawBlock()

    def draws(self, raw: Iterable[Raw]) -> Iterator[Raw]:
        """The values of the draws from the bank."""
        return (item["value"] for item in raw or [] if item["type"] == "bank")

    def read(self, raw: Iterable[Raw], bank: Bank) -> StoredQuestions:
        """Everything that may be drawn. A question that two draws share is there once."""
        questions: dict[str, Question] = {}
        pools: list[Pool] = []
        paths: dict[str, Path] = {}
        for place, item in enumerate(raw or []):
            value, here = item["value"], (place,)
            if item["type"] in ("pool", "bank"):
                paths[item["id"]] = here
                inner = self._pooled(item, bank)
                title = text_of(value, "title")
                keys = tuple(question.id for question in inner)
                pools.append(Pool(item["id"], title, int_of(value, "count", 1), keys))
            else:
                inner = self.to_questions([item])
            for position, question in enumerate(inner):
                path: Path = (*here, "questions", position) if item["type"] == "pool" else here
                questions.setdefault(question.id, question)
                paths.setdefault(question.id, path)
        return StoredQuestions(tuple(questions.values()), tuple(pools), paths)

    def _pooled(self, item: Raw, bank: Bank) -> tuple[Question, ...]:
        if item["type"] == "bank":
            return bank.get(item["value"].get("category"), ())
        stream: QuestionStream = self.child_blocks["pool"].child_blocks["questions"]
        return stream.to_questions(item["value"].get("questions") or [])
