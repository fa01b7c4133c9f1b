"""Finds what makes a quiz unfair or impossible, in words an author can act on."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from courses.quizzes.definition import QUESTION_TYPES, Question, Quiz
from courses.quizzes.grading import normalise_text


@dataclass(frozen=True, slots=True)
class Problem:
    """``question_id`` is None when the problem is the quiz's own."""

    code: str
    message: str
    question_id: str | None = None


def find_problems(quiz: Quiz) -> list[Problem]:
    """Everything wrong with the quiz, in reading order; an empty list means it may be published."""
    problems = [problem for problem in _quiz_problems(quiz) if problem]
    for position, question in enumerate(quiz.questions, start=1):
        problems += [
            Problem(code, f"Question {position}: {message}", question.id) for code, message in _check(question)
        ]
    return problems


def _quiz_problems(quiz: Quiz) -> Iterator[Problem]:
    if not quiz.questions:
        yield Problem("no_questions", "The quiz has no questions. Add at least one.")
    if not 0 <= quiz.pass_percent <= 100:
        yield Problem("pass_percent_range", f"The pass mark is {quiz.pass_percent} %. It must be between 0 and 100.")
    elif (reachable := _reachable_percent(quiz)) is not None and reachable < quiz.pass_percent:
        yield Problem(
            "pass_percent_unreachable",
            f"The pass mark of {quiz.pass_percent} % cannot be reached: "
            f"the questions that have a right answer add up to {math.floor(reachable)} %.",
        )
    if quiz.attempts_allowed is not None and quiz.attempts_allowed < 1:
        yield Problem("attempts_allowed_range", "Allow at least one attempt, or leave the number of attempts empty.")
    if quiz.time_limit is not None and quiz.time_limit < 1:
        yield Problem("time_limit_range", "Give at least one minute, or leave the time limit empty.")
    if _repeated(question.id for question in quiz.questions):
        yield Problem("duplicate_question_ids", "Two questions have the same id.")


def _reachable_percent(quiz: Quiz) -> float | None:
    total = sum(max(0, question.points) for question in quiz.questions)
    if not total:
        return None
    return 100 * sum(max(0, question.points) for question in quiz.questions if _can_be_right(question)) / total


def _can_be_right(question: Question) -> bool:
    if question.type == "short_text":
        return any(answer.strip() for answer in question.accepted)
    if question.type == "numeric":
        return question.number is not None and math.isfinite(question.number)
    return bool(question.right_ids)


def _check(question: Question) -> Iterator[tuple[str, str]]:
    """Code and message of each problem of one question."""
    if question.type not in QUESTION_TYPES:
        yield "unknown_type", f"the type {question.type!r} is not known. Use one of {', '.join(QUESTION_TYPES)}."
        return
    if not question.prompt.strip():
        yield "empty_prompt", "the prompt is empty. Write what is asked."
    if question.points <= 0:
        yield "points_range", "the points must be 1 or more."
    if question.type == "short_text":
        yield from _check_short_text(question)
    elif question.type == "numeric":
        yield from _check_numeric(question)
    else:
        yield from _check_choices(question)


def _check_short_text(question: Question) -> Iterator[tuple[str, str]]:
    if not any(answer.strip() for answer in question.accepted):
        yield "no_accepted_answer", "no accepted answer. Add at least one."
    elif not all(answer.strip() for answer in question.accepted):
        yield "empty_accepted_answer", "an accepted answer is empty. Fill it in or remove it."


def _check_numeric(question: Question) -> Iterator[tuple[str, str]]:
    if question.number is None or not math.isfinite(question.number):
        yield "no_number", "the right number is missing."
    if not math.isfinite(question.tolerance) or question.tolerance < 0:
        yield "tolerance_range", "the tolerance must be 0 or more."


def _check_choices(question: Question) -> Iterator[tuple[str, str]]:
    right = len(question.right_ids)
    if question.type == "true_false":
        if sorted(choice.id for choice in question.choices) != ["false", "true"] or right != 1:
            yield "true_false_choices", "say whether the statement is true or false."
        return
    if len(question.choices) < 2:
        yield "too_few_choices", "fewer than two choices. Add another."
    if not right:
        yield "no_right_answer", "no choice is marked as right."
    elif question.type == "single" and right > 1:
        yield "several_right_answers", "several choices are marked as right. Keep one, or make it multiple choice."
    elif right == len(question.choices) > 1:
        yield "every_choice_right", "every choice is marked as right, so ticking all of them always passes."
    if any(not choice.text.strip() for choice in question.choices):
        yield "empty_choice", "a choice has no text."
    if _repeated(
        normalise_text(choice.text, is_case_sensitive=True) for choice in question.choices if choice.text.strip()
    ):
        yield "duplicate_choices", "two choices have the same text."
    if _repeated(choice.id for choice in question.choices):
        yield "duplicate_choice_ids", "two choices have the same id."


def _repeated(values: Iterable[str]) -> bool:
    return any(count > 1 for count in Counter(values).values())
