"""Papers and form fields."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from courses.quizzes.definition import Quiz
from courses.quizzes.paper import draw_paper
from learners.exams.models import Attempt
from learners.views.papers import make_attempt_view, read_form_answers
from tests.factories.courses import MATCHING, every_question, part_questions

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


PARTS = draw_paper(Quiz("q", "", "", questions=part_questions()), 1)
PARIS, OSLO = MATCHING.right_id("Paris"), MATCHING.right_id("Oslo")


def test_read_form_answers_reads_the_fields_of_questions_in_parts():
    form = f"q-q6-fr={PARIS}&q-q6-it=&q-q7-a=2&q-q7-b=1&q-q7-c=3&q-q8-1=100&q-q8-2=&q-q9=One%0D%0Atwo"
    assert read_form_answers(QueryDict(form), PARTS) == [
        {"question": "q6", "pairs": {"fr": PARIS}},
        {"question": "q7", "order": ["b", "a", "c"]},
        {"question": "q8", "blanks": {"1": "100", "2": ""}},
        {"question": "q9", "text": "One\ntwo"},
    ]


@pytest.mark.parametrize(
    ("places", "order"),
    [
        ({}, []),
        ({"a": "", "b": ""}, []),
        ({"c": "1"}, ["c", *[item["id"] for item in PARTS["questions"][1]["items"] if item["id"] != "c"]]),
        ({"a": "3", "b": "2", "c": "1"}, ["c", "b", "a"]),
        ({"a": "x", "b": "²", "c": "99999"}, []),
    ],
)
def test_places_that_are_missing_come_last(places, order):
    fields = QueryDict("&".join(f"q-q7-{item}={place}" for item, place in places.items()))
    assert read_form_answers(fields, PARTS)[1] == {"question": "q7", "order": order}


def test_make_attempt_view_shows_the_parts_that_were_saved():
    answers = {"q6": {"pairs": {"it": OSLO}}, "q7": {"order": ["c", "a", "b"]}, "q8": {"blanks": {"2": "Celsius"}}}
    attempt = Attempt(number=1, paper=PARTS, answers=answers, opened_at=NOW)
    matching, ordering, blanks, essay = make_attempt_view(attempt, NOW).questions
    assert [(left.text, [right.text for right in left.rights if right.is_chosen]) for left in matching.lefts] == [
        ("France", []),
        ("Italy", ["Oslo"]),
    ]
    assert [(item.id, item.place) for item in ordering.items] == [("c", 1), ("a", 2), ("b", 3)]
    assert [(part.text, part.number, part.value) for part in blanks.parts] == [
        ("Water boils at ", 0, ""),
        ("", 1, ""),
        (" degrees ", 0, ""),
        ("", 2, "Celsius"),
        (".", 0, ""),
    ]
    assert (essay.min_words, essay.max_words) == (None, 200)


def test_items_without_an_answer_stand_as_the_paper_has_them():
    attempt = Attempt(number=1, paper=PARTS, answers={}, opened_at=NOW)
    items = make_attempt_view(attempt, NOW).questions[1].items
    assert [(item.id, item.place) for item in items] == [(item["id"], None) for item in PARTS["questions"][1]["items"]]
