"""Grades answers against a quiz: pure arithmetic, exact inside, rounded to two places at the edge, never raising."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from courses.quizzes.definition import CHOICE_TYPES, Question, Quiz

# One of: {"choices": [choice ids]}, {"text": str}, {"number": str | int | float}. Anything else scores 0.
Answer = Mapping[str, Any]

MAX_NUMBER_LENGTH = 64
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """``feedback`` holds the feedback of the chosen choices only, by choice id."""

    question_id: str
    points: Decimal
    max_points: int
    is_correct: bool
    chosen: tuple[str, ...]
    feedback: dict[str, str]
    correct_choices: tuple[str, ...]
    accepted: tuple[str, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class Grade:
    """``percent`` is 0.00 to 100.00 and is exactly what the pass mark is compared with."""

    points: Decimal
    max_points: int
    percent: Decimal
    passed: bool
    results: tuple[QuestionResult, ...]


def grade_quiz(quiz: Quiz, answers: Mapping[str, Answer]) -> Grade:
    """Grade ``answers`` (by question id). A missing or malformed answer scores 0; nothing raises."""
    by_question = answers if isinstance(answers, Mapping) else {}
    shares = [_share(question, by_question.get(question.id)) for question in quiz.questions]
    total = sum((share * question.points for share, question in zip(shares, quiz.questions, strict=True)), Fraction(0))
    maximum = quiz.points
    percent = _round(total * 100 / maximum) if maximum > 0 else Decimal("0.00")
    return Grade(
        points=_round(total),
        max_points=maximum,
        percent=percent,
        passed=maximum > 0 and percent >= quiz.pass_percent,
        results=tuple(
            _result(question, by_question.get(question.id), share)
            for share, question in zip(shares, quiz.questions, strict=True)
        ),
    )


def normalise_text(text: str, *, is_case_sensitive: bool) -> str:
    """Unicode NFC, trimmed, white space collapsed, case-folded unless case matters."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return text if is_case_sensitive else unicodedata.normalize("NFC", text.casefold())


def read_number(value: object, unit: str = "") -> Decimal | None:
    """The number a person meant, or None: "1.5", "1,5", "1 000,5" and "1,5 kg" (when the unit is kg) all count.

    One separator is always the decimal one ("1,000" is one); of two kinds, the last is.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _finite(str(value)) if abs(value) < 1e300 else None  # False for NaN too
    if not isinstance(value, str) or len(value) > MAX_NUMBER_LENGTH:
        return None
    text = unicodedata.normalize("NFC", value).strip()
    if unit and text.casefold().endswith(unit.strip().casefold()):
        text = text[: len(text) - len(unit.strip())]
    text = "".join(text.split()).replace("\u2212", "-")
    if "," in text and "." in text:
        grouping = "," if text.rindex(".") > text.rindex(",") else "."
        text = text.replace(grouping, "")
    return _finite(text.replace(",", "."))


def _finite(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _share(question: Question, answer: object) -> Fraction:
    """The part of the question's points that the answer earns, 0 to 1."""
    if not isinstance(answer, Mapping):
        return Fraction(0)
    if question.type in CHOICE_TYPES:
        return _choice_share(question, answer.get("choices"))
    if question.type == "short_text":
        return Fraction(int(_matches_text(question, answer.get("text"))))
    if question.type == "numeric":
        return Fraction(int(_matches_number(question, answer.get("number"))))
    return Fraction(0)


def _choice_share(question: Question, choices: object) -> Fraction:
    chosen = _chosen_set(question, choices)
    if not chosen:
        return Fraction(0)
    right = set(question.right_ids)
    if question.type != "multiple":
        return Fraction(int(len(chosen) == 1 and chosen <= right))
    wrong_count = len({choice.id for choice in question.choices} - right)
    earned = Fraction(len(chosen & right), len(right)) if right else Fraction(0)
    lost = Fraction(len(chosen - right), wrong_count) if wrong_count else Fraction(0)
    return max(Fraction(0), earned - lost)


def _chosen_set(question: Question, choices: object) -> set[str] | None:
    """The chosen ids; None when the list is malformed or names a choice the question does not have."""
    if not isinstance(choices, list | tuple) or not all(isinstance(item, str) for item in choices):
        return None
    chosen = set(choices)
    return chosen if chosen <= {choice.id for choice in question.choices} else None


def _matches_text(question: Question, text: object) -> bool:
    if not isinstance(text, str):
        return False
    given = normalise_text(text, is_case_sensitive=question.is_case_sensitive)
    accepted = {normalise_text(item, is_case_sensitive=question.is_case_sensitive) for item in question.accepted}
    return bool(given) and given in accepted


def _matches_number(question: Question, value: object) -> bool:
    # Decimal of the shortest decimal form: 0.3 with tolerance 0.1 accepts 0.4, which binary floats would refuse.
    given, expected = read_number(value, question.unit), read_number(question.number)
    tolerance = read_number(question.tolerance)
    if given is None or expected is None or tolerance is None:
        return False
    return abs(Fraction(given) - Fraction(expected)) <= Fraction(tolerance)


def _result(question: Question, answer: object, share: Fraction) -> QuestionResult:
    picked = _chosen_set(question, answer.get("choices")) if isinstance(answer, Mapping) else None
    chosen = tuple(choice.id for choice in question.choices if choice.id in (picked or ()))
    accepted = question.accepted
    if question.type == "numeric" and question.number is not None and math.isfinite(question.number):
        accepted = (_format_number(question),)
    return QuestionResult(
        question_id=question.id,
        points=_round(share * question.points),
        max_points=question.points,
        is_correct=share == 1,
        chosen=chosen,
        feedback={choice.id: choice.feedback for choice in question.choices if choice.id in chosen and choice.feedback},
        correct_choices=question.right_ids,
        accepted=accepted,
        explanation=question.explanation,
    )


def _format_number(question: Question) -> str:
    parts = [_plain(question.number or 0)]
    if question.tolerance:
        parts.append(f"± {_plain(question.tolerance)}")
    return " ".join([*parts, question.unit]).strip()


def _plain(value: float) -> str:
    """12.0 as "12", 0.5 as "0.5", never an exponent."""
    return format(Decimal(str(value)).normalize(), "f")


def _round(value: Fraction) -> Decimal:
    """Half up, two places."""
    return Decimal(math.floor(value * 100 + Fraction(1, 2))).scaleb(-2)
