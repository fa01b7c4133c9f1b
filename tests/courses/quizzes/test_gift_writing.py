"""What is written as GIFT reads as the same question again; what GIFT cannot say is told."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from courses.quizzes.definition import Question
from courses.quizzes.exchange import FaultError, check_reading, without_ids
from courses.quizzes.gift import read_gift
from courses.quizzes.gift_text import escape, hide_escapes, show_escapes, to_plain
from courses.quizzes.gift_writing import NotGiftError, find_losses, write_category, write_gift
from tests.courses.quizzes import strategies
from tests.factories.courses import BLANKS, ESSAY, MATCHING, ORDERING, every_question

# Letters with a meaning in GIFT come often.
tricky = st.text(st.sampled_from("ab é1\\~=#{}:%-> \n*[]TF/$_"), min_size=1, max_size=10)


def plain(text: str) -> str:
    return to_plain(text.replace("\r", "\n"), "")[0]


def tidy(question: Question) -> Question:
    """As a reading leaves it: no spaces at the ends, and none of what GIFT has no place for."""
    return replace(
        question,
        prompt=plain(question.prompt),
        explanation=plain(question.explanation),
        points=1,
        unit="",
        guidance="",
        rubric=(),
        min_words=None,
        max_words=None,
        is_case_sensitive=False,
        choices=tuple(replace(each, text=plain(each.text), feedback=plain(each.feedback)) for each in question.choices),
        accepted=tuple(map(plain, question.accepted)),
        pairs=tuple(replace(pair, left=plain(pair.left), right=plain(pair.right)) for pair in question.pairs),
        distractors=tuple(map(plain, question.distractors)),
    )


@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(strategies.questions(), st.data())
def test_writing_and_reading_gives_the_same_question(question: Question, data: st.DataObject) -> None:
    question = replace(question, prompt=data.draw(tricky), explanation=data.draw(st.just("") | tricky))
    if question.choices and question.type != "true_false":
        texts = data.draw(st.lists(tricky, min_size=3, max_size=3))
        choices = tuple(replace(each, text=text) for each, text in zip(question.choices, texts, strict=False))
        question = replace(question, choices=choices)
    question = tidy(question)
    try:
        check_reading(1, question)
        text = write_gift("A title", question)
    except (FaultError, NotGiftError):
        assume(False)
    reading = read_gift(f"{write_category('Some: category')}\n\n{text}\n\nnext {{T}}")
    assert reading.faults == ()
    found = reading.questions[0]
    assert (found.title, found.category, found.notes) == ("A title", "Some: category", ())
    assert without_ids(found.question) == without_ids(question)


@pytest.mark.parametrize("question", [*every_question(), MATCHING, ESSAY], ids=lambda question: question.type)
def test_each_type_comes_back(question: Question) -> None:
    [found] = read_gift(write_gift("T", question)).questions
    assert without_ids(found.question) == without_ids(tidy(question))


def test_losses_are_told_in_comments() -> None:
    assert find_losses(replace(every_question()[3], is_case_sensitive=True, keeps_spaces=True)) == [
        "capitals matter",
        "spaces matter",
    ]
    text = write_gift("E", ESSAY)
    assert text.splitlines() == [
        "// Not in GIFT, lost here: its 3 points",
        "// Not in GIFT, lost here: the rubric",
        "// Not in GIFT, lost here: the guidance for marking",
        "// Not in GIFT, lost here: how many words",
        "::E::Why? {}",
    ]


@pytest.mark.parametrize(
    "question",
    [
        ORDERING,
        BLANKS,
        replace(every_question()[3], accepted=("a*",)),
        replace(every_question()[3], accepted=("%5",)),
        replace(MATCHING, distractors=("a -> b",)),
        replace(every_question()[0], prompt="[html] so"),
        replace(every_question()[0], prompt="\0"),
        replace(every_question()[4], number=1e300),
    ],
)
def test_what_gift_has_no_words_for_is_refused(question: Question) -> None:
    with pytest.raises(NotGiftError):
        write_gift("T", question)


@given(st.text(st.sampled_from("ab\\~=#{}:n\n")))
def test_escaping_is_undone(text: str) -> None:
    assert show_escapes(hide_escapes(escape(text))) == text
