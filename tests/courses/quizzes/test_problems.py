"""What authors are told about unfair or impossible quizzes."""

from dataclasses import replace

import pytest

from courses.quizzes.definition import (
    Blank,
    Choice,
    Criterion,
    Item,
    Pair,
    Pool,
    Question,
    Quiz,
)
from courses.quizzes.problems import Problem, find_problems, find_reachable_percent

RIGHT, WRONG = Choice("a", "A", True), Choice("b", "B", False)
GOOD = Question("q", "single", "Which?", choices=(RIGHT, WRONG))
MATCHING = Question("q", "matching", "Which?", pairs=(Pair("1", "a", "A"), Pair("2", "b", "B")), distractors=("C",))
ORDERING = Question("q", "ordering", "Order?", items=(Item("1", "first"), Item("2", "second")))
BLANKS = Question("q", "blanks", "Fill in.", texts=("At ", "."), blanks=(Blank("1", ("100",)),))
ESSAY = Question("q", "essay", "Why?", 3, rubric=(Criterion("1", "Facts", 2), Criterion("2", "Style", 1)))


def _quiz(*questions: Question, **fields: int) -> Quiz:
    return Quiz("quiz", "Quiz", "", questions=questions, **fields)


def _codes(quiz: Quiz) -> list[str]:
    return [problem.code for problem in find_problems(quiz)]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (replace(GOOD, choices=(WRONG, Choice("c", "C", False))), "no_right_answer"),
        (Question("q", "short_text", "What?", accepted=(" ",)), "no_accepted_answer"),
        (Question("q", "numeric", "?"), "no_number"),
        (Question("q", "numeric", "?", number=float("nan")), "no_number"),
        (replace(ORDERING, items=ORDERING.items[:1]), "too_few_items"),
        (replace(BLANKS, texts=("At 100.",), blanks=()), "no_blanks"),
        (replace(BLANKS, blanks=(Blank("1"),)), "empty_blank"),
    ],
)
def test_question_without_a_right_answer_also_makes_the_pass_mark_unreachable(question: Question, code: str) -> None:
    assert _codes(_quiz(question, replace(GOOD, id="q2"), pass_percent=60)) == ["pass_percent_unreachable", code]


def test_pass_mark_counts_what_can_still_be_earned() -> None:
    broken = replace(GOOD, id="q2", choices=(WRONG, Choice("c", "C", False)))
    assert _codes(_quiz(GOOD, broken, pass_percent=50)) == ["no_right_answer"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"pass_percent": 101}, "pass_percent_range"),
        ({"pass_percent": -1}, "pass_percent_range"),
        ({"attempts_allowed": 0}, "attempts_allowed_range"),
        ({"time_limit": 0}, "time_limit_range"),
        ({"cooldown_minutes": 0}, "cooldown_range"),
    ],
)
def test_settings_out_of_range(fields: dict[str, int], code: str) -> None:
    assert _codes(_quiz(GOOD, **fields)) == [code]


def test_quiz_without_questions() -> None:
    assert find_problems(_quiz()) == [Problem("no_questions", "The quiz has no questions. Add at least one.")]


def test_questions_that_share_an_id() -> None:
    assert _codes(_quiz(GOOD, GOOD)) == ["duplicate_question_ids"]


def test_message_names_the_question_by_position() -> None:
    assert find_problems(_quiz(GOOD, replace(GOOD, id="second", prompt=""))) == [
        Problem("empty_prompt", "Question 2: the prompt is empty. Write what is asked.", "second")
    ]


def _pooled(*pools: Pool, broken: tuple[str, ...] = (), pass_percent: int = 70) -> Quiz:
    """Four questions of one point, those in ``broken`` without a right answer."""
    questions = tuple(
        replace(GOOD, id=key, choices=(WRONG, Choice("c", "C", False)) if key in broken else GOOD.choices)
        for key in "abcd"
    )
    return replace(_quiz(*questions, pass_percent=pass_percent), pools=pools)


@pytest.mark.parametrize(
    ("pools", "codes"),
    [
        ([Pool("p", "Easy", 1, ("a", "b"))], []),
        ([Pool("p", "Easy", 2, ("a", "b")), Pool("o", "Hard", 1, ("c", "d"))], []),
        ([Pool("p", "Easy", 0, ("a", "b"))], ["pool_count_range"]),
        ([Pool("p", "Easy", 3, ("a", "b"))], ["pool_too_small"]),
        ([Pool("p", "Easy", 1)], ["pool_empty"]),
        ([Pool("p", "Easy", 1, ("a", "b")), Pool("o", "Hard", 1, ("b",))], ["question_in_two_pools"]),
    ],
)
def test_pools_that_cannot_be_drawn(pools: list[Pool], codes: list[str]) -> None:
    assert _codes(_pooled(*pools)) == codes


def test_problem_of_a_pool_names_it() -> None:
    assert find_problems(_pooled(Pool("p", "Easy", 3, ("a", "b")))) == [
        Problem("pool_too_small", "The pool “Easy” should draw 3 questions but has only 2.", pool_id="p")
    ]


def test_problem_of_a_pooled_question_names_its_place_in_the_pool() -> None:
    problems = find_problems(_pooled(Pool("p", "Easy", 1, ("c", "b")), broken=("b", "d"), pass_percent=0))
    assert [problem.message for problem in problems] == [
        "Pool “Easy”, question 2: no choice is marked as right.",
        "Question 2: no choice is marked as right.",
    ]


@pytest.mark.parametrize(("pass_percent", "is_reachable"), [(66, True), (67, False)])
def test_pass_mark_must_be_reachable_on_the_worst_draw(pass_percent: int, is_reachable: bool) -> None:
    # c and d are on every paper; one of a and b, and only b has a right answer.
    quiz = _pooled(Pool("p", "", 1, ("a", "b")), broken=("a",), pass_percent=pass_percent)
    assert ("pass_percent_unreachable" not in _codes(quiz)) is is_reachable


def test_worst_draw_weighs_points_against_each_other() -> None:
    broken = (WRONG, Choice("c", "C", False))
    dear = (replace(GOOD, id="b", points=8, choices=broken), replace(GOOD, id="c", points=8))
    quiz = replace(_quiz(replace(GOOD, id="a", points=2), *dear), pools=(Pool("p", "", 1, ("b", "c")),))
    assert find_reachable_percent(quiz) == 20
