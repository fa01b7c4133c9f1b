"""Reads questions in GIFT, the text format of Moodle: every question as it will be made, every fault with its line.

Questions are separated by blank lines. What a question here cannot be (weights that differ, wildcards, pictures) is a
fault; what changes on the way is a note of the question. Nothing is dropped without a word. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from courses.quizzes.definition import Question
from courses.quizzes.exchange import (
    MAX_QUESTIONS,
    Fault,
    FaultError,
    Reading,
    ReadQuestion,
    check_reading,
    find_text_fault,
    make_title,
    normalise_lines,
)
from courses.quizzes.gift_answers import Answers
from courses.quizzes.gift_text import MarkupError, hide_escapes, split_format, to_plain

BLANK = "_____"
MAX_CATEGORY = 80
_CATEGORY = re.compile(r"\$CATEGORY\s*:(.*)")
_CONTAINERS = re.compile(r"\$[a-z_0-9]+\$", re.IGNORECASE)
_TITLE = re.compile(r"::(.*?)::", re.DOTALL)


@dataclass(frozen=True)
class _Piece:
    """The lines of one question, without comments; ``line`` is where the first of them stands."""

    line: int
    text: str
    category: str


def read_gift(text: str) -> Reading:
    """Everything the text says; with any fault, nothing of it should be imported."""
    text = normalise_lines(text)
    if (fault := find_text_fault(text)) is not None:
        return Reading(faults=(fault,))
    questions: list[ReadQuestion] = []
    faults: list[Fault] = []
    for found in _split(text):
        if isinstance(found, Fault):
            faults.append(found)
            continue
        if len(questions) + len(faults) >= MAX_QUESTIONS:
            faults.append(
                Fault(found.line, f"At most {MAX_QUESTIONS} questions at a time. Import the rest afterwards.")
            )
            break
        try:
            questions.append(_read(found))
        except FaultError as error:
            faults.append(error.fault)
    if not questions and not faults:
        faults.append(Fault(1, "There is no question in the text."))
    return Reading(tuple(questions), tuple(faults))


def _split(text: str) -> Iterator[_Piece | Fault]:
    category, start = "", 0
    lines: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        stripped = line.strip()
        if stripped.startswith("//"):
            continue
        found = _CATEGORY.match(stripped)
        if (not stripped or found) and lines:
            yield _Piece(start, "\n".join(lines), category)
            lines = []
        if found:
            category = _read_category(found[1])
            if not category or len(category) > MAX_CATEGORY:
                yield Fault(number, f"A category needs a name of at most {MAX_CATEGORY} characters.")
        elif stripped:
            start = start if lines else number
            lines.append(stripped)


def _read_category(path: str) -> str:
    """ "Geography / Europe" of "$course$/top/Geography/Europe": the places that are Moodle's own say nothing here."""
    steps = [" ".join(step.split()) for step in path.split("/")]
    return " / ".join(step for step in steps if step and step != "top" and not _CONTAINERS.fullmatch(step))


def _read(piece: _Piece) -> ReadQuestion:
    text = hide_escapes(piece.text)
    notes: list[str] = []
    title = ""
    if (found := _TITLE.match(text)) is not None:
        title, text = _to_plain(piece.line, found[1], "", notes), text[found.end() :].strip()
    elif text.startswith("::"):
        raise FaultError(piece.line, "The title is not closed. Write ::Title:: before the question.")
    kind, text = split_format(text)
    before, inside, after = _split_answers(piece, text)
    prompt = _to_plain(
        piece.line, f"{before.rstrip()} {BLANK} {after.lstrip()}" if after.strip() else before, kind, notes
    )
    if after.strip():
        prompt = re.sub(rf"{BLANK} (?=[.,;:!?)])", BLANK, prompt)
    inside, _mark, explanation = inside.partition("####")
    answers = Answers(piece.line, lambda part: _to_plain(piece.line, part, kind, notes), notes)
    inside = inside.strip()
    fields = answers.read(inside)
    reasons = [_to_plain(piece.line, explanation, kind, notes), *answers.collect_feedback(inside, fields["type"])]
    question = Question(id="new", prompt=prompt, explanation="\n".join(filter(None, reasons)), **fields)
    check_reading(piece.line, question)
    title = make_title(title, prompt)
    return ReadQuestion(piece.line, title, question, piece.category, tuple(dict.fromkeys(notes)))


def _split_answers(piece: _Piece, text: str) -> tuple[str, str, str]:
    """What stands before, in and after the braces."""
    opened, closed = text.count("{"), text.count("}")
    if not opened and not closed:
        raise FaultError(piece.line, "It has no answers in braces {...}. A text without a question cannot be imported.")
    if opened > closed:
        raise FaultError(
            _line_of(piece, text, text.rindex("{")),
            "This brace is not closed before the next blank line. Close it, without blank lines in between; "
            "write a literal brace as \\{.",
        )
    if closed > opened or text.index("}") < text.index("{"):
        raise FaultError(
            _line_of(piece, text, text.index("}")), "This brace was not opened. Write a literal one as \\}."
        )
    if opened > 1:
        raise FaultError(
            piece.line, "It has several answer blocks. Leave a blank line between questions; escape literal braces."
        )
    before, _mark, rest = text.partition("{")
    inside, _mark, after = rest.partition("}")
    return before, inside, after


def _line_of(piece: _Piece, text: str, place: int) -> int:
    """Comments between the lines of a question are not counted."""
    return piece.line + text.count("\n", 0, place)


def _to_plain(line: int, text: str, kind: str, notes: list[str]) -> str:
    own, text = split_format(text.strip())
    kind = own or kind
    if kind == "markdown":
        notes.append("Marks of Markdown stay as they are typed: questions are plain text.")
    try:
        plain, lost = to_plain(text, kind)
    except MarkupError as error:
        message = f"The HTML {error} cannot be kept: questions are plain text. Remove it, or write the question here."
        raise FaultError(line, message) from None
    notes.extend(lost)
    return plain
