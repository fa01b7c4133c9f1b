"""Every question type as it is asked and as it is reviewed, made by the real grading from one small quiz."""

from decimal import Decimal
from typing import Any

from courses.quizzes.definition import Blank, Criterion, Item, Pair, Question, Quiz
from courses.quizzes.grading import Mark, grade_quiz
from courses.quizzes.paper import draw_paper
from courses.quizzes.results import grade_to_json, read_result
from learners.views.cards import QuestionView, ResultView
from learners.views.papers import make_question_view
from learners.views.results import make_result_view

MATCHING = Question(
    "g1",
    "matching",
    "Which step does each question belong to?",
    3,
    pairs=(
        Pair("l1", "“How does a delivery get its slot?”", "Facts"),
        Pair("l2", "“When did that last go wrong?”", "Friction"),
        Pair("l3", "“What does an hour of waiting cost you?”", "Effect"),
    ),
    distractors=("A question you should have answered by research, before you picked up the telephone",),
    explanation="Facts are few and short.",
)
ORDERING = Question(
    "g2",
    "ordering",
    "In which order does a good complaint call go?",
    3,
    items=(
        Item("i1", "Greet, calmly"),
        Item("i2", "Hear it out, and take notes while the other person talks, without explaining anything"),
        Item("i3", "Own the next step"),
        Item("i4", "Confirm in writing"),
    ),
)
BLANKS = Question(
    "g3",
    "blanks",
    "Complete the summary.",
    2,
    texts=("", " mornings a week you have more trucks than ", ".\nHave I got that right?"),
    blanks=(Blank("1", ("Three", "3")), Blank("2", ("docks",))),
)
ESSAY = Question(
    "g4",
    "essay",
    "Write the two lines that you send after the call.",
    3,
    rubric=(Criterion("c1", "Says what, who and by when", 2), Criterion("c2", "Two lines", 1)),
    min_words=20,
    max_words=60,
)
QUIZ = Quiz("guide", "", "", questions=(MATCHING, ORDERING, BLANKS, ESSAY))
PAPER = draw_paper(QUIZ, 1)["questions"]
RIGHT: dict[str, dict[str, Any]] = {
    "g1": {"pairs": MATCHING.right_pairs},
    "g2": {"order": ["i1", "i2", "i3", "i4"]},
    "g3": {"blanks": {"1": "three", "2": "docks"}},
    "g4": {"text": "I will find out where the parcel is.\nI ring you by three."},
}
PARTLY: dict[str, dict[str, Any]] = {
    "g1": {"pairs": MATCHING.right_pairs | {"l3": MATCHING.right_id(MATCHING.distractors[0])}},
    "g2": {"order": ["i2", "i3", "i4", "i1"]},
    "g3": {"blanks": {"1": "Three", "2": "ships"}},
    "g4": {"text": "Sorry."},
}
MARKS = {"g4": Mark(comment="Clear. Say who rings.", criteria={"c1": Decimal("1.5"), "c2": Decimal(1)})}


def make_question_views(*, is_answered: bool) -> list[QuestionView]:
    return [make_question_view(question, RIGHT[question["id"]] if is_answered else {}) for question in PAPER]


def make_result_views() -> list[ResultView]:
    """Right, partly right with and without the key, marked, waiting, and not answered at all."""
    return [
        *_review(RIGHT, is_key_shown=True, marks=MARKS),
        *_review(PARTLY, is_key_shown=True),
        *_review(PARTLY, is_key_shown=False),
        *_review({}, is_key_shown=True),
    ]


def make_waiting_result() -> ResultView:
    """An essay that nobody has marked yet."""
    return _review(RIGHT, is_key_shown=False)[-1]


def _review(
    answers: dict[str, dict[str, Any]], *, is_key_shown: bool, marks: dict[str, Mark] | None = None
) -> list[ResultView]:
    stored = grade_to_json(grade_quiz(QUIZ, answers, marks))["questions"]
    return [
        make_result_view(
            question,
            answers.get(question["id"], {}),
            read_result(result, is_key_shown=is_key_shown),
            is_key_shown,
        )
        for question, result in zip(PAPER, stored, strict=True)
    ]
