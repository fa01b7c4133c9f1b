"""Papers: deterministic, complete, and without the key."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.definition import (
    Blank,
    Choice,
    Criterion,
    Item,
    Pair,
    Pool,
    Question,
    Quiz,
    true_false_choices,
)
from courses.quizzes.paper import draw_paper, draw_questions
from tests.courses.quizzes.strategies import pooled_quizzes, quizzes

SECRET = "SECRET"
CHOICES = tuple(Choice(f"c{n}", f"Choice {n}", n == 3, SECRET) for n in range(8))
PAIRS = tuple(Pair(f"p{n}", left, right) for n, (left, right) in enumerate([("FR", "Paris"), ("DE", "Berlin")]))
ITEMS = tuple(Item(f"i{n}", f"Step {n}") for n in range(4))
QUIZ = Quiz(
    "quiz",
    "Quiz",
    "",
    shuffle_questions=True,
    shuffle_choices=True,
    questions=(
        Question("one", "single", "One?", choices=CHOICES, explanation=SECRET),
        Question("two", "multiple", "Two?", points=2, choices=CHOICES, explanation=SECRET),
        Question(
            "three", "true_false", "Three?", choices=tuple(reversed(true_false_choices(True, feedback_true=SECRET)))
        ),
        Question("four", "short_text", "Four?", accepted=(SECRET,)),
        Question("five", "numeric", "Five?", number=424242.0, tolerance=1.0, unit="kg"),
        Question("six", "matching", "Six?", pairs=PAIRS, distractors=("Oslo",), explanation=SECRET),
        Question("seven", "ordering", "Seven?", items=ITEMS, explanation=SECRET),
        Question("eight", "blanks", "Eight?", texts=("Water boils at ", " degrees."), blanks=(Blank("1", (SECRET,)),)),
        Question(
            "nine", "essay", "Nine?", 3, rubric=(Criterion("r", SECRET, 3, SECRET),), guidance=SECRET, max_words=50
        ),
    ),
)


def _drawn(question_id: str, seed: int) -> dict:
    return next(question for question in draw_paper(QUIZ, seed)["questions"] if question["id"] == question_id)


@given(pooled_quizzes(), st.integers())
def test_same_seed_draws_the_same_paper(quiz: Quiz, seed: int) -> None:
    assert draw_paper(quiz, seed) == draw_paper(quiz, seed)


@given(quizzes(), st.integers())
def test_paper_has_every_question_and_choice_once(quiz: Quiz, seed: int) -> None:
    drawn = {
        question["id"]: sorted(choice["id"] for choice in question["choices"])
        for question in draw_paper(quiz, seed)["questions"]
    }
    assert drawn == {question.id: sorted(choice.id for choice in question.choices) for question in quiz.questions}


def test_paper_never_holds_the_key() -> None:
    text = json.dumps(draw_paper(QUIZ, 1))
    assert [
        word for word in (SECRET, "424242", "correct", "tolerance", "explanation", "feedback") if word in text
    ] == []


def test_paper_shapes_each_type() -> None:
    paper = draw_paper(replace(QUIZ, shuffle_questions=False, shuffle_choices=False), 1)["questions"]
    assert paper[1] == {
        "id": "two",
        "type": "multiple",
        "prompt": "Two?",
        "points": 2,
        "choices": [{"id": f"c{n}", "text": f"Choice {n}"} for n in range(8)],
    }
    assert paper[3] == {"id": "four", "type": "short_text", "prompt": "Four?", "points": 1, "choices": []}
    assert paper[4] == {"id": "five", "type": "numeric", "prompt": "Five?", "points": 1, "choices": [], "unit": "kg"}


def test_true_comes_before_false_whatever_the_seed() -> None:
    orders = {
        tuple(choice["id"] for choice in question["choices"])
        for seed in range(20)
        for question in draw_paper(QUIZ, seed)["questions"]
        if question["id"] == "three"
    }
    assert orders == {("true", "false")}


def test_seeds_give_different_orders_and_questions_do_not_share_one() -> None:
    papers = [draw_paper(QUIZ, seed)["questions"] for seed in range(20)]
    assert len({tuple(question["id"] for question in paper) for paper in papers}) > 5
    by_id = {question["id"]: [choice["id"] for choice in question["choices"]] for question in papers[0]}
    assert by_id["one"] != by_id["two"]


def test_order_of_a_seed_is_fixed_for_ever() -> None:
    five = replace(QUIZ, questions=QUIZ.questions[:5])
    assert [question["id"] for question in draw_paper(five, 7)["questions"]] == ["one", "four", "three", "two", "five"]


def test_paper_shapes_the_types_with_parts() -> None:
    assert _drawn("six", 1) == {
        "id": "six",
        "type": "matching",
        "prompt": "Six?",
        "points": 1,
        "choices": [],
        "lefts": [{"id": "p0", "text": "FR"}, {"id": "p1", "text": "DE"}],
        "rights": [{"id": QUIZ.questions[5].right_id(text), "text": text} for text in ("Oslo", "Berlin", "Paris")],
    }
    assert sorted(_drawn("seven", 1)["items"], key=lambda item: item["id"]) == [
        {"id": f"i{n}", "text": f"Step {n}"} for n in range(4)
    ]
    assert _drawn("eight", 1)["parts"] == [{"text": "Water boils at "}, {"blank": "1"}, {"text": " degrees."}]
    assert (_drawn("nine", 1)["min_words"], _drawn("nine", 1)["max_words"]) == (None, 50)


def test_right_sides_do_not_tell_by_their_ids_whose_they_are() -> None:
    rights = {right["id"] for right in _drawn("six", 1)["rights"]}
    assert rights & {pair.id for pair in PAIRS} == set()
    assert len({right.id for right in QUIZ.questions[5].rights}) == 3


def test_items_never_come_in_the_right_order_and_every_other_order_occurs() -> None:
    three = Question("q", "ordering", "?", items=ITEMS[:3])
    orders = {
        tuple(item["id"] for item in draw_paper(Quiz("q", "", "", questions=(three,)), seed)["questions"][0]["items"])
        for seed in range(200)
    }
    assert ("i0", "i1", "i2") not in orders
    assert len(orders) == 5


def test_two_items_come_in_both_orders_because_always_swapping_them_would_tell() -> None:
    two = Question("q", "ordering", "?", items=ITEMS[:2])
    orders = {
        tuple(item["id"] for item in draw_paper(Quiz("q", "", "", questions=(two,)), seed)["questions"][0]["items"])
        for seed in range(50)
    }
    assert orders == {("i0", "i1"), ("i1", "i0")}


@given(pooled_quizzes(), st.integers())
def test_draw_takes_fixed_questions_and_as_many_of_each_pool_as_it_asks_for(quiz: Quiz, seed: int) -> None:
    drawn = [question.id for question in draw_questions(quiz, seed)]
    assert len(drawn) == len(set(drawn))
    assert {question.id for question in quiz.fixed_questions} <= set(drawn)
    free = set(drawn) - {question.id for question in quiz.fixed_questions}
    assert len(free) <= sum(pool.count for pool in quiz.pools)
    assert [question.id for question in quiz.questions if question.id in drawn] == drawn


@given(pooled_quizzes(), st.integers())
def test_paper_never_has_fewer_points_than_the_quiz_says(quiz: Quiz, seed: int) -> None:
    pooled = [key for pool in quiz.pools for key in pool.question_ids]
    drawn = draw_questions(quiz, seed)
    if len(pooled) == len(set(pooled)):
        assert len(drawn) == quiz.question_count
        assert quiz.on_paper(question.id for question in drawn).points >= quiz.points


def test_every_question_of_a_pool_is_drawn_some_time() -> None:
    quiz = replace(QUIZ, pools=(Pool("pool", "", 2, ("one", "two", "three", "four")),), shuffle_questions=False)
    draws = [frozenset(question.id for question in draw_questions(quiz, seed)) for seed in range(60)]
    fixed = {"five", "six", "seven", "eight", "nine"}
    assert {len(draw - fixed) for draw in draws} == {2}
    assert len(set(draws)) == 6
