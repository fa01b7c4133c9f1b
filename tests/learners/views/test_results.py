"""Results of every type, with and without the key."""

from datetime import UTC, datetime
from decimal import Decimal

from courses.quizzes.definition import Quiz
from courses.quizzes.grading import Mark, grade_quiz
from courses.quizzes.paper import draw_paper
from courses.quizzes.results import grade_to_json, read_result
from learners.exams.models import Attempt, AttemptState
from learners.views.cards import ResultRow, ResultView
from learners.views.results import make_result_view, make_results
from tests.factories.courses import MATCHING, every_question, part_questions

NOW = datetime(2030, 1, 1, tzinfo=UTC)
PAPER = draw_paper(Quiz("q", "", "", questions=every_question()), 1)
QUIZ = Quiz("q", "", "", questions=part_questions())
ANSWERS = {
    "q6": {"pairs": {"fr": MATCHING.right_id("Paris"), "it": MATCHING.right_id("Oslo")}},
    "q7": {"order": ["b", "c", "a"]},
    "q8": {"blanks": {"1": "100", "2": "Kelvin"}},
    "q9": {"text": "Because."},
}


def _results(*, is_key_shown: bool, marks: dict[str, Mark] | None = None) -> list[ResultView]:
    stored = grade_to_json(grade_quiz(QUIZ, ANSWERS, marks))["questions"]
    paper = draw_paper(QUIZ, 1)["questions"]
    return [
        make_result_view(
            question, ANSWERS[question["id"]], read_result(result, is_key_shown=is_key_shown), is_key_shown
        )
        for question, result in zip(paper, stored, strict=True)
    ]


def test_make_results_is_empty_while_the_attempt_runs():
    attempt = Attempt(number=1, paper=PAPER, state=AttemptState.OPEN, results={"questions": [{"question": "q1"}]})
    assert make_results(attempt) == []


def test_rows_say_what_was_right_once_the_key_may_be_shown():
    matching, ordering, blanks, _essay = _results(is_key_shown=True)
    assert matching.rows == [
        ResultRow("France", "Paris", "Paris", True),
        ResultRow("Italy", "Oslo", "Rome", False),
    ]
    assert blanks.rows == [
        ResultRow("Water boils at ____ degrees", "100", "100 · one hundred", True),
        ResultRow("degrees ____.", "Kelvin", "Celsius", False),
    ]
    assert (ordering.given_order, ordering.right_order) == (
        ["Step b", "Step c", "Step a"],
        ["Step a", "Step b", "Step c"],
    )


def test_rows_keep_quiet_while_the_key_is_kept_back():
    matching, ordering, blanks, _essay = _results(is_key_shown=False)
    assert {(row.right, row.is_right) for row in matching.rows + blanks.rows} == {("", None)}
    assert ordering.right_order == []
    assert (matching.points, blanks.points) == (1, 1)


def test_essay_waits_and_then_shows_its_marks():
    assert _results(is_key_shown=False)[3].is_pending is True
    mark = Mark(comment="Good.", criteria={"facts": Decimal("1.5"), "style": Decimal(1)})
    essay = _results(is_key_shown=False, marks={"q9": mark})[3]
    assert (essay.is_pending, essay.points, essay.comment) == (False, Decimal("2.5"), "Good.")
    assert essay.criteria == [
        {"title": "Facts", "points": Decimal("1.50"), "max_points": 2},
        {"title": "Style", "points": Decimal("1.00"), "max_points": 1},
    ]
