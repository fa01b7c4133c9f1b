"""Answers are checked against the paper; late ones are ignored."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.definition import Quiz
from courses.quizzes.paper import draw_paper
from learners.exams.answers import find_unanswered, merge_answers, read_answers
from tests.factories.courses import MATCHING, RIGHT_ANSWERS, RIGHT_PART_ANSWERS, every_question, part_questions

PAPER = draw_paper(Quiz("q", "", "", questions=every_question() + part_questions()), 1)
OSLO = MATCHING.right_id("Oslo")
NOW = datetime(2030, 1, 1, tzinfo=UTC)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_read_answers_keeps_good_answers_of_every_type():
    assert read_answers(RIGHT_ANSWERS, PAPER) == {
        "q1": {"choices": ["right"]},
        "q2": {"choices": ["a", "b"]},
        "q3": {"choices": ["true"]},
        "q4": {"text": " paris "},
        "q5": {"number": "1,5"},
    }


def test_read_answers_keeps_good_answers_in_parts():
    assert read_answers([*RIGHT_PART_ANSWERS, {"question": "q9", "text": "x" * 50_000}], PAPER) == {
        "q6": {"pairs": MATCHING.right_pairs},
        "q7": {"order": ["a", "b", "c"]},
        "q8": {"blanks": {"1": "100", "2": "celsius"}},
        "q9": {"text": "x" * 50_000},
    }


@pytest.mark.parametrize(
    ("given_answer", "kept"),
    [
        ({"question": "q6", "pairs": {}}, {"pairs": {}}),
        (
            {"question": "q6", "pairs": {"fr": "", "it": MATCHING.right_id("Oslo")}},
            {"pairs": {"it": MATCHING.right_id("Oslo")}},
        ),
        ({"question": "q7", "order": []}, {"order": []}),
        ({"question": "q8", "blanks": {"2": "x"}}, {"blanks": {"2": "x"}}),
    ],
)
def test_read_answers_takes_answers_that_are_not_complete(given_answer, kept):
    assert read_answers([given_answer], PAPER) == {given_answer["question"]: kept}


def test_read_answers_leaves_out_what_is_no_answer():
    bad = [
        None,
        "q1",
        {"question": "q99", "text": "x"},
        {"question": ["q1"], "choices": ["right"]},
        {"question": "q1", "choices": ["elsewhere"]},
        {"question": "q1", "choices": "right"},
        {"question": "q1", "choices": [1]},
        {"question": "q4", "text": "a\x00b"},
        {"question": "q4", "text": "a\ud800b"},
        {"question": "q4", "text": "a" * 5001},
        {"question": "q4"},
        {"question": "q5", "number": True},
        {"question": "q5", "number": "1" * 65},
        {"question": "q5", "number": [1]},
        {"question": "q6", "pairs": ["fr"]},
        {"question": "q6", "pairs": {"fr": "fr"}},
        {"question": "q6", "pairs": {"fr": ["x"]}},
        {"question": "q6", "pairs": {"elsewhere": MATCHING.right_id("Paris")}},
        {"question": "q7", "order": ["a", "b"]},
        {"question": "q7", "order": ["a", "b", "b"]},
        {"question": "q7", "order": [["a"], "b", "c"]},
        {"question": "q7", "order": "abc"},
        {"question": "q8", "blanks": {"3": "x"}},
        {"question": "q8", "blanks": {"1": 100}},
        {"question": "q8", "blanks": {"1": "x" * 501}},
        {"question": "q8", "blanks": {"1": "a\x00b"}},
        {"question": "q9", "text": "x" * 50_001},
    ]
    assert read_answers(bad, PAPER) == {}


def test_read_answers_reads_an_emptied_question_as_an_answer():
    assert read_answers([{"question": "q2", "choices": []}], PAPER) == {"q2": {"choices": []}}


@given(
    json_values,
    st.lists(
        st.fixed_dictionaries(
            {"question": st.sampled_from([f"q{n}" for n in range(1, 10)])},
            optional=dict.fromkeys(["choices", "text", "number", "pairs", "order", "blanks", "seq"], json_values),
        )
    ),
)
def test_read_answers_never_raises(anything, answers):
    read_answers(anything, PAPER)
    merge_answers({}, read_answers(answers, PAPER), NOW)


def test_merge_answers_ignores_older_numbers_and_keeps_the_rest():
    saved, _taken = merge_answers({}, {"q1": {"text": "new", "seq": 5}, "q2": {"text": "kept"}}, NOW)
    merged, taken = merge_answers(saved, {"q1": {"text": "late", "seq": 4}, "q3": {"text": "c"}}, NOW)
    assert {key: (answer["text"], answer["seq"]) for key, answer in merged.items()} == {
        "q1": ("new", 5),
        "q2": ("kept", 1),
        "q3": ("c", 1),
    }
    assert taken == ["q3"]


def test_merge_answers_without_a_number_counts_as_the_newest():
    merged, taken = merge_answers({"q1": {"text": "old", "seq": 7}}, {"q1": {"text": "form"}}, NOW)
    assert (merged["q1"]["text"], merged["q1"]["seq"], taken) == ("form", 8, ["q1"])


def test_merge_answers_numbers_another_answer_with_the_same_number_one_higher():
    """A plain form carries the number it was filled with: a second tab with older answers does not bring them back."""
    first, _taken = merge_answers({}, {"q1": {"text": "", "seq": 0}}, NOW)
    second, taken = merge_answers(first, {"q1": {"text": "new", "seq": first["q1"]["seq"]}}, NOW)
    assert (second["q1"]["seq"], taken) == (2, ["q1"])
    assert merge_answers(second, {"q1": {"text": "", "seq": 0}}, NOW) == (second, [])
    assert merge_answers(second, {"q1": {"text": "", "seq": 1}}, NOW) == (second, [])


def test_find_unanswered_asks_for_every_part():
    paper = PAPER
    assert find_unanswered(paper, {}) == ["q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9"]
    answers = {answer["question"]: answer for answer in (*RIGHT_ANSWERS, *RIGHT_PART_ANSWERS)}
    assert find_unanswered(paper, answers) == ["q9"]
    partly = answers | {"q8": {"blanks": {"1": "100", "2": " "}}, "q4": {"text": " "}, "q9": {"text": "Because."}}
    assert find_unanswered(paper, partly) == ["q4", "q8"]
