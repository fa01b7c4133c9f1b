"""Raw stream JSON out of a pack's blocks."""

from pathlib import Path
from typing import Any

import pytest

from courses.blocks.ids import has_all_ids
from courses.blocks.lesson import LessonBody
from courses.blocks.refs import Refs
from courses.packs.bodies import build_body, normalise_raw
from courses.packs.definition import PackLesson
from courses.packs.question_fields import derive_id
from courses.packs.reader import read_pack
from tests.courses.packs.builder import lesson, uid, write_full_pack, write_pack

PKS = {"red.png": 1, "drawing.svg": 2, "film.mp4": 3, "sound.mp3": 4, "sheet.pdf": 5, "film.vtt": 6}


@pytest.fixture
def alpha(tmp_path: Path) -> PackLesson:
    return next(read_pack(write_full_pack(tmp_path)).lessons)


def _values(alpha: PackLesson) -> dict[str, dict[str, Any]]:
    return {item["id"]: item["value"] for item in build_body(alpha, lambda path, kind: PKS.get(path))}


def test_every_block_has_its_id_and_every_nested_item_one(alpha: PackLesson) -> None:
    body = build_body(alpha, lambda path, kind: PKS.get(path))
    assert [item["id"] for item in body] == [block.id for block in alpha.blocks]
    assert has_all_ids(LessonBody(), body)


def test_bodies_are_the_same_every_time(alpha: PackLesson) -> None:
    assert _values(alpha) == _values(alpha)


def test_prose_is_kept_verbatim(alpha: PackLesson) -> None:
    values = _values(alpha)
    assert values[uid("prose")] == {
        "source": 'Prose with a [link](beta.md).\n\n```python\nprint("not a block")\n```',
        "is_required": False,
        "time_limit": 5,
    }
    assert values[uid("markdown in text")]["source"] == "Kept \n\nexactly  "


def test_files_carry_key_and_name(alpha: PackLesson) -> None:
    values = _values(alpha)
    assert (values[uid("image")]["image"], values[uid("image")]["file_name"]) == (1, "red.png")
    assert (values[uid("film")]["media"], values[uid("film")]["poster"]) == (3, 1)
    assert (values[uid("audio")]["media"], values[uid("file")]["document"]) == (4, 5)
    assert values[uid("film")]["captions"] == [
        {
            "type": "captions",
            "id": derive_id(uid("film"), "captions:0"),
            "value": {"file": 6, "language": "en", "label": "English"},
        }
    ]


def test_missing_files_leave_the_name(alpha: PackLesson) -> None:
    values = {item["id"]: item["value"] for item in build_body(alpha, lambda path, kind: None)}
    assert (values[uid("image")]["image"], values[uid("image")]["file_name"]) == (None, "red.png")
    assert (values[uid("film")]["media"], values[uid("film")]["captions"]) == (None, [])


def test_a_file_that_an_editor_chose_for_a_missing_one_stays(alpha: PackLesson) -> None:
    current = {uid("image"): {"image": 77, "file_name": "red.png"}, uid("file"): {"document": 8, "file_name": "else"}}
    values = {item["id"]: item["value"] for item in build_body(alpha, lambda path, kind: None, current)}
    assert (values[uid("image")]["image"], values[uid("file")]["document"]) == (77, None)


def test_table_says_which_cells_are_headers(alpha: PackLesson) -> None:
    assert _values(alpha)[uid("table")]["table"] == {
        "data": [["Name", "Value"], ["One", "1"], ["Two", ""]],
        "table_header_choice": "both",
        "first_row_is_table_header": True,
        "first_col_is_header": True,
    }


def test_quiz_becomes_the_definition_that_was_meant(alpha: PackLesson) -> None:
    body = build_body(alpha, lambda path, kind: None)
    quiz = LessonBody().quizzes(body, Refs())[uid("quiz")]
    assert (quiz.title, quiz.pass_percent, quiz.attempts_allowed, quiz.time_limit) == ("All questions", 60, 3, 10)
    assert [(q.id, q.type, q.points) for q in quiz.questions] == [
        (uid("single"), "single", 2),
        (uid("multiple"), "multiple", 1),
        (uid("two choices"), "true_false", 1),
        (uid("answer"), "true_false", 1),
        (uid("short"), "short_text", 1),
        (uid("numeric"), "numeric", 1),
    ]
    single, multiple, two, answer, short, numeric = quiz.questions
    assert [(c.text, c.is_correct, c.feedback) for c in single.choices] == [
        ("This", True, "Yes."),
        ("That", False, "No."),
    ]
    assert (single.explanation, multiple.choices[0].id) == ("This one.", uid("choice"))
    assert (two.right_ids, answer.right_ids) == (("false",), ("true",))
    assert [c.feedback for c in two.choices] == ["Look again.", ""]
    assert (short.accepted, short.is_case_sensitive) == (("yes", "Yes please"), True)
    assert (numeric.number, numeric.tolerance, numeric.unit) == (1.5, 0.1, "kg")


def test_good_blocks_have_no_problems(alpha: PackLesson) -> None:
    body = build_body(alpha, lambda path, kind: PKS.get(path))
    assert [problem for _, problem in LessonBody().find_problems(body)] == []


def test_normalise_raw_ignores_what_the_editor_adds() -> None:
    ours = [{"type": "text", "id": "1", "value": {"text": "<p>A</p>", "time_limit": None}}]
    theirs = [{"type": "text", "id": "1", "value": {"text": '<p data-block-key="x1">A</p>', "caption": ""}}]
    assert normalise_raw(ours) == normalise_raw(theirs)
    assert normalise_raw(ours) != normalise_raw([ours[0] | {"id": "2"}])


def test_normalise_raw_compares_tables_by_cells_and_headers() -> None:
    ours = {"data": [["a", ""]], "table_header_choice": "column", "first_col_is_header": True}
    theirs = {"data": [["a", None]], "table_header_choice": "col", "cell": [], "mergeCells": []}
    assert normalise_raw(ours) == normalise_raw(theirs)


def test_prose_only_lesson(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path, files={"modules/one/alpha.md": lesson("alpha", "")}))
    assert build_body(next(pack.lessons), lambda path, kind: None) == []
