"""Papers: deterministic, complete, and without the key."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.definition import Choice, Question, Quiz, true_false_choices
from courses.quizzes.paper import draw_paper
from tests.courses.quizzes.strategies import quizzes

SECRET = "SECRET"
CHOICES = tuple(Choice(f"c{n}", f"Choice {n}", n == 3, SECRET) for n in range(8))
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
    ),
)


@given(quizzes(), st.integers())
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
    assert [question["id"] for question in draw_paper(QUIZ, 7)["questions"]] == ["one", "four", "three", "two", "five"]
