"""Old papers with corrected keys: what was asked stays, what counts as right changes, or nothing does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.definition import Blank, Choice, Item, Pair, Question, Quiz, true_false_choices
from courses.quizzes.grading import grade_quiz
from courses.quizzes.rekeying import rekey_quiz
from tests.factories.courses import BLANKS, ESSAY, MATCHING, ORDERING, every_question, part_questions

A, B, C = (Choice(key, key.upper(), key == "a") for key in "abc")
SINGLE = Question("q", "single", "Which?", 3, (A, B, C), explanation="Old.")


def as_quiz(*questions: Question, **settings) -> Quiz:
    return Quiz("quiz", "Check", "", questions=questions, **settings)


def rekey(asked: Question, later: Question) -> tuple[Question, tuple[str, ...]]:
    rekeyed = rekey_quiz(as_quiz(asked), as_quiz(later))
    return rekeyed.quiz.questions[0], rekeyed.kept


def turned(*choices: Choice) -> tuple[Choice, ...]:
    return tuple(replace(choice, is_correct=not choice.is_correct) for choice in choices)


def test_the_right_choice_is_exchanged_and_everything_read_stays():
    later = replace(SINGLE, prompt="Other", points=9, choices=(*turned(A, B), C), explanation="New.")
    question, kept = rekey(SINGLE, later)
    assert (question.right_ids, kept) == (("b",), ())
    assert (question.prompt, question.points, question.explanation) == ("Which?", 3, "New.")


def test_several_choices_may_become_right():
    later = replace(SINGLE, type="multiple", choices=(A, *turned(B), C))
    question, _kept = rekey(SINGLE, later)
    assert (question.type, question.right_ids) == ("multiple", ("a", "b"))


def test_choices_that_came_or_went_later_change_nothing_on_the_paper():
    added = Choice("d", "D", True)
    question, kept = rekey(SINGLE, replace(SINGLE, choices=(*turned(B), added)))
    assert ([choice.id for choice in question.choices], question.right_ids, kept) == (["a", "b", "c"], ("a", "b"), ())


@pytest.mark.parametrize(
    ("asked", "later"),
    [
        (SINGLE, replace(SINGLE, choices=(*turned(A), B, Choice("d", "D", True)))),  # the right one was not there
        (SINGLE, replace(SINGLE, type="true_false", choices=true_false_choices(True))),
        (SINGLE, replace(SINGLE, type="short_text", choices=(), accepted=("a",))),
        (MATCHING, replace(MATCHING, pairs=(Pair("fr", "France", "Lyon"), Pair("it", "Italy", "Rome")))),
        (MATCHING, replace(MATCHING, pairs=(Pair("fr", "France", "Rome"),))),  # Rome twice
        (ORDERING, replace(ORDERING, items=ORDERING.items[:2])),
        (ORDERING, replace(ORDERING, items=(*ORDERING.items[:2], Item("z", "Z")))),
        (BLANKS, replace(BLANKS, texts=("Water boils at ", "."), blanks=(Blank("1", ("100",)),))),
    ],
)
def test_a_key_that_does_not_fit_the_paper_is_not_taken(asked, later):
    assert rekey(asked, later) == (asked, (asked.id,))


def test_a_question_that_is_gone_keeps_its_key_and_one_that_came_is_not_asked():
    rekeyed = rekey_quiz(as_quiz(SINGLE), as_quiz(replace(SINGLE, id="new")))
    assert (rekeyed.quiz.questions, rekeyed.kept) == ((SINGLE,), ("q",))


def test_essays_keep_their_rubric_and_are_not_called_kept():
    assert rekey(ESSAY, replace(ESSAY, rubric=(), points=9)) == (ESSAY, ())


def test_texts_numbers_and_blanks_take_the_new_answers():
    text, number = every_question()[3:]
    assert rekey(text, replace(text, accepted=("Rome",), is_case_sensitive=True))[0].accepted == ("Rome",)
    assert rekey(number, replace(number, number=2.0, tolerance=0.5))[0].number == 2.0
    blanks = (Blank("1", ("373",)), Blank("2", ("Kelvin",)))
    assert rekey(BLANKS, replace(BLANKS, blanks=blanks))[0].blanks == blanks


def test_pairs_and_orders_are_exchanged():
    pairs = (Pair("fr", "La France", "Oslo"), Pair("it", "Italy", "Paris"))
    question, _kept = rekey(MATCHING, replace(MATCHING, pairs=pairs, distractors=("Rome",)))
    assert [(pair.left, pair.right) for pair in question.pairs] == [("France", "Oslo"), ("Italy", "Paris")]
    assert {right.text for right in question.rights} == {right.text for right in MATCHING.rights}
    order, _kept = rekey(ORDERING, replace(ORDERING, items=ORDERING.items[::-1]))
    assert [item.id for item in order.items] == ["c", "b", "a"]


def test_rules_of_the_quiz_stay():
    asked, later = as_quiz(SINGLE, pass_percent=60), as_quiz(SINGLE, pass_percent=90, score_policy="last")
    assert rekey_quiz(asked, later).quiz == asked


@given(
    st.fixed_dictionaries(
        {
            "q1": st.fixed_dictionaries({"choices": st.lists(st.sampled_from(["right", "wrong"]), unique=True)}),
            "q2": st.fixed_dictionaries({"choices": st.lists(st.sampled_from("abcd"), unique=True)}),
            "q6": st.fixed_dictionaries({"pairs": st.just(MATCHING.right_pairs)}),
            "q7": st.fixed_dictionaries({"order": st.permutations("abc")}),
        }
    )
)
def test_the_same_key_gives_the_same_grade(answers):
    quiz = as_quiz(*every_question(), *part_questions())
    rekeyed = rekey_quiz(quiz, quiz)
    assert (rekeyed.kept, grade_quiz(rekeyed.quiz, answers)) == ((), grade_quiz(quiz, answers))
