"""Canonical YAML: whatever is written is read back as it was, and the same data is always the same text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.packs.yaml_text import find_bad_character, load_mapping
from courses.packs.yaml_writer import to_clean_text, to_flow_yaml, to_yaml

nasty = st.sampled_from(
    [
        *(
            "",
            "~",
            "null",
            "yes",
            "- a",
            "a: b",
            "a #b",
            "#a",
            "a:",
            " a",
            "a ",
            "a\n",
            "\na",
            "  a\nb",
            "a\n\n\nb\n\n",
        ),
        *("\n", "\n\n", "|", ">", "%a", "@a", "`a`", "```", "'a'", '"a"', "a\\b", "{a}", "[a]", "a\tb", "\ta\nb"),
        *("---", "...", "a\n---\nb", "x\u2028y", "x\x85y\nz", "\ufeffa", "\x7f", "😀\n😀", "a\n \nb", "a\n  "),
        *("a: |\n  b", "key:\n  - 1", "1", "1.0", "0x1", "2030-12-31", "true"),
    ]
)
texts = nasty | st.text().map(to_clean_text)
keys = st.text(min_size=1, max_size=20).map(to_clean_text).filter(lambda key: key != "") | nasty.filter(bool)
values = st.recursive(
    texts | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(keys, values, max_size=5))
def test_what_is_written_is_read_back(data: dict[str, Any]) -> None:
    text = to_yaml(data)
    assert load_mapping(text, file="f") == data
    assert to_yaml(load_mapping(text, file="f")) == text


@given(st.dictionaries(keys, values, max_size=4))
def test_one_line_is_read_back(data: dict[str, Any]) -> None:
    text = to_flow_yaml(data)
    assert ("\n" in text, load_mapping(text, file="f")) == (False, data)


@given(st.text())
def test_clean_text_has_nothing_that_readers_refuse(text: str) -> None:
    assert find_bad_character(to_clean_text(text)) == ""


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"title": "Open the call", "minutes": 8}, "title: Open the call\nminutes: 8\n"),
        ({"flag": True, "number": 0.5, "nothing": None}, "flag: true\nnumber: 0.5\nnothing:\n"),
        ({"text": "yes", "other": "1.0", "id": "3e10a1b2"}, 'text: "yes"\nother: "1.0"\nid: 3e10a1b2\n'),
        ({"title": "Ask: why?"}, 'title: "Ask: why?"\n'),
        ({"code": "a\n  b\n"}, "code: |\n  a\n    b\n"),
        ({"code": "  a\nb"}, "code: |2-\n    a\n  b\n"),
        ({"names": ["a", "- b"]}, 'names:\n  - a\n  - "- b"\n'),
        ({"rows": [["a", "b, c"], []]}, 'rows:\n  - [a, "b, c"]\n  - []\n'),
        ({"q": [{"id": "a", "choices": [{"text": "A"}]}]}, "q:\n  - id: a\n    choices:\n      - text: A\n"),
        ({"html": "<p>Words <b>here</b>.</p>"}, "html: <p>Words <b>here</b>.</p>\n"),
    ],
)
def test_text_is_written_as_people_would(data: dict[str, Any], text: str) -> None:
    assert to_yaml(data) == text
