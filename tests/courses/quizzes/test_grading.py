"""Grading: properties that hold for every quiz, and the rules one by one."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.definition import Blank, Choice, Criterion, Item, Pair, Question, Quiz
from courses.quizzes.grading import Mark, MarkedCriterion, grade_quiz
from courses.quizzes.paper import draw_paper, draw_questions
from courses.quizzes.problems import find_problems
from courses.quizzes.stored import quiz_from_json, quiz_to_json
from tests.courses.quizzes.strategies import answers_to, anything, perfect_answers, pooled_quizzes, quizzes

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


MATCHING = Question(
    "q",
    "matching",
    "?",
    points=3,
    pairs=(Pair("fr", "France", "Paris"), Pair("de", "Germany", "Berlin"), Pair("it", "Italy", "Rome")),
    distractors=("Oslo",),
)


ESSAY = Question("q", "essay", "Why?", points=5)
RUBRIC = replace(ESSAY, rubric=(Criterion("facts", "Facts", 3), Criterion("style", "Style", 2)))
WRITTEN = {"q": {"text": "Because."}}


def test_essay_waits_for_a_person_and_does_not_pass_before() -> None:
    grade = grade_quiz(_quiz(ESSAY, pass_percent=0), WRITTEN)
    assert (grade.is_pending, grade.passed, grade.points, grade.results[0].is_pending) == (True, False, 0, True)


@pytest.mark.parametrize("answer", [None, {}, {"text": " \n"}, {"text": 5}, "Because."])
def test_empty_essay_scores_zero_without_waiting(answer: Any) -> None:
    grade = grade_quiz(_quiz(ESSAY), {"q": answer}, {"q": Mark(Decimal(5))})
    assert (grade.is_pending, grade.points) == (False, 0)


@pytest.mark.parametrize(
    ("given_points", "points"), [("3.5", "3.50"), ("9", "5.00"), ("-1", "0.00"), ("NaN", "0.00"), ("Infinity", "0.00")]
)
def test_mark_counts_within_the_points_of_the_essay(given_points: str, points: str) -> None:
    grade = grade_quiz(_quiz(ESSAY), WRITTEN, {"q": Mark(Decimal(given_points), "Well.")})
    assert (grade.is_pending, grade.points, grade.results[0].comment) == (False, Decimal(points), "Well.")


def test_marks_by_criterion_add_up_and_each_stays_within_its_own_points() -> None:
    mark = Mark(Decimal(5), criteria={"facts": Decimal(9), "style": Decimal("0.5"), "elsewhere": Decimal(1)})
    grade = grade_quiz(_quiz(RUBRIC), WRITTEN, {"q": mark})
    assert grade.points == Decimal("3.50")
    assert grade.results[0].criteria == (
        MarkedCriterion("Facts", Decimal(3), 3),
        MarkedCriterion("Style", Decimal("0.50"), 2),
    )


def test_marked_essay_passes_with_the_rest() -> None:
    right = Question("r", "single", "?", points=5, choices=(ABCD[0], ABCD[2]))
    answers = {**WRITTEN, "r": {"choices": ["a"]}}
    assert grade_quiz(_quiz(ESSAY, right), answers).percent == 50
    grade = grade_quiz(_quiz(ESSAY, right), answers, {"q": Mark(Decimal(2))})
    assert (grade.percent, grade.passed) == (70, True)


@given(quizzes())
def test_perfect_answers_earn_full_marks(quiz: Quiz) -> None:
    quiz = replace(quiz, pass_percent=0)
    broken = {problem.question_id for problem in find_problems(quiz)} - {None}
    fair = replace(quiz, questions=tuple(question for question in quiz.questions if question.id not in broken))
    marks = {
        question.id: Mark(
            Decimal(question.points), criteria={item.id: Decimal(item.points) for item in question.rubric}
        )
        for question in fair.questions
    }
    grade = grade_quiz(fair, perfect_answers(fair), marks)
    assert (grade.points, grade.is_pending) == (fair.points, False)
    assert [result.question_id for result in grade.results if not result.is_correct] == []


@given(st.data(), pooled_quizzes(), st.integers())
def test_drawing_never_changes_what_an_answer_earns(data: st.DataObject, quiz: Quiz, seed: int) -> None:
    answers = data.draw(answers_to(quiz))
    whole = {result.question_id: result for result in grade_quiz(quiz, answers).results}
    drawn = grade_quiz(quiz.on_paper(question.id for question in draw_questions(quiz, seed)), answers)
    assert list(drawn.results) == [whole[result.question_id] for result in drawn.results]
    assert 0 <= drawn.points <= drawn.max_points


@given(st.data(), quizzes())
def test_grade_is_the_same_after_the_quiz_was_stored(data: st.DataObject, quiz: Quiz) -> None:
    answers = data.draw(answers_to(quiz))
    assert grade_quiz(quiz_from_json(quiz_to_json(quiz)), answers) == grade_quiz(quiz, answers)


@given(quizzes())
def test_one_right_side_for_everything_scores_zero(quiz: Quiz) -> None:
    questions = tuple(question for question in quiz.questions if len(question.pairs) > 1)
    answers = {
        question.id: {"pairs": {pair.id: question.rights[0].id for pair in question.pairs}} for question in questions
    }
    assert grade_quiz(replace(quiz, questions=questions), answers).points == 0


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


def test_result_of_each_type_with_parts_says_what_was_right() -> None:
    ordering = Question("o", "ordering", "?", items=tuple(Item(key, key) for key in "abc"))
    blanks = Question("b", "blanks", "?", texts=("", "", ""), blanks=(Blank("1", ("x", "y")), Blank("2", ("z",))))
    answers = {
        "q": {"pairs": {"fr": MATCHING.right_id("Paris"), "de": MATCHING.right_id("Rome")}},
        "o": {"order": ["b", "c", "a"]},
        "b": {"blanks": {"1": "Y", "2": "?"}},
    }
    first, second, third = grade_quiz(_quiz(MATCHING, ordering, blanks), answers).results
    assert (first.right_parts, first.right_pairs["fr"]) == (("fr",), MATCHING.right_id("Paris"))
    assert (second.right_parts, second.right_order) == (("c",), ("a", "b", "c"))
    assert (third.right_parts, third.right_blanks) == (("1",), {"1": ("x", "y"), "2": ("z",)})
