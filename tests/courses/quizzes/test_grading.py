"""Grading: properties that hold for every quiz, and the rules one by one."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.definition import Choice, Question, Quiz, true_false_choices
from courses.quizzes.grading import grade_quiz, read_number
from courses.quizzes.paper import draw_paper
from tests.courses.quizzes.strategies import answers_to, anything, quizzes

ABCD = (
    Choice("a", "A", True, "Yes, A."),
    Choice("b", "B", True),
    Choice("c", "C", False, "C is a trap."),
    Choice("d", "D", False),
)


def _quiz(*questions: Question, pass_percent: int = 70) -> Quiz:
    return Quiz("quiz", "Quiz", "", pass_percent=pass_percent, questions=questions)


def _points(question: Question, answer: Any) -> Decimal:
    return grade_quiz(_quiz(question), {question.id: answer}).points


@given(st.data(), quizzes())
def test_points_stay_between_zero_and_maximum(data: st.DataObject, quiz: Quiz) -> None:
    grade = grade_quiz(quiz, data.draw(answers_to(quiz)))
    assert 0 <= grade.points <= grade.max_points == quiz.points
    assert 0 <= grade.percent <= 100
    assert all(0 <= result.points <= result.max_points for result in grade.results)
    assert [result.question_id for result in grade.results] == [question.id for question in quiz.questions]


@given(quizzes())
def test_ticking_everything_scores_zero_when_a_wrong_choice_exists(quiz: Quiz) -> None:
    questions = tuple(
        question
        for question in quiz.questions
        if question.choices and not all(choice.is_correct for choice in question.choices)
    )
    everything = {question.id: {"choices": [choice.id for choice in question.choices]} for question in questions}
    everything = {key: answer for key, answer in everything.items() if len(answer["choices"]) > 1}
    assert grade_quiz(replace(quiz, questions=questions), everything).points == 0


@given(st.data(), quizzes(), st.integers())
def test_shuffling_never_changes_a_grade(data: st.DataObject, quiz: Quiz, seed: int) -> None:
    answers = data.draw(answers_to(quiz))
    order = [question["id"] for question in draw_paper(replace(quiz, shuffle_questions=True), seed)["questions"]]
    by_id = {question.id: question for question in quiz.questions}
    shuffled = replace(
        quiz,
        questions=tuple(
            replace(by_id[key], choices=tuple(sorted(by_id[key].choices, key=lambda item: hash((seed, item.id)))))
            for key in order
        ),
    )
    first, second = grade_quiz(quiz, answers), grade_quiz(shuffled, answers)
    assert (first.points, first.percent, first.passed) == (second.points, second.percent, second.passed)


@given(quizzes(), anything)
def test_answers_that_are_no_mapping_score_zero(quiz: Quiz, rubbish: Any) -> None:
    assert grade_quiz(quiz, rubbish).points == 0


@given(quizzes())
def test_no_answers_score_zero(quiz: Quiz) -> None:
    assert grade_quiz(quiz, {}).points == 0


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
    assert _points(question, {"choices": chosen}) == Decimal(points)


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


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 000,5", "1000.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1\u00a0000", "1000"),
        ("\u22125", "-5"),
        ("1,5", "1.5"),
        ("1,2,3", None),
        ("1e9999", None),
    ],
)
def test_read_number_understands_how_people_write(text: str, number: str | None) -> None:
    assert read_number(text) == (None if number is None else Decimal(number))


def test_result_carries_feedback_of_chosen_choices_only() -> None:
    question = Question("q", "multiple", "?", choices=ABCD, explanation="Because.")
    result = grade_quiz(_quiz(question), {"q": {"choices": ["c"]}}).results[0]
    assert (result.chosen, result.feedback, result.correct_choices) == (("c",), {"c": "C is a trap."}, ("a", "b"))
    assert (result.is_correct, result.explanation) == (False, "Because.")


def test_result_of_numeric_names_the_accepted_range() -> None:
    question = Question("q", "numeric", "?", number=1200000.0, tolerance=0.5, unit="m")
    assert grade_quiz(_quiz(question), {}).results[0].accepted == ("1200000 ± 0.5 m",)


def test_percent_is_rounded_half_up_and_compared_as_shown() -> None:
    questions = [Question(str(n), "single", "?", choices=(ABCD[0], ABCD[2])) for n in range(3)]
    grade = grade_quiz(_quiz(*questions, pass_percent=66), {key: {"choices": ["a"]} for key in ("0", "1")})
    assert (grade.points, grade.max_points, grade.percent, grade.passed) == (Decimal(2), 3, Decimal("66.67"), True)


def test_passing_at_exactly_the_pass_mark() -> None:
    questions = [Question(str(n), "single", "?", choices=(ABCD[0], ABCD[2])) for n in range(10)]
    right = {str(n): {"choices": ["a"]} for n in range(7)}
    assert grade_quiz(_quiz(*questions), right).passed is True
    assert grade_quiz(_quiz(*questions, pass_percent=71), right).passed is False


def test_quiz_without_questions_is_never_passed() -> None:
    assert grade_quiz(_quiz(pass_percent=0), {}).passed is False
