"""Quiz blocks become pure definitions, and their problems point to the right field."""

import pytest
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.blocks.base import BlockProblem, problems_to_error
from courses.blocks.quiz import QuizBlock
from tests.factories.pages import make_item, make_quiz

BLOCK = QuizBlock()


def test_to_quiz_reads_settings() -> None:
    quiz = BLOCK.to_quiz(
        {
            "pass_percent": 0,
            "attempts_allowed": 3,
            "time_limit": 20,
            "shuffle_questions": True,
            "shuffle_choices": True,
        },
        "q",
    )
    assert (quiz.pass_percent, quiz.attempts_allowed, quiz.time_limit) == (0, 3, 20)
    assert (quiz.shuffle_questions, quiz.shuffle_choices) == (True, True)


def test_to_quiz_takes_nonsense_numbers_as_missing() -> None:
    quiz = BLOCK.to_quiz({"pass_percent": "lots", "questions": [make_item("single", {"points": True})]}, "q")
    assert (quiz.pass_percent, quiz.questions[0].points) == (70, 1)


def test_find_problems_points_to_the_question() -> None:
    value = make_quiz()["value"]
    value["questions"].append(make_item("numeric", {"prompt": "How many?", "points": 1, "number": None}))
    value["pass_percent"] = 40
    assert BLOCK.find_problems(value) == [
        BlockProblem("Question 2: the right number is missing.", ("questions", 1)),
    ]


def test_find_problems_points_to_the_pass_mark() -> None:
    value = make_quiz()["value"] | {"pass_percent": 101}
    assert [problem.path for problem in BLOCK.find_problems(value)] == [("pass_percent",)]


def test_find_problems_copes_with_questions_without_ids() -> None:
    value = make_quiz()["value"]
    for item in value["questions"]:
        del item["id"]
    assert BLOCK.find_problems(value) == []
    assert "id" not in value["questions"][0]


def test_clean_refuses_a_quiz_without_questions() -> None:
    with pytest.raises(StructBlockValidationError) as refused:
        BLOCK.clean(BLOCK.to_python({"title": "Empty"}))
    assert refused.value.block_errors["questions"].messages == ["The quiz has no questions. Add at least one."]


def test_clean_lets_a_draft_pass() -> None:
    cleaned = BLOCK.clean_deferred(BLOCK.to_python({"title": "Empty"}))
    assert cleaned["title"] == "Empty"


def test_problems_to_error_nests_structs_and_streams() -> None:
    error = problems_to_error([BlockProblem("Deep", ("questions", 1)), BlockProblem("Here")])
    assert isinstance(error, StructBlockValidationError)
    assert error.non_block_errors.as_data()[0].messages == ["Here"]
    below = error.block_errors["questions"]
    assert isinstance(below, StreamBlockValidationError)
    assert below.block_errors[1].messages == ["Deep"]


def test_problems_to_error_of_nothing_is_nothing() -> None:
    assert problems_to_error([]) is None
