"""Questions answered in one go: choices, short text, number. Streams, because what learners answer names their ids."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, ChoiceBlock, FloatBlock, IntegerBlock, StreamBlock, StructBlock

from courses.blocks.base import LineBlock, PlainTextBlock, Raw, int_of, text_of
from courses.quizzes.definition import Choice, Question, QuestionType


def prompt_block() -> PlainTextBlock:
    return PlainTextBlock(rows=2, max_length=4000, label=_("Question"), search_index=False)


def points_block() -> IntegerBlock:
    return IntegerBlock(required=False, default=1, min_value=1, max_value=1000, label=_("Points"))


def explanation_block() -> PlainTextBlock:
    return PlainTextBlock(
        required=False,
        rows=2,
        max_length=4000,
        label=_("Explanation"),
        help_text=_("Shown with the result, after the learner has answered."),
        search_index=False,
    )


def case_rule_block() -> BooleanBlock:
    return BooleanBlock(required=False, default=False, label=_("Capitals matter"))


def space_rule_block() -> BooleanBlock:
    return BooleanBlock(
        required=False,
        default=False,
        label=_("Spaces matter"),
        help_text=_("Otherwise several spaces count as one."),
    )


def _feedback(label: Any) -> PlainTextBlock:
    return PlainTextBlock(required=False, rows=1, max_length=2000, label=label, search_index=False)


class ChoiceItem(StructBlock):
    """One possible answer."""

    text = PlainTextBlock(rows=1, max_length=2000, label=_("Answer"), search_index=False)
    is_correct = BooleanBlock(required=False, default=False, label=_("This is right"))
    feedback = _feedback(_("Feedback"))

    class Meta:
        icon = "radio-full"
        label = _("Choice")
        label_format = "{text}"
        form_classname = "struct-block cw-grid cw-choice"


class ChoiceStream(StreamBlock):
    choice = ChoiceItem()

    class Meta:
        # A new question starts with two empty choices, because fewer make no sense.
        default = [("choice", {"text": "", "is_correct": False, "feedback": ""})] * 2


class QuestionBlock(StructBlock):
    """What all question types share; each answers its part of the pure definition."""

    definition_type: QuestionType

    def to_question(self, raw: Raw, question_id: str) -> Question:
        return Question(
            id=question_id,
            type=self.definition_type,
            prompt=text_of(raw, "prompt"),
            points=int_of(raw, "points", 1),
            explanation=text_of(raw, "explanation"),
            **self.answer_parts(raw),
        )

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        raise NotImplementedError


def text_rules(raw: Raw) -> dict[str, bool]:
    return {
        "is_case_sensitive": bool(raw.get("is_case_sensitive")),
        "keeps_spaces": bool(raw.get("keeps_spaces")),
    }


def _choices(raw: Raw) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            id=item["id"],
            text=text_of(item["value"], "text"),
            is_correct=bool(item["value"].get("is_correct")),
            feedback=text_of(item["value"], "feedback"),
        )
        for item in raw.get("choices") or []
    )


class SingleBlock(QuestionBlock):
    definition_type = "single"

    prompt = prompt_block()
    choices = ChoiceStream(required=False, label=_("Choices"))
    points = points_block()
    explanation = explanation_block()

    class Meta:
        icon = "radio-full"
        label = _("One right answer")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        return {"choices": _choices(raw)}


class MultipleBlock(QuestionBlock):
    definition_type = "multiple"

    prompt = prompt_block()
    choices = ChoiceStream(required=False, label=_("Choices"))
    points = points_block()
    explanation = explanation_block()

    class Meta:
        icon = "list-ul"
        label = _("Several right answers")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"
        help_text = _("Every wrong tick costs as much as a right one earns, so ticking everything scores nothing.")

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        return {"choices": _choices(raw)}


class TrueFalseBlock(QuestionBlock):
    definition_type = "true_false"

    prompt = prompt_block()
    answer = ChoiceBlock(
        choices=[("true", _("True")), ("false", _("False"))],
        required=False,
        label=_("Right answer"),
        search_index=False,
    )
    feedback_true = _feedback(_("Feedback to “true”"))
    feedback_false = _feedback(_("Feedback to “false”"))
    points = points_block()
    explanation = explanation_block()

    class Meta:
        icon = "check"
        label = _("True or false")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        answer = text_of(raw, "answer")
        return {
            "choices": (
                Choice("true", str(_("True")), answer == "true", text_of(raw, "feedback_true")),
                Choice("false", str(_("False")), answer == "false", text_of(raw, "feedback_false")),
            )
        }


class ShortTextBlock(QuestionBlock):
    definition_type = "short_text"

    prompt = prompt_block()
    answers = StreamBlock(
        [("answer", LineBlock(max_length=500, label=_("Accepted answer"), icon="check", search_index=False))],
        required=False,
        label=_("Accepted answers"),
    )
    is_case_sensitive = case_rule_block()
    keeps_spaces = space_rule_block()
    points = points_block()
    explanation = explanation_block()

    class Meta:
        icon = "pilcrow"
        label = _("Short text")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        accepted = tuple(item["value"] for item in raw.get("answers") or [] if item["value"])
        return {"accepted": accepted, **text_rules(raw)}


class NumericBlock(QuestionBlock):
    definition_type = "numeric"

    prompt = prompt_block()
    number = FloatBlock(required=False, label=_("Right number"))
    tolerance = FloatBlock(
        required=False, default=0, min_value=0, label=_("Tolerance"), help_text=_("Also right if off by up to this.")
    )
    unit = LineBlock(required=False, max_length=40, label=_("Unit"), help_text=_("Shown behind the field."))
    points = points_block()
    explanation = explanation_block()

    class Meta:
        icon = "decimal"
        label = _("Number")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        return {"number": raw.get("number"), "tolerance": raw.get("tolerance") or 0.0, "unit": text_of(raw, "unit")}
