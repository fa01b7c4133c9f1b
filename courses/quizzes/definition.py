"""What a quiz is: frozen dataclasses, and what follows from them without an answer in sight."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

QuestionType = Literal[
    "single", "multiple", "true_false", "short_text", "numeric", "matching", "ordering", "blanks", "essay"
]
QUESTION_TYPES: tuple[str, ...] = get_args(QuestionType)
CHOICE_TYPES = ("single", "multiple", "true_false")

ScorePolicy = Literal["best", "last", "average"]
SCORE_POLICIES: tuple[str, ...] = get_args(ScorePolicy)
# "when_useless" shows the key when nobody can use it any more (docs/decisions/0006), the safe rule for an exam.
ReviewPolicy = Literal["when_useless", "after_submission", "after_passing", "after_deadline", "never"]
REVIEW_POLICIES: tuple[str, ...] = get_args(ReviewPolicy)

_RIGHTS = uuid.UUID("7d0c8c0e-3c1c-5c57-9a36-0d3f8f6a5b21")


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    text: str
    is_correct: bool
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """``id`` names the left side only: were it the right side's, too, the paper would tell the answer."""

    id: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Right:
    """A right side as learners pick it, from a pair or a distractor; nothing tells which."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    id: str
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    id: str
    title: str
    points: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; each type has its own fields.

    ``choices`` serve the three choice types, ``accepted`` short text, ``number`` numeric, ``pairs`` and ``distractors``
    matching, ``items`` (in the right order) ordering, ``texts`` and ``blanks`` fill in the blanks: blank n stands
    between text n and n + 1. ``rubric`` and ``guidance`` are for whoever marks an essay; learners never see
    ``guidance``. Case and space rules hold for short text and blanks.
    """

    id: str
    type: QuestionType
    prompt: str
    points: int = 1
    choices: tuple[Choice, ...] = ()
    accepted: tuple[str, ...] = ()
    is_case_sensitive: bool = False
    keeps_spaces: bool = False
    number: float | None = None
    tolerance: float = 0.0
    unit: str = ""
    pairs: tuple[Pair, ...] = ()
    distractors: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    texts: tuple[str, ...] = ()
    blanks: tuple[Blank, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    guidance: str = ""
    min_words: int | None = None
    max_words: int | None = None
    explanation: str = ""

    @property
    def right_ids(self) -> tuple[str, ...]:
        return tuple(choice.id for choice in self.choices if choice.is_correct)

    @property
    def rights(self) -> tuple[Right, ...]:
        """All right sides, pairs before distractors."""
        return tuple(
            Right(self.right_id(text), text) for text in (*(pair.right for pair in self.pairs), *self.distractors)
        )

    def right_id(self, text: str) -> str:
        """The id of a right side: made of what learners see anyway, so that it gives nothing away, and the same
        wherever the text stands, so that answers mean the same after the pairs were put right."""
        return str(uuid.uuid5(_RIGHTS, f"{self.id}\x1f{' '.join(text.split())}"))

    @property
    def right_pairs(self) -> dict[str, str]:
        return {pair.id: self.right_id(pair.right) for pair in self.pairs}


@dataclass(frozen=True, slots=True)
class Pool:
    """``count`` of its questions are drawn for each paper."""

    id: str
    title: str
    count: int
    question_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quiz:
    """``time_limit`` and ``cooldown_minutes`` are minutes; ``attempts_allowed`` None means any number.

    ``questions`` are all that may be drawn. One that stands in a pool is on a paper only if the seed draws it; every
    other one is on every paper.
    """

    id: str
    title: str
    introduction: str
    pass_percent: int = 70
    attempts_allowed: int | None = None
    time_limit: int | None = None
    shuffle_questions: bool = False
    shuffle_choices: bool = False
    cooldown_minutes: int | None = None
    score_policy: ScorePolicy = "best"
    review_policy: ReviewPolicy = "when_useless"
    questions: tuple[Question, ...] = ()
    pools: tuple[Pool, ...] = ()

    @property
    def points(self) -> int:
        """The points of a paper. Where draws differ, of the one with the fewest."""
        points = {question.id: question.points for question in self.questions}
        drawn = sum(
            sum(sorted(points[key] for key in pool.question_ids if key in points)[: max(0, pool.count)])
            for pool in self.pools
        )
        return sum(question.points for question in self.fixed_questions) + drawn

    @property
    def question_count(self) -> int:
        """How many questions a paper has."""
        known = {question.id for question in self.questions}
        return len(self.fixed_questions) + sum(
            max(0, min(pool.count, len(known.intersection(pool.question_ids)))) for pool in self.pools
        )

    @property
    def fixed_questions(self) -> tuple[Question, ...]:
        """The questions that are on every paper."""
        pooled = {key for pool in self.pools for key in pool.question_ids}
        return tuple(question for question in self.questions if question.id not in pooled)

    @property
    def needs_marking(self) -> bool:
        """Whether a paper may hold an essay, which a person marks."""
        return any(question.type == "essay" for question in self.questions)

    def on_paper(self, question_ids: Iterable[str]) -> "Quiz":
        """The quiz as one paper has it: what is graded, counted and reviewed."""
        drawn = set(question_ids)
        return replace(self, questions=tuple(question for question in self.questions if question.id in drawn), pools=())


def true_false_choices(
    answer: bool, *, feedback_true: str = "", feedback_false: str = "", labels: tuple[str, str] = ("True", "False")
) -> tuple[Choice, Choice]:
    """The two fixed choices of a true/false question; their ids are always "true" and "false"."""
    return (
        Choice("true", labels[0], answer, feedback_true),
        Choice("false", labels[1], not answer, feedback_false),
    )
