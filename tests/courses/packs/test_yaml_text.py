"""Strict YAML: strings stay strings, lines are known, bombs are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.packs.errors import PackError
from courses.packs.yaml_text import find_bad_character, fold_name, load_mapping


def test_scalars_stay_what_was_written() -> None:
    text = "a: 30\nb: no\nc: 2026-01-01\nd: '30'\ne: 1.10\n"
    assert load_mapping(text, file="f") == {"a": "30", "b": "no", "c": "2026-01-01", "d": "30", "e": "1.10"}


def test_plain_nulls_are_none_and_quoted_ones_text() -> None:
    assert load_mapping("a:\nb: null\nc: ~\nd: 'null'\n", file="f") == {"a": None, "b": None, "c": None, "d": "null"}


def test_lines_count_from_the_file() -> None:
    data = load_mapping("a: 1\nb:\n  - x\n  - y\nc:\n  d: 2\n", file="f", first_line=10)
    assert (data.lines, data["b"].lines, data["c"].lines) == ({"a": 10, "b": 11, "c": 14}, [12, 13], {"d": 15})


def test_empty_text_is_an_empty_mapping() -> None:
    assert load_mapping("", file="f") == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: [1", "f:1: the YAML is broken"),
        ("a: 1\n\tb: 2", "f:2: the YAML is broken"),
        ("a: *x", "f:1: YAML anchors and aliases"),
        ("a: &x 1", "f:1: YAML anchors and aliases"),
        ("a: !!python/object:os.system x", "f:1: YAML tags"),
        ("a: 1\na: 2", "f:2: the key 'a' appears twice"),
        ("- a", "f:1: expected `key: value` lines"),
        ("just words", "f:1: expected `key: value` lines"),
        ("? [a]\n: 1", "f:1: a key must be a word"),
        ("a: " + "[" * 40 + "]" * 40, "f:1: the YAML is nested more than 12 deep"),
        ("a: " + "[" * 20000, "f:1: the YAML is nested more than 12 deep"),
        ('a: "\\0"', "f:1: the control character U+0000"),
        ('a: "\\ud800"', "f:1: the character U+D800"),
        ("a: 1\n---\nb: 2", "f:2: the YAML is broken"),
        ("a: \x07", "f:1: the YAML is broken"),
    ],
)
def test_bad_yaml_is_refused_with_its_line(text: str, fault: str) -> None:
    with pytest.raises(PackError) as caught:
        load_mapping(text, file="f")
    assert str(caught.value)[: len(fault)] == fault


def test_billion_laughs_is_refused() -> None:
    bomb = "a: &a [x,x]\n" + "".join(
        f"{new}: &{new} [*{old},*{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(PackError):
        load_mapping(bomb, file="f")


@given(st.text())
def test_any_text_either_loads_or_raises_pack_error(text: str) -> None:
    try:
        load_mapping(text, file="f")
    except PackError as error:
        assert error.faults[0].file == "f"


def test_bad_characters_are_named() -> None:
    assert [find_bad_character(text) for text in ("fine\t\n✓", "a\x00", "\uffff")] == [
        "",
        "the control character U+0000",
        "the character U+FFFF",
    ]


def test_names_fold_over_case_and_unicode_form() -> None:
    assert fold_name("Stra\u00dfe\u0301") == fold_name("STRASSE\u0301")
    assert fold_name("caf\u00e9") == fold_name("Cafe\u0301")
