"""The quiz block: questions, choices and answers as streams, because their ids are what learners' answers name."""

import copy
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, ChoiceBlock, FloatBlock, IntegerBlock, StreamBlock, StructBlock

from courses.blocks.base import BlockProblem, LessonBlock, PlainTextBlock, Raw, int_of, text_of, title_block
from courses.blocks.ids import ensure_ids
from courses.blocks.refs import Refs
from courses.quizzes.definition import Choice, Question, QuestionType, Quiz
from courses.quizzes.problems import find_problems


def _prompt() -> PlainTextBlock:
    return PlainTextBlock(rows=2, max_length=4000, label=_("Question"), search_index=False)


def _points() -> IntegerBlock:
    return IntegerBlock(required=False, default=1, min_value=1, max_value=1000, label=_("Points"))


def _explanation() -> PlainTextBlock:
    return PlainTextBlock(
        required=False,
        rows=2,
        max_length=4000,
        label=_("Explanation"),
        help_text=_("Shown with the result, after the learner has answered."),
        search_index=False,
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


def _choices(raw: Raw) -> tuple[Choice, ...]:
    from courses.quizzes.definition import Choice

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

    prompt = _prompt()
    choices = ChoiceStream(required=False, label=_("Choices"))
    points = _points()
    explanation = _explanation()

    class Meta:
        icon = "radio-full"
        label = _("One right answer")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        return {"choices": _choices(raw)}


class MultipleBlock(QuestionBlock):
    definition_type = "multiple"

    prompt = _prompt()
    choices = ChoiceStream(required=False, label=_("Choices"))
    points = _points()
    explanation = _explanation()

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

    prompt = _prompt()
    answer = ChoiceBlock(
        choices=[("true", _("True")), ("false", _("False"))],
        required=False,
        label=_("Right answer"),
        search_index=False,
    )
    feedback_true = _feedback(_("Feedback to “true”"))
    feedback_false = _feedback(_("Feedback to “false”"))
    points = _points()
    explanation = _explanation()

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

    prompt = _prompt()
    answers = StreamBlock(
        [("answer", CharBlock(max_length=500, label=_("Accepted answer"), icon="check", search_index=False))],
        required=False,
        label=_("Accepted answers"),
    )
    is_case_sensitive = BooleanBlock(required=False, default=False, label=_("Capitals matter"))
    points = _points()
    explanation = _explanation()

    class Meta:
        icon = "pilcrow"
        label = _("Short text")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        accepted = tuple(item["value"] for item in raw.get("answers") or [] if item["value"])
        return {"accepted": accepted, "is_case_sensitive": bool(raw.get("is_case_sensitive"))}


class NumericBlock(QuestionBlock):
    definition_type = "numeric"

    prompt = _prompt()
    number = FloatBlock(required=False, label=_("Right number"))
    tolerance = FloatBlock(
        required=False, default=0, min_value=0, label=_("Tolerance"), help_text=_("Also right if off by up to this.")
    )
    unit = CharBlock(required=False, max_length=40, label=_("Unit"), help_text=_("Shown behind the field."))
    points = _points()
    explanation = _explanation()

    class Meta:
        icon = "decimal"
        label = _("Number")
        label_format = "{prompt}"
        form_classname = "struct-block cw-grid"

    def answer_parts(self, raw: Raw) -> dict[str, Any]:
        return {"number": raw.get("number"), "tolerance": raw.get("tolerance") or 0.0, "unit": text_of(raw, "unit")}


class QuestionStream(StreamBlock):
    single = SingleBlock()
    multiple = MultipleBlock()
    true_false = TrueFalseBlock()
    short_text = ShortTextBlock()
    numeric = NumericBlock()


class QuizBlock(LessonBlock):
    title = title_block(label=_("Title"))
    introduction = PlainTextBlock(required=False, rows=2, max_length=4000, label=_("Introduction"))
    questions = QuestionStream(required=False, label=_("Questions"), search_index=False)
    pass_percent = IntegerBlock(
        required=False,
        default=70,
        min_value=0,
        max_value=100,
        label=_("Pass mark"),
        help_text=_("Percent of all points."),
    )
    attempts_allowed = IntegerBlock(
        required=False, min_value=1, max_value=100, label=_("Attempts allowed"), help_text=_("Empty for no limit.")
    )
    shuffle_questions = BooleanBlock(required=False, default=False, label=_("Shuffle the questions"))
    shuffle_choices = BooleanBlock(required=False, default=False, label=_("Shuffle the choices"))

    settings_first = ("shuffle_questions", "shuffle_choices")

    class Meta:
        icon = "help"
        label = _("Quiz")
        group = _("Assessment")
        form_classname = "struct-block cw-grid"
        label_format = "{title}"
        description = _("Questions that are marked on the server. Answers are never shown before they are handed in.")
        preview_value = {"title": "Check yourself", "introduction": "Two minutes, as often as you like."}

    def to_quiz(self, raw: Raw, block_id: str) -> Quiz:
        """The raw value as the pure definition, key included."""
        questions: StreamBlock = self.child_blocks["questions"]
        return Quiz(
            id=block_id,
            title=text_of(raw, "title"),
            introduction=text_of(raw, "introduction"),
            pass_percent=int_of(raw, "pass_percent", 70),
            attempts_allowed=raw.get("attempts_allowed"),
            time_limit=raw.get("time_limit"),
            shuffle_questions=bool(raw.get("shuffle_questions")),
            shuffle_choices=bool(raw.get("shuffle_choices")),
            questions=tuple(
                questions.child_blocks[item["type"]].to_question(item["value"], item["id"])
                for item in raw.get("questions") or []
            ),
        )

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        quiz = self.to_quiz(raw, "")
        return {
            "title": quiz.title,
            "introduction": quiz.introduction,
            "question_count": len(quiz.questions),
            "points": quiz.points,
            "pass_percent": quiz.pass_percent,
            "attempts_allowed": quiz.attempts_allowed,
            "shuffle_questions": quiz.shuffle_questions,
            "shuffle_choices": quiz.shuffle_choices,
        }

    def find_problems(self, raw: Raw) -> list[BlockProblem]:
        raw = ensure_ids(self, copy.deepcopy(dict(raw)))
        quiz = self.to_quiz(raw, "quiz")
        places = {question.id: place for place, question in enumerate(quiz.questions)}
        return [
            BlockProblem(problem.message, _path(problem.code, problem.question_id, places))
            for problem in find_problems(quiz)
        ]


def _path(code: str, question_id: str | None, places: dict[str, int]) -> tuple[str | int, ...]:
    if question_id is None:
        return ("pass_percent",) if "pass" in code else ("questions",)
    return ("questions", places[question_id])
