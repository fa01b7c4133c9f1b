"""Questions made of parts, matching, ordering and blanks, and essays, which a person marks."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import IntegerBlock, StreamBlock, StructBlock

from courses.blocks.base import LineBlock, PlainTextBlock, Raw, int_of, text_of
from courses.blocks.questions import (
    QuestionBlock,
    case_rule_block,
    explanation_block,
    points_block,
    prompt_block,
    space_rule_block,
    text_rules,
)
from courses.quizzes.definition import Criterion, Item, Pair
from courses.quizzes.gap_text import split_gaps


class PairItem(StructBlock):
    """Two texts that belong together."""

    left = LineBlock(max_length=500, label=_("Left"), search_index=False)
    right = LineBlock(max_length=500, label=_("Right, belongs to it"), search_index=False)

    class Meta:
        icon = "link"
        label = _("Pair")
        label_format = "{left}"
        form_classname = "struct-block cw-grid cw-pair"


class PairStream(StreamBlock):
    pair = PairItem()

    class Meta:
        default = [("pair", {"left": "", "right": ""})] * 3


class MatchingBlock(QuestionBlock):
    definition_type = "matching"

    prompt = prompt_block()
    pairs = PairStream(required=False, label=_("Pairs"))
    distractors = StreamBlock(
        [("distractor", LineBlock(max_length=500, label=_("Right side"), icon="cross", search_index=False))],
        required=False,
        label=_("Right sides that belong to nothing"),
    )
    points = points_block()
    explanation = explanation_block()

    class Meta:
        icon = "link"
        label = _("Matching")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"
        help_text = _("Each right pair earns its part. A right side that is used twice earns nothing.")

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        return {
            "pairs": tuple(
                Pair(item["id"], text_of(item["value"], "left"), text_of(item["value"], "right"))
                for item in raw.get("pairs") or []
            ),
            "distractors": tuple(item["value"] for item in raw.get("distractors") or [] if item["value"]),
        }


class ItemStream(StreamBlock):
    item = LineBlock(max_length=500, label=_("Item"), icon="list-ol", search_index=False)

    class Meta:
        default = [("item", "")] * 3


class OrderingBlock(QuestionBlock):
    definition_type = "ordering"

    prompt = prompt_block()
    items = ItemStream(
        required=False, label=_("Items in the right order"), help_text=_("Learners always get them shuffled.")
    )
    points = points_block()
    explanation = explanation_block()

    class Meta:
        icon = "list-ol"
        label = _("Ordering")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"
        help_text = _("Each item that comes directly behind the right one earns its part.")

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        return {"items": tuple(Item(item["id"], item["value"] or "") for item in raw.get("items") or [])}


class BlanksBlock(QuestionBlock):
    definition_type = "blanks"

    prompt = prompt_block()
    text = PlainTextBlock(
        required=False,
        rows=4,
        max_length=8000,
        label=_("Text with blanks"),
        help_text=_(
            "Put each answer in double brackets, several accepted ones with a bar: "
            "Water boils at [[100|one hundred]] degrees."
        ),
        search_index=False,
    )
    is_case_sensitive = case_rule_block()
    keeps_spaces = space_rule_block()
    points = points_block()
    explanation = explanation_block()

    class Meta:
        icon = "pilcrow"
        label = _("Fill in the blanks")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"
        help_text = _("Each blank earns its part.")

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        texts, blanks = split_gaps(text_of(raw, "text"))
        return {"texts": texts, "blanks": blanks, **text_rules(raw)}


class CriterionItem(StructBlock):
    """One line of a rubric."""

    title = LineBlock(max_length=255, label=_("Criterion"), search_index=False)
    points = IntegerBlock(default=1, min_value=1, max_value=1000, label=_("Points"))
    description = PlainTextBlock(
        required=False, rows=1, max_length=2000, label=_("What full points ask for"), search_index=False
    )

    class Meta:
        icon = "clipboard-list"
        label = _("Criterion")
        label_format = "{title}"
        form_classname = "struct-block cw-grid cw-criterion"


class EssayBlock(QuestionBlock):
    definition_type = "essay"

    prompt = prompt_block()
    rubric = StreamBlock(
        [("criterion", CriterionItem())],
        required=False,
        label=_("Rubric"),
        help_text=_("Optional. The points of the criteria add up to those of the question."),
    )
    guidance = PlainTextBlock(
        required=False,
        rows=2,
        max_length=8000,
        label=_("Guidance for marking"),
        help_text=_("A model answer, for example. Learners never see it."),
        search_index=False,
    )
    min_words = IntegerBlock(required=False, min_value=1, max_value=5000, label=_("Fewest words"))
    max_words = IntegerBlock(required=False, min_value=1, max_value=5000, label=_("Most words"))
    points = points_block()
    explanation = explanation_block()

    class Meta:
        icon = "doc-full"
        label = _("Essay")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"
        help_text = _("Marked by a person. The result waits until all essays of the attempt are marked.")

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        return {
            "rubric": tuple(
                Criterion(
                    item["id"],
                    text_of(item["value"], "title"),
                    int_of(item["value"], "points", 1),
                    text_of(item["value"], "description"),
                )
                for item in raw.get("rubric") or []
            ),
            "guidance": text_of(raw, "guidance"),
            "min_words": raw.get("min_words"),
            "max_words": raw.get("max_words"),
        }
