"""Papers and form fields."""

from datetime import UTC, datetime

from django.http import QueryDict

from courses.quizzes.definition import Quiz
from courses.quizzes.paper import draw_paper
from learners.exams.models import Attempt, AttemptState
from learners.views.papers import make_attempt_view, make_results, read_form_answers
from tests.factories.courses import every_question

NOW = datetime(2030, 1, 1, tzinfo=UTC)
PAPER = draw_paper(Quiz("q", "", "", questions=every_question()), 1)


def test_read_form_answers_reads_empty_questions_as_answers():
    assert read_form_answers(QueryDict("q-q2=a&q-q2=b&q-q4=Paris"), PAPER) == [
        {"question": "q1", "choices": []},
        {"question": "q2", "choices": ["a", "b"]},
        {"question": "q3", "choices": []},
        {"question": "q4", "text": "Paris"},
        {"question": "q5", "number": ""},
    ]


def test_make_attempt_view_shows_what_was_saved():
    answers = {"q2": {"choices": ["b"], "seq": 3}, "q5": {"number": "7", "seq": 1}}
    attempt = Attempt(number=1, paper=PAPER, answers=answers, opened_at=NOW)
    questions = make_attempt_view(attempt, NOW).questions
    assert [choice.is_chosen for choice in questions[1].choices] == [False, True, False, False]
    assert (questions[1].seq, questions[4].number, questions[4].unit) == (3, "7", "kg")


def test_make_results_is_empty_while_the_attempt_runs():
    attempt = Attempt(number=1, paper=PAPER, state=AttemptState.OPEN, results={"questions": [{"question": "q1"}]})
    assert make_results(attempt) == []
