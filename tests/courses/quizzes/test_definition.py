"""The canonical JSON of quizzes."""

import json

from hypothesis import given

from courses.quizzes.definition import Choice, Pair, Pool, Question, Quiz, true_false_choices
from courses.quizzes.stored import quiz_from_json, quiz_to_json
from tests.courses.quizzes.strategies import pooled_quizzes


@given(pooled_quizzes())
def test_quiz_json_round_trips(quiz: Quiz) -> None:
    assert quiz_from_json(json.loads(json.dumps(quiz_to_json(quiz)))) == quiz


def test_quiz_from_json_ignores_keys_of_later_versions() -> None:
    quiz = Quiz("q", "Title", "", questions=(Question("1", "short_text", "Why?", accepted=("because",)),))
    assert quiz_from_json(quiz_to_json(quiz) | {"colour": "red"}) == quiz


def test_quiz_points_add_up_the_questions() -> None:
    quiz = Quiz(
        "q", "", "", questions=(Question("1", "numeric", "?", points=2), Question("2", "numeric", "?", points=3))
    )
    assert quiz.points == 5


def test_true_false_choices_have_fixed_ids() -> None:
    assert true_false_choices(False, feedback_true="No.") == (
        Choice("true", "True", False, "No."),
        Choice("false", "False", True, ""),
    )


STORED_BY_1_0 = {
    "id": "quiz",
    "title": "Title",
    "introduction": "",
    "pass_percent": 80,
    "attempts_allowed": 3,
    "time_limit": None,
    "shuffle_questions": True,
    "shuffle_choices": False,
    "questions": [
        {
            "id": "q",
            "type": "single",
            "prompt": "Which?",
            "points": 2,
            "choices": [{"id": "a", "text": "A", "is_correct": True, "feedback": "Yes."}],
            "accepted": [],
            "is_case_sensitive": False,
            "number": None,
            "tolerance": 0.0,
            "unit": "",
            "explanation": "Because.",
        }
    ],
}


def test_quiz_from_json_reads_what_the_first_edition_stored() -> None:
    question = Question("q", "single", "Which?", 2, (Choice("a", "A", True, "Yes."),), explanation="Because.")
    assert quiz_from_json(STORED_BY_1_0) == Quiz(
        "quiz", "Title", "", 80, attempts_allowed=3, shuffle_questions=True, questions=(question,)
    )


def _essay(key: str, points: int = 1) -> Question:
    return Question(key, "essay", "Why?", points)


def test_paper_of_a_pool_counts_what_is_drawn() -> None:
    questions = (_essay("fixed", 4), _essay("cheap", 1), _essay("middle", 2), _essay("dear", 3))
    quiz = Quiz("q", "", "", questions=questions, pools=(Pool("p", "Pool", 2, ("dear", "cheap", "middle")),))
    assert (quiz.question_count, quiz.points) == (3, 7)
    assert [question.id for question in quiz.fixed_questions] == ["fixed"]


def test_paper_of_a_pool_that_is_too_small_has_all_of_it() -> None:
    quiz = Quiz("q", "", "", questions=(_essay("a"),), pools=(Pool("p", "", 5, ("a", "gone")),))
    assert (quiz.question_count, quiz.points) == (1, 1)


def test_on_paper_keeps_the_drawn_questions_in_order() -> None:
    quiz = Quiz("q", "", "", questions=(_essay("a"), _essay("b"), _essay("c")), pools=(Pool("p", "", 1, ("a", "b")),))
    drawn = quiz.on_paper(["c", "a", "elsewhere"])
    assert ([question.id for question in drawn.questions], drawn.pools, drawn.points) == (["a", "c"], (), 2)


def test_quiz_with_an_essay_needs_marking() -> None:
    assert Quiz("q", "", "", questions=(_essay("a"),)).needs_marking is True
    assert Quiz("q", "", "", questions=(Question("1", "numeric", "?"),)).needs_marking is False


def test_right_side_has_the_same_id_wherever_it_stands() -> None:
    before = Question("q", "matching", "?", pairs=(Pair("1", "France", "Berlin"), Pair("2", "Germany", "Paris")))
    after = Question("q", "matching", "?", pairs=(Pair("1", "France", "Paris"), Pair("2", "Germany", " Berlin ")))
    assert after.right_pairs == {"1": before.right_pairs["2"], "2": before.right_pairs["1"]}


def test_ids_of_right_sides_are_fixed_for_ever() -> None:
    assert Question("q", "matching", "?").right_id("Paris") == "63c3c826-db77-5b5b-ba0b-bf2939fe8a44"
