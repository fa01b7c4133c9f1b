"""Questions in parts and essays: from what editors type to the pure definition."""

from typing import Any

from courses.blocks.question_stream import QuestionStream
from courses.quizzes.definition import Blank, Criterion, Item, Pair, Question
from tests.factories.pages import make_item

STREAM = QuestionStream()


def question_of(kind: str, value: dict[str, Any]) -> Question:
    [question] = STREAM.to_questions([make_item(kind, {"prompt": "Why?", **value})])
    return question


def test_matching_question_keeps_pairs_and_distractors() -> None:
    pairs = [make_item("pair", {"left": "France", "right": "Paris"}), make_item("pair", {"left": "Italy"})]
    question = question_of("matching", {"pairs": pairs, "distractors": [make_item("distractor", "Oslo")]})
    assert question.pairs == (Pair(pairs[0]["id"], "France", "Paris"), Pair(pairs[1]["id"], "Italy", ""))
    assert question.distractors == ("Oslo",)


def test_ordering_question_keeps_the_right_order() -> None:
    items = [make_item("item", text) for text in ("First", "Then")]
    assert question_of("ordering", {"items": items}).items == (
        Item(items[0]["id"], "First"),
        Item(items[1]["id"], "Then"),
    )


def test_blanks_question_reads_the_text() -> None:
    question = question_of("blanks", {"text": "At [[100|hundred]] degrees.", "is_case_sensitive": True})
    assert (question.texts, question.blanks) == (("At ", " degrees."), (Blank("1", ("100", "hundred")),))
    assert (question.is_case_sensitive, question.keeps_spaces) == (True, False)


def test_essay_question_keeps_rubric_and_guidance() -> None:
    rubric = [make_item("criterion", {"title": "Facts", "points": 2, "description": "Three of them."})]
    question = question_of("essay", {"rubric": rubric, "guidance": "See page 3.", "min_words": 50})
    assert question.rubric == (Criterion(rubric[0]["id"], "Facts", 2, "Three of them."),)
    assert (question.guidance, question.min_words, question.max_words) == ("See page 3.", 50, None)
