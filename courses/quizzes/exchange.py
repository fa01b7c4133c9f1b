"""Questions on their way in from a text: what was understood, and what was not, each with its line (pure)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from courses.quizzes.definition import Question
from courses.quizzes.question_problems import check_question

MAX_CHARACTERS = 1_000_000
MAX_QUESTIONS = 500
MAX_TITLE = 255
# What a bank question holds at most; the blocks of the editor say the same.
LIMITS: Mapping[str, int] = {"prompt": 4000, "explanation": 4000, "guidance": 8000, "unit": 40}
CHOICE_LIMIT, FEEDBACK_LIMIT, PART_LIMIT, PARTS_LIMIT = 2000, 2000, 500, 50


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nothing can be imported, and what to do. ``line`` counts from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as it will be made; ids inside are placeholders. ``notes`` say what will not be as in the text."""

    line: int
    title: str
    question: Question
    category: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    questions: tuple[ReadQuestion, ...] = ()
    faults: tuple[Fault, ...] = field(default=())


class FaultError(Exception):
    """Raised inside the readers; ends in a ``Fault``."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(line, message)


def find_text_fault(text: str) -> Fault | None:
    """What forbids even to begin: too long, or characters that no text has."""
    if len(text) > MAX_CHARACTERS:
        return Fault(1, f"The text has more than {MAX_CHARACTERS:,} characters. Import it in parts.")
    for number, line in enumerate(text.split("\n"), start=1):
        if (found := re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\uf8ff\ufffe\uffff]", line)) is not None:
            code = f"U+{ord(found.group()):04X}"
            return Fault(
                number, f"The character {code} does not belong in a text. Remove it; this may not be a text file."
            )
    return None


def normalise_lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def check_reading(line: int, question: Question) -> None:
    """Raises ``FaultError`` for a question that nobody could answer rightly, or that is too long to be kept."""
    for _code, message in check_question(question):
        raise FaultError(line, message[:1].upper() + message[1:])
    for name, limit in LIMITS.items():
        _check_length(line, name, getattr(question, name), limit)
    for choice in question.choices:
        _check_length(line, "choice", choice.text, CHOICE_LIMIT)
        _check_length(line, "feedback", choice.feedback, FEEDBACK_LIMIT)
    parts = [*question.accepted, *question.distractors, *(item.text for item in question.items)]
    parts += [side for pair in question.pairs for side in (pair.left, pair.right)]
    for part in parts:
        _check_length(line, "answer", part, PART_LIMIT)
    many = (question.choices, question.pairs, question.accepted, question.items, question.distractors)
    if max(map(len, many)) > PARTS_LIMIT:
        raise FaultError(line, f"It has more than {PARTS_LIMIT} answers. Make several questions of it.")


def _check_length(line: int, name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise FaultError(line, f"The {name} has {len(text):,} characters; at most {limit:,} are possible.")


def make_title(title: str, prompt: str) -> str:
    """What it is found by: its title, else the beginning of what is asked."""
    text = " ".join((title or prompt).split())
    return text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1] + "…"


def without_ids(question: Question) -> Question:
    """For comparing: the same question, wherever it lies, whatever ids it got."""
    return replace(
        question,
        id="",
        choices=tuple(replace(choice, id="") for choice in question.choices),
        pairs=tuple(replace(pair, id="") for pair in question.pairs),
        items=tuple(replace(item, id="") for item in question.items),
        blanks=tuple(replace(blank, id="") for blank in question.blanks),
        rubric=tuple(replace(criterion, id="") for criterion in question.rubric),
    )


def number_parts(parts: Any) -> Any:
    """Placeholder ids "1", "2" ... for parts read in order."""
    return tuple(replace(part, id=str(place)) for place, part in enumerate(parts, start=1))
