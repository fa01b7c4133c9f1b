"""Questions in parts, pools and draws: from the pack's text to the raw stream and to the definition."""

from typing import Any

import pytest

from courses.blocks.quiz import QuizBlock
from courses.packs.block_fields import read_block
from courses.packs.bodies import build_body, normalise_raw
from courses.packs.definition import PackLesson
from courses.packs.errors import PackError
from courses.packs.kept_keys import name_unknown
from courses.packs.question_bodies import QUIZ_DEFAULTS
from courses.packs.yaml_text import load_mapping
from courses.quizzes.definition import Quiz
from tests.courses.packs.builder import uid

HEAD = f"""\
cooldown_minutes: 60
score_policy: average
review_policy: never
questions:
  - id: {uid("matching")}
    type: matching
    prompt: Which?
    pairs:
      - {{left: France, right: Paris, hint: x}}
      - {{id: {uid("pair")}, left: Italy, right: Rome}}
    distractors: [Oslo]
  - id: {uid("ordering")}
    type: ordering
    prompt: In which order?
    items: [First, Then, {{id: {uid("item")}, text: Last}}]
  - id: {uid("pool")}
    type: pool
    title: Easy
    count: 1
    questions:
      - id: {uid("blanks")}
        type: blanks
        prompt: Fill in.
        text: Water boils at [[100|one hundred]] degrees.
        keeps_spaces: true
      - id: {uid("essay")}
        type: essay
        prompt: Why?
        points: 2
        rubric:
          - {{title: Facts, points: 2}}
        max_words: 100
        colour: red
  - id: {uid("bank")}
    type: bank
    category: safety
    count: 3
"""


def _block(text: str) -> Any:
    return read_block("quiz", uid("quiz"), load_mapping(text, file="f"), file="f", line=1)


def _body(text: str) -> list[dict[str, Any]]:
    lesson = PackLesson(id=uid("lesson"), title="L", slug="l", file="f", fields={}, blocks=(_block(text),), extra={})
    return build_body(lesson, lambda path, kind: None, find_bank={"safety": 7}.get)


def _quiz(text: str) -> Quiz:
    return QuizBlock().to_quiz(_body(text)[0]["value"], "quiz")


def test_every_new_type_becomes_the_definition_that_was_meant() -> None:
    quiz = _quiz(HEAD)
    matching, ordering, blanks, essay = quiz.questions
    assert (quiz.cooldown_minutes, quiz.score_policy, quiz.review_policy) == (60, "average", "never")
    assert [(pair.left, pair.right) for pair in matching.pairs] == [("France", "Paris"), ("Italy", "Rome")]
    assert (matching.pairs[1].id, matching.distractors) == (uid("pair"), ("Oslo",))
    assert [item.text for item in ordering.items] == ["First", "Then", "Last"]
    assert (blanks.blanks[0].accepted, blanks.keeps_spaces) == (("100", "one hundred"), True)
    assert (essay.points, essay.rubric[0].title, essay.max_words) == (2, "Facts", 100)
    assert [(pool.id, pool.title, pool.count) for pool in quiz.pools] == [
        (uid("pool"), "Easy", 1),
        (uid("bank"), "", 3),
    ]


def test_draw_names_the_category_by_its_slug() -> None:
    assert _body(HEAD)[0]["value"]["questions"][-1]["value"] == {"category": 7, "count": 3}
    assert _body(HEAD.replace("safety", "gone"))[0]["value"]["questions"][-1]["value"]["category"] is None


def test_ids_of_parts_do_not_depend_on_their_place_or_partner() -> None:
    swapped = HEAD.replace("[First, Then,", "[Then, First,").replace("right: Paris", "right: Lyon")
    before, after = _quiz(HEAD), _quiz(swapped)
    assert before.questions[0].pairs[0].id == after.questions[0].pairs[0].id
    assert {item.text: item.id for item in before.questions[1].items} == {
        item.text: item.id for item in after.questions[1].items
    }


def test_unknown_keys_are_kept_however_deep() -> None:
    lesson = PackLesson(uid("l"), "L", None, "f", {}, {}, (_block(HEAD),))
    assert list(name_unknown(lesson)) == [(1, ["questions.pairs.hint", "questions.questions.colour"])]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("score_policy: luck", "f:1: `score_policy` must be one of best, last, average"),
        ("cooldown_minutes: 0", "f:1: `cooldown_minutes` must be a whole number from 1"),
        (f"questions: [{{id: {uid('b')}, type: bank}}]", "f:1: `category` is missing: add it"),
        (f"questions: [{{id: {uid('b')}, type: pool, count: 0}}]", "f:1: `count` must be a whole number from 1"),
        (
            f"questions:\n  - id: {uid('p')}\n    type: pool\n    questions: [{{id: {uid('q')}, type: pool}}]",
            "f:4: `type` must be one of single",
        ),
    ],
)
def test_faults_name_the_line(text: str, fault: str) -> None:
    with pytest.raises(PackError) as caught:
        _block(text)
    assert str(caught.value)[: len(fault)] == fault


def test_fields_that_version_1_0_did_not_store_make_no_change() -> None:
    assert normalise_raw({"title": "T"} | QUIZ_DEFAULTS) == normalise_raw({"title": "T"})
    assert normalise_raw({"score_policy": "last"}) == {"score_policy": "last"}
