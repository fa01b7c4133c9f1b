"""Writes questions as GIFT, so that reading them gives the same questions; what GIFT cannot say is told (pure)."""

import re
from decimal import Decimal

from courses.quizzes.definition import Choice, Question
from courses.quizzes.exchange import find_text_fault
from courses.quizzes.gift_answers import NUMBER
from courses.quizzes.gift_text import escape, split_format


class NotGiftError(ValueError):
    """A question that GIFT has no words for; the message says why."""


def write_gift(title: str, question: Question) -> str:
    """One question, without blank lines, with comments for what is lost. Raises ``NotGiftError``."""
    losses = "".join(f"// Not in GIFT, lost here: {loss}\n" for loss in find_losses(question))
    answers = _WRITERS.get(question.type)
    if answers is None:
        raise NotGiftError("GIFT has no such type of question.")
    explanation = f"####{_text(question.explanation)}" if question.explanation else ""
    prompt = question.prompt
    if split_format(prompt)[0]:
        raise NotGiftError("The question begins with what GIFT takes for a format.")
    text = f"::{_text(title)}::{_text(prompt)} {{{answers(question)}{explanation}}}"
    if find_text_fault(text) is not None:
        raise NotGiftError("It holds a character that does not belong in a text.")
    return losses + text


def write_category(name: str) -> str:
    """The line that puts what follows into a category."""
    return f"$CATEGORY: {' '.join(name.split())}"


def find_losses(question: Question) -> list[str]:
    """What the question has and GIFT does not."""
    facts = (
        (question.points != 1, f"its {question.points} points"),
        (question.is_case_sensitive, "capitals matter"),
        (question.keeps_spaces, "spaces matter"),
        (bool(question.unit), "the unit"),
        (bool(question.rubric), "the rubric"),
        (bool(question.guidance), "the guidance for marking"),
        (question.min_words is not None or question.max_words is not None, "how many words"),
    )
    return [name for is_there, name in facts if is_there]


def _text(text: str) -> str:
    if text != text.strip() or any(line != line.rstrip() for line in text.split("\n")):
        text = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    return escape(text)


def _part(text: str, *, has_wildcards: bool = False) -> str:
    """A text between braces, where an arrow, a star and a percent sign at its beginning have a meaning."""
    if "->" in text or (has_wildcards and "*" in text) or re.match(r"\s*%", text) or split_format(text.strip())[0]:
        raise NotGiftError("An answer holds ->, * or a % that GIFT would take for something else.")
    return _text(text)


def _choice(choice: Choice, mark: str) -> str:
    if re.match(r"\s*%", choice.text) or split_format(choice.text.strip())[0]:
        raise NotGiftError("A choice begins with a % that GIFT would take for a weight.")
    feedback = f"#{_text(choice.feedback)}" if choice.feedback else ""
    return f"{mark}{_text(choice.text)}{feedback}"


def _single(question: Question) -> str:
    return " ".join(_choice(choice, "=" if choice.is_correct else "~") for choice in question.choices)


def _multiple(question: Question) -> str:
    share = f"{100 / max(1, len(question.right_ids)):.5f}".rstrip("0").rstrip(".")
    return " ".join(_choice(choice, f"~%{'' if choice.is_correct else '-'}{share}%") for choice in question.choices)


def _true_false(question: Question) -> str:
    by_id = {choice.id: choice for choice in question.choices}
    right = "true" if by_id["true"].is_correct else "false"
    good, bad = by_id[right].feedback, by_id["false" if right == "true" else "true"].feedback
    feedback = f"#{_text(bad)}#{_text(good)}" if good else f"#{_text(bad)}" if bad else ""
    return f"{right.upper()}{feedback}"


def _short_text(question: Question) -> str:
    return " ".join(f"={_part(answer, has_wildcards=True)}" for answer in question.accepted)


def _numeric(question: Question) -> str:
    tolerance = f":{_number(question.tolerance)}" if question.tolerance else ""
    return f"#{_number(question.number or 0.0)}{tolerance}"


def _number(number: float) -> str:
    text = f"{Decimal(repr(number)):f}"
    text = text if len(text) <= 30 else repr(number)
    if not NUMBER.fullmatch(text):
        raise NotGiftError("The number has too many digits.")
    return text


def _matching(question: Question) -> str:
    pairs = [f"={_part(pair.left)} -> {_part(pair.right)}" for pair in question.pairs]
    return " ".join([*pairs, *(f"= -> {_part(text)}" for text in question.distractors)])


def _essay(question: Question) -> str:
    return ""


_WRITERS = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "essay": _essay,
}
