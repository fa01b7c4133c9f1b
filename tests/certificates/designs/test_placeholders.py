"""Placeholders: the good ones are filled once, everything else in double braces is refused."""

import pytest

from certificates.designs.placeholders import (
    PLACEHOLDERS,
    fill_placeholders,
    find_bad_placeholders,
    find_placeholders,
)


def test_every_placeholder_is_accepted_with_and_without_spaces() -> None:
    text = " ".join(f"{{{{ {name} }}}} {{{{{name}}}}}" for name in PLACEHOLDERS)
    assert find_bad_placeholders(text) == []
    assert find_placeholders(text) == set(PLACEHOLDERS)


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("{{ nmae }}", ["{{ nmae }}"]),
        ("{{ name.__class__ }}", ["{{ name.__class__ }}"]),
        ("{{name|safe}}", ["{{name|safe}}"]),
        ("{{ 7|add:7 }} {{ name }}", ["{{ 7|add:7 }}"]),
        ("{{ Name }}", ["{{ Name }}"]),
        ("{{ }}", ["{{ }}"]),
        ("{% load i18n %}{% include 'x' %}", ["{% load i18n %}", "{% include 'x' %}"]),
        ("{# a note #}", ["{# a note #}"]),
        ("{{ name", ["{{"]),
        ("name }}", ["}}"]),
        ("{% if", ["{%"]),
        ("{{ {{ name }} }}", ["{{ {{ name }}", "}}"]),
        ("{{{ name }}}", ["{{{ name }}"]),
    ],
)
def test_what_is_no_placeholder_is_named(text: str, bad: list[str]) -> None:
    assert find_bad_placeholders(text) == bad


@pytest.mark.parametrize("text", ["", "100 % {sure}", "a } b { c", "<b>bold</b>", "50 %}"[:4]])
def test_single_braces_and_markup_are_text(text: str) -> None:
    assert (find_bad_placeholders(text), fill_placeholders(text, {})) == ([], text)


def test_values_are_not_read_again() -> None:
    values = {"name": "{{ course }} \\1 {% x %}", "course": "Secret"}
    assert fill_placeholders("For {{ name }}", values) == "For {{ course }} \\1 {% x %}"


def test_text_with_a_missing_value_is_left_out() -> None:
    assert fill_placeholders("Score {{ score }}", {"score": None}) is None
    assert fill_placeholders("Score {{ score }}", {"score": "0 %"}) == "Score 0 %"
