"""What is made of a question is the question."""

from typing import Any

import pytest
from hypothesis import given

from courses.bank.raw_questions import make_raw
from courses.blocks.ids import has_all_ids
from courses.blocks.question_stream import BankQuestionStream
from courses.quizzes.definition import Question
from courses.quizzes.exchange import without_ids
from tests.courses.quizzes import strategies
from tests.factories.courses import every_question, part_questions


@pytest.mark.parametrize("question", [*every_question(), *part_questions()], ids=lambda question: question.type)
def test_every_type_comes_back_and_passes_the_editors_own_checks(question: Question) -> None:
    stream = BankQuestionStream(min_num=1, max_num=1)
    raw: list[Any] = [make_raw(question)]
    assert has_all_ids(stream, raw)
    value = stream.clean(stream.to_python(raw))
    assert [without_ids(found) for found in stream.to_questions(stream.get_prep_value(value))] == [
        without_ids(question)
    ]


@given(strategies.questions())
def test_any_question_comes_back(question: Question) -> None:
    if question.type in ("blanks", "matching", "short_text", "true_false"):
        return  # empty answers, and brackets in texts, are tidied by the blocks
    [found] = BankQuestionStream().to_questions([make_raw(question)])
    assert without_ids(found) == without_ids(question)
