"""Questions of quiz fences."""

import uuid
from typing import Any

import pytest

from courses.packs.errors import PackError
from courses.packs.fields import Fields
from courses.packs.question_fields import derive_id, read_question
from courses.packs.yaml_text import load_mapping
from tests.courses.packs.builder import uid


def _question(text: str) -> dict[str, Any]:
    return read_question(Fields(load_mapping(f"id: {uid('q')}\nprompt: So?\n{text}", file="f"), "f"))


def test_choices_without_ids_get_the_same_ids_every_time() -> None:
    text = "type: single\nchoices: [{text: A, correct: true}, {text: B}]"
    ids = [choice["id"] for choice in _question(text)["choices"]]
    assert ids == [str(uuid.uuid5(uuid.UUID(uid("q")), f"{n}:{text}")) for n, text in enumerate("AB")]
    assert ids == [choice["id"] for choice in _question(text)["choices"]]


def test_choices_keep_ids_they_have() -> None:
    question = _question(f"type: multiple\nchoices: [{{id: {uid('c')}, text: A}}]")
    assert question["choices"][0]["id"] == uid("c") != derive_id(uid("q"), "0:A")


@pytest.mark.parametrize(
    ("choices", "answer"),
    [
        ("[{text: 'True', correct: true}, {text: 'False'}]", "true"),
        ("[{text: 'True'}, {text: 'False', correct: true}]", "false"),
        ("[{text: FALSE, correct: yes}, {text: true}]", "false"),
        ("[{text: 'True'}, {text: 'False'}]", ""),
    ],
)
def test_true_and_false_choices_become_the_answer(choices: str, answer: str) -> None:
    question = _question(f"type: true_false\nchoices: {choices}")
    assert (question["type"], question["answer"], "choices" in question) == ("true_false", answer, False)


@pytest.mark.parametrize(
    "choices",
    [
        "[{text: 'Yes', correct: true}, {text: 'No'}]",
        "[{text: 'True', correct: true}, {text: 'False', correct: true}]",
        "[{text: 'True', correct: true}, {text: 'False'}, {text: Perhaps}]",
    ],
)
def test_other_true_false_choices_become_single(choices: str) -> None:
    assert _question(f"type: true_false\nchoices: {choices}")["type"] == "single"


def test_accepted_and_answers_mean_the_same() -> None:
    assert _question("type: short_text\naccepted: [a]")["answers"] == ["a"]
    assert _question("type: short_text\nanswers: [a]")["answers"] == ["a"]


def test_numeric_reads_number_tolerance_and_unit() -> None:
    question = _question("type: numeric\nnumber: -1.5\ntolerance: 0.25\nunit: kg")
    assert (question["number"], question["tolerance"], question["unit"]) == (-1.5, 0.25, "kg")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("type: riddle", "f:3: `type` must be one of"),
        ("type: numeric\ntolerance: -1", "f:4: `tolerance` must be 0 or more"),
        ("type: single\npoints: 0", "f:4: `points` must be a whole number from 1"),
        ("type: single\nchoices: A", "f:4: `choices` must be a list"),
        ("type: single\nchoices: [{text: A, correct: perhaps}]", "f:4: `correct` must be true or false"),
    ],
)
def test_faults_name_the_line(text: str, fault: str) -> None:
    with pytest.raises(PackError) as caught:
        _question(text)
    assert str(caught.value)[: len(fault)] == fault


def test_unread_keys_stay_with_what_they_belong_to() -> None:
    question = _question("type: single\nhint: x\nchoices: [{text: A, weight: 2}]")
    assert (question["extra"], question["choices"][0]["extra"]) == ({"hint": "x"}, {"weight": "2"})


def test_unread_keys_of_true_and_false_survive_their_choices() -> None:
    question = _question("type: true_false\nanswer: true\nchoices: [{text: 'True', weight: 2}, {text: 'False'}]")
    assert (question["extra"], question["choice_extra"]) == ({}, {"true": {"weight": "2"}, "false": {}})


def test_parts_that_read_alike_get_different_ids() -> None:
    ids = [item["id"] for item in _question("type: ordering\nitems: [A, A, B]")["items"]]
    assert ids == [derive_id(uid("q"), name) for name in ("items:A", "items:A:2", "items:B")]
