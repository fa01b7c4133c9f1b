"""What authors are told about unfair or impossible quizzes."""

from dataclasses import replace

import pytest

from courses.quizzes.definition import Choice, Question, Quiz, true_false_choices
from courses.quizzes.problems import Problem, find_problems

RIGHT, WRONG = Choice("a", "A", True), Choice("b", "B", False)
GOOD = Question("q", "single", "Which?", choices=(RIGHT, WRONG))


def _quiz(*questions: Question, **fields: int) -> Quiz:
    return Quiz("quiz", "Quiz", "", questions=questions, **fields)


def _codes(quiz: Quiz) -> list[str]:
    return [problem.code for problem in find_problems(quiz)]


@pytest.mark.parametrize(
    "question",
    [
        GOOD,
        replace(GOOD, type="multiple", choices=(RIGHT, WRONG, Choice("c", "C", True))),
        Question("q", "true_false", "So?", choices=true_false_choices(True)),
        Question("q", "short_text", "What?", accepted=("this",)),
        Question("q", "numeric", "How many?", number=0.0),
    ],
)
def test_good_questions_have_no_problems(question: Question) -> None:
    assert find_problems(_quiz(question)) == []


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        (replace(GOOD, prompt=" "), ["empty_prompt"]),
        (replace(GOOD, points=0), ["points_range"]),
        (replace(GOOD, type="essay"), ["unknown_type"]),
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
    ],
)
def test_each_fault_has_its_code(question: Question, codes: list[str]) -> None:
    assert _codes(_quiz(question, pass_percent=0)) == codes


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (replace(GOOD, choices=(WRONG, Choice("c", "C", False))), "no_right_answer"),
        (Question("q", "short_text", "What?", accepted=(" ",)), "no_accepted_answer"),
        (Question("q", "numeric", "?"), "no_number"),
        (Question("q", "numeric", "?", number=float("nan")), "no_number"),
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
