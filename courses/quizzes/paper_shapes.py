"""The shapes of the questions on a paper, as attempts store and the API serves them: no key in any of them."""

from typing import Literal, TypedDict


class PaperPart(TypedDict):
    """A choice, a left or right side, or an item, as the learner sees it."""

    id: str
    text: str


class PaperGap(TypedDict):
    """A blank to fill in."""

    blank: str


class PaperText(TypedDict):
    """A piece of the text between blanks."""

    text: str


class PaperQuestionBase(TypedDict):
    """``choices`` and ``unit`` are empty where a type has none."""

    id: str
    prompt: str
    points: int
    unit: str
    choices: list[PaperPart]


class SingleQuestion(PaperQuestionBase):
    type: Literal["single"]


class MultipleQuestion(PaperQuestionBase):
    type: Literal["multiple"]


class TrueFalseQuestion(PaperQuestionBase):
    type: Literal["true_false"]


class ShortTextQuestion(PaperQuestionBase):
    type: Literal["short_text"]


class NumericQuestion(PaperQuestionBase):
    type: Literal["numeric"]


class MatchingQuestion(PaperQuestionBase):
    """Answered with ``pairs``: a right id by each left id. There may be more right sides than left ones."""

    type: Literal["matching"]
    lefts: list[PaperPart]
    rights: list[PaperPart]


class OrderingQuestion(PaperQuestionBase):
    """Answered with ``order``: the ids of all items."""

    type: Literal["ordering"]
    items: list[PaperPart]


class BlanksQuestion(PaperQuestionBase):
    """Answered with ``blanks``: a text by the id of each blank. ``parts`` are in reading order."""

    type: Literal["blanks"]
    parts: list[PaperText | PaperGap]


class EssayQuestion(PaperQuestionBase):
    """Answered with ``text``; marked by a person."""

    type: Literal["essay"]
    min_words: int | None
    max_words: int | None


PaperQuestion = (
    SingleQuestion
    | MultipleQuestion
    | TrueFalseQuestion
    | ShortTextQuestion
    | NumericQuestion
    | MatchingQuestion
    | OrderingQuestion
    | BlanksQuestion
    | EssayQuestion
)
