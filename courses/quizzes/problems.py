"""Finds what makes a quiz unfair or impossible, in words an author can act on."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from courses.quizzes.definition import Pool, Question, Quiz
from courses.quizzes.question_problems import can_be_right, check_question, is_repeated


@dataclass(frozen=True, slots=True)
class Problem:
    """``question_id`` and ``pool_id`` are None when the problem is the quiz's own."""

    code: str
    message: str
    question_id: str | None = None
    pool_id: str | None = None


def find_problems(quiz: Quiz) -> list[Problem]:
    """Everything wrong with the quiz, in reading order; an empty list means it may be published."""
    problems = list(_quiz_problems(quiz))
    for pool in quiz.pools:
        problems += [Problem(code, message, pool_id=pool.id) for code, message in _check_pool(pool)]
    names = _name_questions(quiz)
    for question in quiz.questions:
        problems += [
            Problem(code, f"{names[question.id]}: {message}", question.id) for code, message in check_question(question)
        ]
    return problems


def _quiz_problems(quiz: Quiz) -> Iterator[Problem]:
    if not quiz.questions:
        yield Problem("no_questions", "The quiz has no questions. Add at least one.")
    if not 0 <= quiz.pass_percent <= 100:
        yield Problem("pass_percent_range", f"The pass mark is {quiz.pass_percent} %. It must be between 0 and 100.")
    elif (reachable := find_reachable_percent(quiz)) is not None and reachable < quiz.pass_percent:
        yield Problem(
            "pass_percent_unreachable",
            f"The pass mark of {quiz.pass_percent} % cannot be reached: "
            f"the questions that have a right answer add up to {math.floor(reachable)} %"
            f"{' on the worst draw' if quiz.pools else ''}.",
        )
    if quiz.attempts_allowed is not None and quiz.attempts_allowed < 1:
        yield Problem("attempts_allowed_range", "Allow at least one attempt, or leave the number of attempts empty.")
    if quiz.time_limit is not None and quiz.time_limit < 1:
        yield Problem("time_limit_range", "Give at least one minute, or leave the time limit empty.")
    if quiz.cooldown_minutes is not None and quiz.cooldown_minutes < 1:
        yield Problem("cooldown_range", "Wait at least one minute between attempts, or leave the waiting time empty.")
    if is_repeated(question.id for question in quiz.questions):
        yield Problem("duplicate_question_ids", "Two questions have the same id.")
    if is_repeated(key for pool in quiz.pools for key in set(pool.question_ids)):
        yield Problem("question_in_two_pools", "Two pools hold the same question. Draw it in one of them only.")


def _check_pool(pool: Pool) -> Iterator[tuple[str, str]]:
    name = f"The pool “{pool.title}”" if pool.title.strip() else "A pool"
    size = len(set(pool.question_ids))
    if pool.count < 1:
        yield "pool_count_range", f"{name} draws no question. Draw at least one."
    elif not size:
        yield "pool_empty", f"{name} has no questions. Add some, or remove it."
    elif pool.count > size:
        yield "pool_too_small", f"{name} should draw {pool.count} questions but has only {size}."


def _name_questions(quiz: Quiz) -> dict[str, str]:
    """How each question is called: by its place on every paper, or by its place in its pool."""
    names = {question.id: f"Question {place}" for place, question in enumerate(quiz.fixed_questions, start=1)}
    for pool in quiz.pools:
        for place, key in enumerate(pool.question_ids, start=1):
            names[key] = f"Pool “{pool.title}”, question {place}" if pool.title else f"Pool, question {place}"
    return names


def find_reachable_percent(quiz: Quiz) -> Fraction | None:
    """What full marks come to on the worst draw when some questions cannot be answered; None without points."""
    # The worst quotient of sums, by Dinkelbach: draw what is worst at the quotient so far until nothing gets worse.
    percent: Fraction | None = None
    while True:
        drawn = _worst_draw(quiz, percent if percent is not None else Fraction(100))
        total = sum(max(0, question.points) for question in drawn)
        if not total:
            return percent
        earned = sum(max(0, question.points) for question in drawn if can_be_right(question))
        worse = Fraction(100 * earned, total)
        if percent is not None and worse >= percent:
            return percent
        percent = worse


def _worst_draw(quiz: Quiz, percent: Fraction) -> list[Question]:
    by_id = {question.id: question for question in quiz.questions}

    def gain(question: Question) -> Fraction:
        points = max(0, question.points)
        return (100 if can_be_right(question) else 0) * points - percent * points

    drawn = list(quiz.fixed_questions)
    for pool in quiz.pools:
        held = sorted((by_id[key] for key in pool.question_ids if key in by_id), key=gain)
        drawn += held[: max(0, pool.count)]
    return drawn
