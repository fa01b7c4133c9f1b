"""Answers are told in the words the learner saw."""

import pytest

from learners.reporting.answers import describe_answer, describe_choices

CHOICES = {"type": "multiple", "choices": [{"id": "a", "text": "Apples"}, {"id": "b", "text": "Bread"}]}
ITEMS = {"type": "ordering", "choices": [], "items": [{"id": "x", "text": "First"}, {"id": "y", "text": "Second"}]}


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        (CHOICES, {"choices": ["b"]}, ["Bread"]),
        (CHOICES, {"choices": ["gone"]}, ["gone"]),
        (ITEMS, {"order": ["y", "x"]}, ["1. Second", "2. First"]),
        (
            {
                "type": "matching",
                "lefts": [{"id": "l", "text": "Paris"}],
                "rights": [{"id": "r", "text": "France"}],
            },
            {"pairs": {"l": "r"}},
            ["Paris → France"],
        ),
        ({"type": "blanks"}, {"blanks": {"g": "sea", "h": " "}}, ["sea"]),
        ({"type": "short_text", "choices": []}, {"text": "Paris"}, ["Paris"]),
        ({"type": "numeric", "choices": []}, {"number": "1,5"}, ["1,5"]),
        ({"type": "short_text", "choices": []}, {"text": "  "}, []),
        (CHOICES, None, []),
    ],
)
def test_answer_is_described_in_words(question: dict, answer: dict | None, words: list[str]) -> None:
    assert describe_answer(question, answer) == words


def test_choices_are_listed_in_the_order_of_the_paper() -> None:
    assert describe_choices(CHOICES) == ["Apples", "Bread"]
