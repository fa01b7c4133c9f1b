"""Pools, draws and settings: from what editors choose to the pure definition."""

from typing import Any

import pytest

from courses.blocks.base import BlockProblem
from courses.blocks.ids import ensure_ids, has_all_ids
from courses.blocks.quiz import QuizBlock
from courses.quizzes.definition import Pool, Question
from tests.factories.pages import make_choice_question, make_item, make_quiz

BLOCK = QuizBlock()


def test_settings_of_attempts_are_read_and_nonsense_is_the_safe_rule() -> None:
    quiz = BLOCK.to_quiz({"cooldown_minutes": 30, "score_policy": "last", "review_policy": "never"}, "q")
    assert (quiz.cooldown_minutes, quiz.score_policy, quiz.review_policy) == (30, "last", "never")
    quiz = BLOCK.to_quiz({"score_policy": "luck", "review_policy": None}, "q")
    assert (quiz.cooldown_minutes, quiz.score_policy, quiz.review_policy) == (None, "best", "when_useless")


def pooled(count: int = 1) -> dict[str, Any]:
    quiz = make_quiz()["value"]
    inner = [make_choice_question("One?"), make_choice_question("Two?")]
    quiz["questions"].append(make_item("pool", {"title": "Easy", "count": count, "questions": inner}))
    return quiz


def test_pool_holds_its_questions() -> None:
    raw = pooled()
    quiz = BLOCK.to_quiz(raw, "quiz")
    pool = raw["questions"][1]
    keys = tuple(item["id"] for item in pool["value"]["questions"])
    assert quiz.pools == (Pool(pool["id"], "Easy", 1, keys),)
    assert [question.prompt for question in quiz.questions] == ["Which one is right?", "One?", "Two?"]
    assert (quiz.question_count, quiz.points) == (2, 2)


def test_everything_in_a_pool_gets_ids() -> None:
    raw = pooled()
    for item in raw["questions"][1]["value"]["questions"]:
        del item["id"], item["value"]["choices"][0]["id"]
    assert has_all_ids(BLOCK, raw) is False
    assert has_all_ids(BLOCK, ensure_ids(BLOCK, raw)) is True


def test_problems_point_to_the_pool_and_to_the_question_in_it() -> None:
    raw = pooled(count=3)
    raw["questions"][1]["value"]["questions"][1]["value"]["prompt"] = ""
    assert BLOCK.find_problems(raw) == [
        BlockProblem("The pool “Easy” should draw 3 questions but has only 2.", ("questions", 1)),
        BlockProblem(
            "Pool “Easy”, question 2: the prompt is empty. Write what is asked.", ("questions", 1, "questions", 1)
        ),
    ]


@pytest.mark.parametrize("bank", [None, {7: ()}])
def test_draw_from_the_bank_without_questions_is_an_empty_pool(bank: Any) -> None:
    draw = make_item("bank", {"category": 7, "count": 2})
    quiz = BLOCK.to_quiz({"questions": [draw]}, "quiz", bank)
    assert (quiz.questions, quiz.pools) == ((), (Pool(draw["id"], "", 2),))


def test_two_draws_from_one_category_hold_each_question_once() -> None:
    question = Question("k", "essay", "Why?")
    draws = [make_item("bank", {"category": 7, "count": 1}) for _ in range(2)]
    quiz = BLOCK.to_quiz({"questions": draws}, "quiz", {7: (question,)})
    assert (quiz.questions, [pool.question_ids for pool in quiz.pools]) == ((question,), [("k",), ("k",)])


def test_references_name_the_categories() -> None:
    draws = [make_item("bank", {"category": 7, "count": 1}), make_item("bank", {"category": None, "count": 1})]
    assert list(BLOCK.references({"questions": draws})) == [("bank", 7)]


def test_a_writer_that_does_not_know_the_rules_leaves_the_defaults() -> None:
    value = BLOCK.to_python(make_quiz()["value"] | {"score_policy": "", "review_policy": ""})
    cleaned = BLOCK.clean(value)
    assert (cleaned["score_policy"], cleaned["review_policy"]) == ("best", "when_useless")
