"""What an answer earns, type by type."""

from fractions import Fraction
from typing import Any

import pytest

from courses.quizzes.definition import Blank, Choice, Item, Pair, Question, true_false_choices
from courses.quizzes.shares import find_share

ABCD = (Choice("a", "A", True), Choice("b", "B", True), Choice("c", "C", False), Choice("d", "D", False))
MATCHING = Question(
    "q",
    "matching",
    "?",
    points=3,
    pairs=(Pair("fr", "France", "Paris"), Pair("de", "Germany", "Berlin"), Pair("it", "Italy", "Rome")),
    distractors=("Oslo",),
)


def _points(question: Question, answer: Any) -> Fraction:
    return find_share(question, answer) * question.points


@pytest.mark.parametrize(
    ("chosen", "points"),
    [
        (["a", "b"], "4.00"),
        (["a"], "2.00"),
        (["a", "c"], "0.00"),
        (["a", "b", "c"], "2.00"),
        (["a", "b", "c", "d"], "0.00"),
        (["c"], "0.00"),
        ([], "0.00"),
        (["a", "a", "b"], "4.00"),
        (["a", "b", "of another question"], "0.00"),
        ("ab", "0.00"),
        ([["a"]], "0.00"),
    ],
)
def test_multiple_takes_wrong_ticks_off(chosen: Any, points: str) -> None:
    question = Question("q", "multiple", "?", points=4, choices=ABCD)
    assert _points(question, {"choices": chosen}) == Fraction(points)


@pytest.mark.parametrize(("chosen", "points"), [(["a"], 1), (["c"], 0), (["a", "c"], 0), ([], 0)])
def test_single_wants_exactly_the_right_choice(chosen: list[str], points: int) -> None:
    question = Question("q", "single", "?", choices=(ABCD[0], *ABCD[2:]))
    assert _points(question, {"choices": chosen}) == points


@pytest.mark.parametrize(("chosen", "points"), [("true", 0), ("false", 1)])
def test_true_false_compares_with_the_fixed_ids(chosen: str, points: int) -> None:
    question = Question("q", "true_false", "?", choices=true_false_choices(False))
    assert _points(question, {"choices": [chosen]}) == points


@pytest.mark.parametrize(
    ("given_text", "points"),
    [
        ("  Caf\u00e9   au lait ", 1),
        ("CAFE\u0301 AU LAIT", 1),
        ("stra\u00dfe", 1),
        ("STRASSE", 1),
        ("cafe au lait", 0),
        ("", 0),
        (5, 0),
    ],
)
def test_short_text_ignores_case_space_and_unicode_form(given_text: Any, points: int) -> None:
    question = Question("q", "short_text", "?", accepted=("caf\u00e9 au lait", "Stra\u00dfe", " "))
    assert _points(question, {"text": given_text}) == points


@pytest.mark.parametrize(("given_text", "points"), [("MQTT", 1), (" MQTT ", 1), ("mqtt", 0)])
def test_short_text_keeps_case_when_asked(given_text: str, points: int) -> None:
    question = Question("q", "short_text", "?", accepted=("MQTT",), is_case_sensitive=True)
    assert _points(question, {"text": given_text}) == points


@pytest.mark.parametrize("answer", ["0.4", "0,4", "0.2", 0.4, 0.2, " 0,30 ", "+.3", "3e-1", "0.3 kg", "0.3KG"])
def test_numeric_accepts_both_separators_and_the_tolerance_itself(answer: str | float) -> None:
    assert _points(Question("q", "numeric", "?", number=0.3, tolerance=0.1, unit="kg"), {"number": answer}) == 1


@pytest.mark.parametrize(
    "answer",
    ["0.41", "0.19999", "", "kg", "0.3 g", "1_0", "nan", "inf", float("nan"), True, None, [0.3], 10**400, "3" * 99],
)
def test_numeric_refuses_everything_else(answer: Any) -> None:
    assert _points(Question("q", "numeric", "?", number=0.3, tolerance=0.1, unit="kg"), {"number": answer}) == 0


@pytest.mark.parametrize(("given_text", "points"), [(" a  b ", 1), ("A  B", 1), ("a b", 0)])
def test_short_text_keeps_inner_spaces_when_asked(given_text: str, points: int) -> None:
    question = Question("q", "short_text", "?", accepted=("a  b",), keeps_spaces=True)
    assert _points(question, {"text": given_text}) == points


@pytest.mark.parametrize(
    ("given_pairs", "points"),
    [
        ({"fr": "Paris", "de": "Berlin", "it": "Rome"}, 3),
        ({"fr": "Paris", "de": "Oslo", "it": "Rome"}, 2),
        ({"fr": "Paris"}, 1),
        ({"fr": "Paris", "de": "Paris", "it": "Paris"}, 0),
        ({"fr": "Paris", "de": "Paris", "it": "Rome"}, 1),
        ({"fr": "Berlin", "de": "Rome", "it": "Paris"}, 0),
        ({}, 0),
    ],
)
def test_matching_pays_each_right_pair_whose_right_side_is_used_once(given_pairs: dict, points: int) -> None:
    pairs = {left: MATCHING.right_id(right) for left, right in given_pairs.items()}
    assert _points(MATCHING, {"pairs": pairs}) == points


@pytest.mark.parametrize("pairs", ["fr", ["fr"], {"fr": ["Paris"]}, {"fr": None}, {"elsewhere": "x"}, {"fr": "fr"}])
def test_matching_takes_rubbish_as_no_answer(pairs: Any) -> None:
    assert _points(MATCHING, {"pairs": pairs}) == 0


@pytest.mark.parametrize(
    ("order", "points"),
    [
        ("abcd", "3.00"),
        ("bcda", "2.00"),
        ("dabc", "2.00"),
        ("abdc", "1.00"),
        ("acbd", "0.00"),
        ("dcba", "0.00"),
        ("abc", "0.00"),
        ("abcc", "0.00"),
        ("abcde", "0.00"),
    ],
)
def test_ordering_pays_each_item_right_behind_its_predecessor(order: str, points: str) -> None:
    question = Question("q", "ordering", "?", points=3, items=tuple(Item(key, key) for key in "abcd"))
    assert _points(question, {"order": list(order)}) == Fraction(points)


@pytest.mark.parametrize("order", [None, "abcd", {"a": 1}, [["a"], "b", "c", "d"], [1, 2, 3, 4]])
def test_ordering_takes_rubbish_as_no_answer(order: Any) -> None:
    question = Question("q", "ordering", "?", items=tuple(Item(key, key) for key in "abcd"))
    assert _points(question, {"order": order}) == 0


@pytest.mark.parametrize(
    ("blanks", "points"),
    [
        ({"1": "100", "2": " celsius "}, 2),
        ({"1": "one  hundred", "2": "C"}, 2),
        ({"1": "90", "2": "Celsius"}, 1),
        ({"2": "Celsius", "3": "Celsius"}, 1),
        ({"1": "", "2": 5}, 0),
        (["100", "celsius"], 0),
    ],
)
def test_blanks_pay_each_accepted_text(blanks: Any, points: int) -> None:
    question = Question(
        "q",
        "blanks",
        "?",
        points=2,
        texts=("Water boils at ", " degrees ", "."),
        blanks=(Blank("1", ("100", "one hundred")), Blank("2", ("Celsius", "c"))),
    )
    assert _points(question, {"blanks": blanks}) == points
