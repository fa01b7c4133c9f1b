"""Questions answered in one go: from what editors type to the pure definition."""

from typing import Any

import pytest

from courses.blocks.question_stream import QuestionStream
from courses.quizzes.definition import Choice, Question
from tests.factories.pages import make_item

STREAM = QuestionStream()


def question_of(kind: str, value: dict[str, Any]) -> Question:
    item = make_item(kind, {"prompt": "Why?", "points": 2, "explanation": "So.", **value})
    [question] = STREAM.to_questions([item])
    assert (question.id, question.type, question.prompt, question.points, question.explanation) == (
        item["id"],
        kind,
        "Why?",
        2,
        "So.",
    )
    return question


def test_multiple_question_keeps_every_choice() -> None:
    choices = [make_item("choice", {"text": text, "is_correct": text != "c", "feedback": ""}) for text in "abc"]
    question = question_of("multiple", {"choices": choices})
    assert question.choices == tuple(
        Choice(item["id"], item["value"]["text"], item["value"]["is_correct"]) for item in choices
    )


@pytest.mark.parametrize(("answer", "right"), [("true", ("true",)), ("false", ("false",)), ("", ())])
def test_true_false_question_has_two_fixed_choices(answer: str, right: tuple[str, ...]) -> None:
    question = question_of("true_false", {"answer": answer, "feedback_true": "T", "feedback_false": "F"})
    assert [(choice.id, choice.feedback) for choice in question.choices] == [("true", "T"), ("false", "F")]
    assert question.right_ids == right


def test_short_text_question_lists_accepted_answers() -> None:
    answers = [make_item("answer", "Paris"), make_item("answer", ""), make_item("answer", "paris ")]
    question = question_of("short_text", {"answers": answers, "is_case_sensitive": True})
    assert (question.accepted, question.is_case_sensitive) == (("Paris", "paris "), True)


def test_numeric_question_reads_number_tolerance_and_unit() -> None:
    question = question_of("numeric", {"number": 3.5, "tolerance": None, "unit": "kg"})
    assert (question.number, question.tolerance, question.unit) == (3.5, 0.0, "kg")
