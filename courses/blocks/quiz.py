"""The quiz block: its questions and the settings an attempt at it follows."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, ChoiceBlock, IntegerBlock

from courses.blocks.base import BlockProblem, LessonBlock, PlainTextBlock, Raw, int_of, text_of, title_block
from courses.blocks.ids import ensure_ids, has_all_ids
from courses.blocks.question_stream import Bank, Path, QuizQuestionStream
from courses.blocks.refs import Reference, Refs, reference
from courses.quizzes.definition import REVIEW_POLICIES, SCORE_POLICIES, Quiz
from courses.quizzes.problems import Problem, find_problems


class PolicyBlock(ChoiceBlock):
    """One of a few rules; a writer that does not know the field leaves the default."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or self.get_default())


class QuizBlock(LessonBlock):
    title = title_block(label=_("Title"))
    introduction = PlainTextBlock(required=False, rows=2, max_length=4000, label=_("Introduction"))
    questions = QuizQuestionStream(required=False, label=_("Questions"), search_index=False)
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
    cooldown_minutes = IntegerBlock(
        required=False,
        min_value=1,
        max_value=43_200,
        label=_("Wait between attempts"),
        help_text=_("Minutes; empty for none."),
    )
    score_policy = PolicyBlock(
        choices=[
            ("best", _("The best attempt")),
            ("last", _("The last attempt")),
            ("average", _("The average of all attempts")),
        ],
        default="best",
        label=_("What counts as the score"),
        search_index=False,
    )
    review_policy = PolicyBlock(
        choices=[
            ("when_useless", _("When it cannot be used any more: passed, or no attempt left")),
            ("after_submission", _("After every attempt")),
            ("after_passing", _("After passing")),
            ("after_deadline", _("After the deadline of the course")),
            ("never", _("Never")),
        ],
        default="when_useless",
        label=_("When learners see the right answers"),
        search_index=False,
    )
    shuffle_questions = BooleanBlock(required=False, default=False, label=_("Shuffle the questions"))
    shuffle_choices = BooleanBlock(required=False, default=False, label=_("Shuffle the choices"))

    settings_first = ("cooldown_minutes", "score_policy", "review_policy", "shuffle_questions", "shuffle_choices")

    class Meta:
        icon = "help"
        label = _("Quiz")
        group = _("Assessment")
        form_classname = "struct-block cw-grid"
        label_format = "{title}"
        description = _("Questions that are marked on the server. Answers are never shown before they are handed in.")
        preview_value = {"title": "Check yourself", "introduction": "Two minutes, as often as you like."}

    @property
    def stream(self) -> QuizQuestionStream:
        return cast(QuizQuestionStream, self.child_blocks["questions"])

    def to_quiz(self, raw: Raw, block_id: str, bank: Bank | None = None) -> Quiz:
        """The raw value as the pure definition, key included. ``bank`` holds what its draws may draw."""
        stored = self.stream.read(raw.get("questions") or [], bank or {})
        return Quiz(
            id=block_id,
            title=text_of(raw, "title"),
            introduction=text_of(raw, "introduction"),
            pass_percent=int_of(raw, "pass_percent", 70),
            attempts_allowed=raw.get("attempts_allowed"),
            time_limit=raw.get("time_limit"),
            shuffle_questions=bool(raw.get("shuffle_questions")),
            shuffle_choices=bool(raw.get("shuffle_choices")),
            cooldown_minutes=raw.get("cooldown_minutes"),
            score_policy=_option(raw, "score_policy", SCORE_POLICIES),
            review_policy=_option(raw, "review_policy", REVIEW_POLICIES),
            questions=stored.questions,
            pools=stored.pools,
        )

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        quiz = self.to_quiz(raw, "", refs.bank)
        return {
            "title": quiz.title,
            "introduction": quiz.introduction,
            "question_count": quiz.question_count,
            "points": quiz.points,
            "pass_percent": quiz.pass_percent,
            "attempts_allowed": quiz.attempts_allowed,
            "shuffle_questions": quiz.shuffle_questions,
            "shuffle_choices": quiz.shuffle_choices,
            "cooldown_minutes": quiz.cooldown_minutes,
            "score_policy": quiz.score_policy,
            "review_policy": quiz.review_policy,
            "needs_marking": quiz.needs_marking,
        }

    def references(self, raw: Raw) -> Iterator[Reference]:
        for draw in self.stream.draws(raw.get("questions") or []):
            yield from reference("bank", draw.get("category"))

    def find_problems(self, raw: Raw) -> list[BlockProblem]:
        """One query where the quiz draws from the bank."""
        bank = self.stream.child_blocks["bank"].load_bank(self.stream.draws(raw.get("questions") or []))
        return self.find_quiz_problems(raw, bank)

    def find_quiz_problems(self, raw: Raw, bank: Bank) -> list[BlockProblem]:
        """``find_problems`` for those who have the questions of the bank already. No query."""
        if not has_all_ids(self, raw):
            raw = ensure_ids(self, copy.deepcopy(dict(raw)))
        paths = self.stream.read(raw.get("questions") or [], bank).paths
        return [
            BlockProblem(problem.message, _path(problem, paths))
            for problem in find_problems(self.to_quiz(raw, "quiz", bank))
        ]


def _option(raw: Raw, name: str, options: tuple[str, ...]) -> Any:
    """One of the options; the first for missing and unknown ones."""
    value = text_of(raw, name)
    return value if value in options else options[0]


def _path(problem: Problem, paths: Mapping[str, Path]) -> Path:
    place = paths.get(problem.question_id or problem.pool_id or "")
    if place is not None:
        return ("questions", *place)
    return ("pass_percent",) if "pass" in problem.code else ("questions",)
