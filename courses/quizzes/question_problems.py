"""Finds what makes one question unfair or impossible: a code and a sentence for each fault."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from courses.quizzes.definition import QUESTION_TYPES, Question
from courses.quizzes.reading import normalise_text

Faults = Iterator[tuple[str, str]]


def check_question(question: Question) -> Faults:
    """Code and message of each problem of one question."""
    if question.type not in QUESTION_TYPES:
        yield "unknown_type", f"the type {question.type!r} is not known. Use one of {', '.join(QUESTION_TYPES)}."
        return
    if not question.prompt.strip():
        yield "empty_prompt", "the prompt is empty. Write what is asked."
    if question.points <= 0:
        yield "points_range", "the points must be 1 or more."
    yield from _CHECKS[question.type](question)


def can_be_right(question: Question) -> bool:
    """Whether some answer earns full marks."""
    if question.type == "short_text":
        return any(answer.strip() for answer in question.accepted)
    if question.type == "numeric":
        return question.number is not None and math.isfinite(question.number)
    if question.type == "matching":
        return bool(question.pairs) and not is_repeated(question.right_pairs.values())
    if question.type == "ordering":
        return len(question.items) > 1
    if question.type == "blanks":
        return bool(question.blanks) and not _has_empty_blank(question)
    return question.type == "essay" or bool(question.right_ids)


def is_repeated(values: Iterable[str]) -> bool:
    return any(count > 1 for count in Counter(values).values())


def _has_twins(texts: Iterable[str], *, is_case_sensitive: bool = False) -> bool:
    """Whether two of the texts read the same."""
    return is_repeated(normalise_text(text, is_case_sensitive=is_case_sensitive) for text in texts if text.strip())


def _check_short_text(question: Question) -> Faults:
    if not any(answer.strip() for answer in question.accepted):
        yield "no_accepted_answer", "no accepted answer. Add at least one."
    elif not all(answer.strip() for answer in question.accepted):
        yield "empty_accepted_answer", "an accepted answer is empty. Fill it in or remove it."


def _check_numeric(question: Question) -> Faults:
    if question.number is None or not math.isfinite(question.number):
        yield "no_number", "the right number is missing."
    if not math.isfinite(question.tolerance) or question.tolerance < 0:
        yield "tolerance_range", "the tolerance must be 0 or more."


def _check_true_false(question: Question) -> Faults:
    if sorted(choice.id for choice in question.choices) != ["false", "true"] or len(question.right_ids) != 1:
        yield "true_false_choices", "say whether the statement is true or false."


def _check_choices(question: Question) -> Faults:
    right = len(question.right_ids)
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
    if _has_twins((choice.text for choice in question.choices), is_case_sensitive=True):
        yield "duplicate_choices", "two choices have the same text."
    if is_repeated(choice.id for choice in question.choices):
        yield "duplicate_choice_ids", "two choices have the same id."


def _check_matching(question: Question) -> Faults:
    rights = [pair.right for pair in question.pairs]
    if len(question.pairs) < 2:
        yield "too_few_pairs", "fewer than two pairs. Add another."
    if not all(pair.left.strip() and pair.right.strip() for pair in question.pairs):
        yield "empty_pair", "a pair has an empty side."
    if not all(text.strip() for text in question.distractors):
        yield "empty_distractor", "an extra right side is empty. Fill it in or remove it."
    if _has_twins(pair.left for pair in question.pairs):
        yield "duplicate_lefts", "two pairs have the same left side."
    if _has_twins([*rights, *question.distractors]):
        yield "duplicate_rights", "two right sides read the same, so nobody can tell which is meant."
    if is_repeated(pair.id for pair in question.pairs):
        yield "duplicate_pair_ids", "two pairs have the same id."


def _check_ordering(question: Question) -> Faults:
    if len(question.items) < 2:
        yield "too_few_items", "fewer than two items to put in order. Add another."
    if not all(item.text.strip() for item in question.items):
        yield "empty_item", "an item has no text."
    if _has_twins(item.text for item in question.items):
        yield "duplicate_items", "two items read the same, so nobody can tell which comes first."
    if is_repeated(item.id for item in question.items):
        yield "duplicate_item_ids", "two items have the same id."


def _check_blanks(question: Question) -> Faults:
    if not question.blanks:
        yield "no_blanks", "the text has no blank. Put the answer in double brackets: [[answer]]."
    if _has_empty_blank(question):
        yield "empty_blank", "a blank has no answer. Write it between the brackets: [[answer|other answer]]."
    if any("[[" in text or "]]" in text for text in question.texts):
        yield "stray_brackets", "a double bracket has no partner. Every blank needs both: [[answer]]."


def _has_empty_blank(question: Question) -> bool:
    return not all(any(answer.strip() for answer in blank.accepted) for blank in question.blanks)


def _check_essay(question: Question) -> Faults:
    if any(not item.title.strip() for item in question.rubric):
        yield "empty_criterion", "a criterion of the rubric has no title."
    if any(item.points < 1 for item in question.rubric):
        yield "criterion_points_range", "the points of a criterion must be 1 or more."
    total = sum(item.points for item in question.rubric)
    if question.rubric and total != question.points:
        yield "rubric_points", f"the criteria add up to {total} points, but the question has {question.points}."
    if question.min_words and question.max_words and question.min_words > question.max_words:
        yield "words_range", "the fewest words are more than the most words."


_CHECKS: dict[str, Callable[[Question], Faults]] = {
    "single": _check_choices,
    "multiple": _check_choices,
    "true_false": _check_true_false,
    "short_text": _check_short_text,
    "numeric": _check_numeric,
    "matching": _check_matching,
    "ordering": _check_ordering,
    "blanks": _check_blanks,
    "essay": _check_essay,
}
