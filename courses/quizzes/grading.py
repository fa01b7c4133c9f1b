"""Grades answers against a quiz: pure arithmetic, exact inside, rounded to two places at the edge, never raising."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from courses.quizzes.definition import Question, Quiz
from courses.quizzes.shares import NOTHING, Answer, chosen_ids, find_share, right_parts


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person gave an essay. ``criteria`` holds the points of each criterion of the rubric by its id; where the
    question has a rubric their sum counts, otherwise ``points`` does."""

    points: Decimal = Decimal(0)
    comment: str = ""
    criteria: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MarkedCriterion:
    title: str
    points: Decimal
    max_points: int


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """How an answer did, and the key to compare it with.

    ``chosen`` and ``feedback`` (by choice id) speak of the chosen choices only. ``right_parts`` are the left sides,
    blanks or items that earned their part. ``right_pairs``, ``right_order`` and ``right_blanks`` are the whole key.
    ``is_pending``: an essay waits for its marks and counts nothing yet.
    """

    question_id: str
    points: Decimal
    max_points: int
    is_correct: bool
    chosen: tuple[str, ...]
    feedback: dict[str, str]
    correct_choices: tuple[str, ...]
    accepted: tuple[str, ...]
    explanation: str
    right_parts: tuple[str, ...] = ()
    right_pairs: dict[str, str] = field(default_factory=dict)
    right_order: tuple[str, ...] = ()
    right_blanks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_pending: bool = False
    comment: str = ""
    criteria: tuple[MarkedCriterion, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """``percent`` is 0.00 to 100.00 and is exactly what the pass mark is compared with.

    While an essay waits for its marks (``is_pending``) points and percent are what is certain so far, and ``passed``
    is false.
    """

    points: Decimal
    max_points: int
    percent: Decimal
    passed: bool
    results: tuple[QuestionResult, ...]
    is_pending: bool = False


def grade_quiz(quiz: Quiz, answers: Mapping[str, Answer], marks: Mapping[str, Mark] | None = None) -> Grade:
    """Grade ``answers`` (by question id), essays by their ``marks`` (by question id).

    Every question of ``quiz`` counts: hand in ``quiz.on_paper(...)`` where it has pools. A missing or malformed answer
    scores 0; nothing raises.
    """
    by_question = answers if isinstance(answers, Mapping) else {}
    marks = marks or {}
    graded = [
        _grade_question(question, by_question.get(question.id), marks.get(question.id)) for question in quiz.questions
    ]
    total = sum((earned for earned, _result in graded), Fraction(0))
    maximum = sum(question.points for question in quiz.questions)
    percent = round_points(total * 100 / maximum) if maximum > 0 else Decimal("0.00")
    is_pending = any(result.is_pending for _earned, result in graded)
    return Grade(
        points=round_points(total),
        max_points=maximum,
        percent=percent,
        passed=maximum > 0 and not is_pending and percent >= quiz.pass_percent,
        results=tuple(result for _earned, result in graded),
        is_pending=is_pending,
    )


def is_waiting(question: Question, answer: object) -> bool:
    """Whether a person has to read the answer: an essay that says something."""
    text = answer.get("text") if isinstance(answer, Mapping) else None
    return question.type == "essay" and isinstance(text, str) and bool(text.strip())


def round_points(value: Fraction) -> Decimal:
    """Half up, two places."""
    return Decimal(math.floor(value * 100 + Fraction(1, 2))).scaleb(-2)


def _grade_question(question: Question, answer: object, mark: Mark | None) -> tuple[Fraction, QuestionResult]:
    """The exact points and the result."""
    is_read = is_waiting(question, answer)
    chosen = chosen_ids(question, answer)
    picked = [choice for choice in question.choices if choice.id in chosen]
    criteria: tuple[MarkedCriterion, ...] = ()
    if mark is not None and is_read:
        criteria = _marked_criteria(question, mark)
        earned = _earned_by_hand(question, mark)
    else:
        earned = find_share(question, answer) * max(0, question.points)
    return earned, QuestionResult(
        question_id=question.id,
        points=round_points(earned),
        max_points=question.points,
        is_correct=question.points > 0 and earned == question.points,
        chosen=tuple(choice.id for choice in picked),
        feedback={choice.id: choice.feedback for choice in picked if choice.feedback},
        correct_choices=question.right_ids,
        accepted=_accepted(question),
        explanation=question.explanation,
        right_parts=right_parts(question, answer),
        right_pairs=question.right_pairs,
        right_order=tuple(item.id for item in question.items),
        right_blanks={blank.id: blank.accepted for blank in question.blanks},
        is_pending=is_read and mark is None,
        comment=mark.comment if mark is not None and is_read else "",
        criteria=criteria,
    )


def _earned_by_hand(question: Question, mark: Mark) -> Fraction:
    """Never above the question's points nor below zero, whatever was typed."""
    if question.rubric:
        total = sum((_within(mark.criteria.get(item.id), item.points) for item in question.rubric), NOTHING)
    else:
        total = _within(mark.points, question.points)
    return min(total, Fraction(max(0, question.points)))


def _marked_criteria(question: Question, mark: Mark) -> tuple[MarkedCriterion, ...]:
    return tuple(
        MarkedCriterion(item.title, round_points(_within(mark.criteria.get(item.id), item.points)), item.points)
        for item in question.rubric
    )


def _within(points: object, maximum: int) -> Fraction:
    try:
        value = Decimal(str(points))
    except InvalidOperation:
        return NOTHING
    return min(max(NOTHING, Fraction(value)), Fraction(max(0, maximum))) if value.is_finite() else NOTHING


def _accepted(question: Question) -> tuple[str, ...]:
    if question.type != "numeric" or question.number is None or not math.isfinite(question.number):
        return question.accepted
    parts = [_plain(question.number)]
    if question.tolerance:
        parts.append(f"± {_plain(question.tolerance)}")
    return (" ".join([*parts, question.unit]).strip(),)


def _plain(value: float) -> str:
    """12.0 as "12", 0.5 as "0.5", never an exponent."""
    return format(Decimal(str(value)).normalize(), "f")
