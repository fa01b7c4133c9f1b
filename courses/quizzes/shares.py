"""The part of a question's points that an answer earns, 0 to 1, type by type. Malformed answers earn 0; none raises."""

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from courses.quizzes.definition import CHOICE_TYPES, Question
from courses.quizzes.reading import is_accepted, read_number

# One of: {"choices": [choice ids]}, {"text": str}, {"number": str | int | float}, {"pairs": {left id: right id}},
# {"order": [item ids]}, {"blanks": {blank id: text}}. Anything else scores 0.
Answer = Mapping[str, Any]

NOTHING, EVERYTHING = Fraction(0), Fraction(1)


def find_share(question: Question, answer: object) -> Fraction:
    """Essays earn nothing here: a person marks them."""
    if not isinstance(answer, Mapping):
        return NOTHING
    if question.type in CHOICE_TYPES:
        return _choice_share(question, answer)
    if question.type == "numeric":
        return Fraction(int(_matches_number(question, answer.get("number"))))
    if question.type == "short_text":
        return Fraction(int(_matches_text(question, answer.get("text"), question.accepted)))
    return _part_share(question, answer) if question.type in _PARTS else NOTHING


def _choice_share(question: Question, answer: Answer) -> Fraction:
    """Of multiple choice, every wrong tick takes off what a right one earns in proportion: all ticks earn nothing."""
    chosen = chosen_ids(question, answer)
    if not chosen:
        return NOTHING
    right = set(question.right_ids)
    if question.type != "multiple":
        return Fraction(int(len(chosen) == 1 and chosen <= right))
    wrong_count = len({choice.id for choice in question.choices} - right)
    earned = Fraction(len(chosen & right), len(right)) if right else NOTHING
    lost = Fraction(len(chosen - right), wrong_count) if wrong_count else NOTHING
    return max(NOTHING, earned - lost)


def chosen_ids(question: Question, answer: object) -> set[str]:
    """The chosen ids; empty when the list is malformed or names a choice the question does not have."""
    choices = answer.get("choices") if isinstance(answer, Mapping) else None
    if not isinstance(choices, list | tuple) or not all(isinstance(item, str) for item in choices):
        return set()
    chosen = set(choices)
    return chosen if chosen <= {choice.id for choice in question.choices} else set()


def _matches_text(question: Question, text: object, accepted: tuple[str, ...]) -> bool:
    return is_accepted(text, accepted, is_case_sensitive=question.is_case_sensitive, keeps_spaces=question.keeps_spaces)


def _matches_number(question: Question, value: object) -> bool:
    # Decimal of the shortest decimal form: 0.3 with tolerance 0.1 accepts 0.4, which binary floats would refuse.
    given, expected = read_number(value, question.unit), read_number(question.number)
    tolerance = read_number(question.tolerance)
    if given is None or expected is None or tolerance is None:
        return False
    return abs(Fraction(given) - Fraction(expected)) <= Fraction(tolerance)


def right_parts(question: Question, answer: object) -> tuple[str, ...]:
    """Which left sides, blanks or items of the answer earn their part."""
    find = _PARTS.get(question.type)
    return find(question, answer) if find and isinstance(answer, Mapping) else ()


def _part_share(question: Question, answer: Answer) -> Fraction:
    counts = {
        "matching": len(question.pairs),
        # The first item follows nothing, so four items have three places to be right at.
        "ordering": len(question.items) - 1,
        "blanks": len(question.blanks),
    }
    count = counts[question.type]
    return min(EVERYTHING, Fraction(len(right_parts(question, answer)), count)) if count > 0 else NOTHING


def _right_pairs(question: Question, answer: Answer) -> tuple[str, ...]:
    """A right side used twice earns nothing anywhere: choosing one for everything would always hit once."""
    given = answer.get("pairs")
    if not isinstance(given, Mapping):
        return ()
    used = Counter(given[pair.id] for pair in question.pairs if isinstance(given.get(pair.id), str))
    right = question.right_pairs
    return tuple(
        pair.id for pair in question.pairs if given.get(pair.id) == right[pair.id] and used[right[pair.id]] == 1
    )


def _right_steps(question: Question, answer: Answer) -> tuple[str, ...]:
    """Each item that stands directly behind its right predecessor: one item in a wrong place costs at most three
    steps, where counting places would take everything from an order that is right but for its first item."""
    order = answer.get("order")
    known = [item.id for item in question.items]
    if not isinstance(order, list | tuple) or len(order) != len(known) or len(set(known)) != len(known):
        return ()
    if not all(isinstance(item, str) for item in order) or set(order) != set(known):
        return ()
    place = {item: position for position, item in enumerate(order)}
    return tuple(after for before, after in pairwise(known) if place[after] == place[before] + 1)


def _right_blanks(question: Question, answer: Answer) -> tuple[str, ...]:
    given = answer.get("blanks")
    if not isinstance(given, Mapping):
        return ()
    return tuple(blank.id for blank in question.blanks if _matches_text(question, given.get(blank.id), blank.accepted))


_PARTS: dict[str, Callable[[Question, Answer], tuple[str, ...]]] = {
    "matching": _right_pairs,
    "ordering": _right_steps,
    "blanks": _right_blanks,
}
