"""What is wrong with a question, type by type."""

from dataclasses import replace

import pytest

from courses.quizzes.definition import (
    Blank,
    Choice,
    Criterion,
    Item,
    Pair,
    Question,
    true_false_choices,
)
from courses.quizzes.question_problems import can_be_right, check_question

RIGHT, WRONG = Choice("a", "A", True), Choice("b", "B", False)
GOOD = Question("q", "single", "Which?", choices=(RIGHT, WRONG))
MATCHING = Question("q", "matching", "Which?", pairs=(Pair("1", "a", "A"), Pair("2", "b", "B")), distractors=("C",))
ORDERING = Question("q", "ordering", "Order?", items=(Item("1", "first"), Item("2", "second")))
BLANKS = Question("q", "blanks", "Fill in.", texts=("At ", "."), blanks=(Blank("1", ("100",)),))
ESSAY = Question("q", "essay", "Why?", 3, rubric=(Criterion("1", "Facts", 2), Criterion("2", "Style", 1)))


@pytest.mark.parametrize(
    "question",
    [
        GOOD,
        replace(GOOD, type="multiple", choices=(RIGHT, WRONG, Choice("c", "C", True))),
        Question("q", "true_false", "So?", choices=true_false_choices(True)),
        Question("q", "short_text", "What?", accepted=("this",)),
        Question("q", "numeric", "How many?", number=0.0),
        MATCHING,
        ORDERING,
        BLANKS,
        ESSAY,
        replace(ESSAY, rubric=()),
    ],
)
def test_good_questions_have_no_problems(question: Question) -> None:
    assert list(check_question(question)) == []
    assert can_be_right(question) is True


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        (replace(GOOD, prompt=" "), ["empty_prompt"]),
        (replace(GOOD, points=0), ["points_range"]),
        (replace(GOOD, type="riddle"), ["unknown_type"]),
        (replace(GOOD, choices=(RIGHT,)), ["too_few_choices"]),
        (replace(GOOD, choices=(RIGHT, replace(RIGHT, id="c", text="C"))), ["several_right_answers"]),
        (
            replace(GOOD, type="multiple", choices=(RIGHT, replace(RIGHT, id="c", text="C"))),
            ["every_choice_right"],
        ),
        (replace(GOOD, choices=(RIGHT, replace(WRONG, text=""))), ["empty_choice"]),
        (replace(GOOD, choices=(RIGHT, replace(WRONG, text=" A "))), ["duplicate_choices"]),
        (replace(GOOD, choices=(RIGHT, replace(WRONG, id="a"))), ["duplicate_choice_ids"]),
        (Question("q", "true_false", "So?", choices=(RIGHT, WRONG)), ["true_false_choices"]),
        (Question("q", "short_text", "What?", accepted=("x", " ")), ["empty_accepted_answer"]),
        (Question("q", "numeric", "?", number=1.0, tolerance=-1.0), ["tolerance_range"]),
        (replace(MATCHING, pairs=MATCHING.pairs[:1]), ["too_few_pairs"]),
        (replace(MATCHING, pairs=(Pair("1", "a", "A"), Pair("2", "b", ""))), ["empty_pair"]),
        (replace(MATCHING, pairs=(Pair("1", "a", "A"), Pair("2", "A ", "B"))), ["duplicate_lefts"]),
        (replace(MATCHING, pairs=(Pair("1", "a", "A"), Pair("2", "b", "a"))), ["duplicate_rights"]),
        (replace(MATCHING, distractors=("b",)), ["duplicate_rights"]),
        (replace(MATCHING, distractors=("",)), ["empty_distractor"]),
        (replace(MATCHING, pairs=(Pair("1", "a", "A"), Pair("1", "b", "B"))), ["duplicate_pair_ids"]),
        (replace(ORDERING, items=(Item("1", "first"), Item("2", " "))), ["empty_item"]),
        (replace(ORDERING, items=(Item("1", "first"), Item("2", "First"))), ["duplicate_items"]),
        (replace(ORDERING, items=(Item("1", "first"), Item("1", "second"))), ["duplicate_item_ids"]),
        (replace(BLANKS, texts=("At [[ ", ".")), ["stray_brackets"]),
        (replace(ESSAY, points=4), ["rubric_points"]),
        (replace(ESSAY, rubric=(Criterion("1", "", 3),)), ["empty_criterion"]),
        (replace(ESSAY, rubric=(Criterion("1", "Facts", 3), Criterion("2", "Style", 0))), ["criterion_points_range"]),
        (replace(ESSAY, min_words=9, max_words=8), ["words_range"]),
    ],
)
def test_each_fault_has_its_code(question: Question, codes: list[str]) -> None:
    assert [code for code, _message in check_question(question)] == codes
