"""Typed fields and what they refuse."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from courses.packs.errors import PackError
from courses.packs.fields import Fields, check_relative, read_present, read_uuid
from courses.packs.yaml_text import load_mapping


def _fields(text: str) -> Fields:
    return Fields(load_mapping(text, file="f"), "f")


@pytest.mark.parametrize(
    ("text", "read", "value"),
    [
        ("k: '  two\n\n  lines '", lambda f: f.line("k"), "two lines"),
        ("k: |\n  a\n  b\n", lambda f: f.text("k"), "a\nb"),
        ("k: |\n  a\n", lambda f: f.verbatim("k", max_length=9), "a\n"),
        ("k: 7", lambda f: f.integer("k", low=0, high=9), 7),
        ("k:", lambda f: f.integer("k", low=0, high=9), None),
        ("k: 1.5", lambda f: f.number("k"), 1.5),
        ("k: Yes", lambda f: f.flag("k", default=False), True),
        ("j: 1", lambda f: f.flag("k", default=True), True),
        ("k: b", lambda f: f.choice("k", ["a", "b"]), "b"),
        ("j: 1", lambda f: f.choice("k", ["a", "b"], default="a"), "a"),
        ("k: 2027-02-28", lambda f: f.date("k"), datetime.date(2027, 2, 28)),
        ("k: https://example.com/a?b=c", lambda f: f.url("k"), "https://example.com/a?b=c"),
        ("k: a/b c.png", lambda f: f.path("k"), "a/b c.png"),
        ("k: 0F0A1B2C-3D4E-5F60-8192-A3B4C5D6E7F8", lambda f: f.uuid("k"), "0f0a1b2c-3d4e-5f60-8192-a3b4c5d6e7f8"),
        ("k: [a, '', ' b ']", lambda f: f.texts("k"), ["a", "b"]),
        ("k: [[a, b], [c]]", lambda f: f.rows("k"), [["a", "b"], ["c", ""]]),
        ("k: [plain, {n: mapped}]", lambda f: [item.line("n") for item in f.maps("k", wrap="n")], ["plain", "mapped"]),
    ],
)
def test_readers_give_typed_values(text: str, read: Callable[[Fields], Any], value: Any) -> None:
    assert read(_fields(text)) == value


@pytest.mark.parametrize(
    ("text", "read", "fault"),
    [
        ("k: [a]", lambda f: f.line("k"), "`k` must be a single value"),
        ("j: 1", lambda f: f.line("k", required=True), "`k` is missing or empty"),
        ("k: ' '", lambda f: f.line("k", required=True), "`k` is missing or empty"),
        ("k: abcd", lambda f: f.line("k", max_length=3), "`k` is 4 characters long; 3 is the most"),
        ("k: 10", lambda f: f.integer("k", low=0, high=9), "`k` must be a whole number from 0 to 9"),
        ("k: 1_0", lambda f: f.integer("k", low=0, high=99), "`k` must be a whole number"),
        ("k: nan", lambda f: f.number("k"), "`k` must be a number"),
        ("k: 1_0", lambda f: f.number("k"), "`k` must be a number"),
        ("k: maybe", lambda f: f.flag("k", default=True), "`k` must be true or false"),
        ("k: c", lambda f: f.choice("k", ["a", "b"]), "`k` must be one of a, b"),
        ("k: 31.12.2027", lambda f: f.date("k"), "`k` must be a date"),
        ("k: javascript:alert(1)", lambda f: f.url("k"), "`k` must be an address that begins with https://"),
        ("k: data:text/html,x", lambda f: f.url("k"), "`k` must be an address that begins with https://"),
        ("k: //example.com", lambda f: f.url("k"), "`k` must be an address that begins with https://"),
        ("k: ../a.png", lambda f: f.path("k"), "`k` is '../a.png', but a media name"),
        ("k: not-a-uuid", lambda f: f.uuid("k"), "`k` must be a UUID"),
        ("k: a slug", lambda f: f.slug("k"), "`k` may hold letters"),
        ("k: word", lambda f: f.texts("k"), "`k` must be a list"),
        ("k: [[a]]", lambda f: f.texts("k"), "each item of `k` must be text"),
        ("k: [a, b]", lambda f: f.texts("k", most=1), "`k` has 2 items; 1 is the most"),
        ("k: [a]", lambda f: list(f.maps("k")), "each item of `k` must hold"),
        ("k: [a]", lambda f: f.rows("k"), "each item of `k` must be a list"),
    ],
)
def test_readers_refuse_with_file_and_line(text: str, read: Callable[[Fields], Any], fault: str) -> None:
    with pytest.raises(PackError) as caught:
        read(_fields("first: 1\n" + text))
    assert str(caught.value).split(": ", 1)[0] in {"f:1", "f:2"}
    assert str(caught.value).split(": ", 1)[1][: len(fault)] == fault


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../b",
        "a//b",
        "./a",
        "a\\b",
        "C:/x",
        "c:x",
        "a\x00b",
        "a/",
        "x" * 256,
        "a/nul",
        "CON.md",
        "com¹.png",
    ],
)
def test_check_relative_refuses_ways_out(name: str) -> None:
    assert check_relative(name) != ""


@pytest.mark.parametrize("name", ["a.png", "a/b/c.png", "a b.png", "..a", "ä.png", "console.md", "com10", "nullify"])
def test_check_relative_accepts_names(name: str) -> None:
    assert check_relative(name) == ""


def test_rest_holds_what_nobody_read() -> None:
    fields = _fields("a: 1\nb: 2")
    fields.line("a")
    assert fields.rest() == {"b": "2"}


def test_read_present_skips_absent_keys_and_keeps_nulls() -> None:
    fields = _fields("a: 1\nb:")
    assert read_present(fields, {"a": fields.line, "b": fields.line, "c": fields.line}) == {"a": "1", "b": ""}


@pytest.mark.parametrize(
    "text", ["x", None, 5, "{0f0a1b2c-3d4e-5f60-8192-a3b4c5d6e7f8}", "0f0a1b2c3d4e5f608192a3b4c5d6e7f8"]
)
def test_read_uuid_wants_the_usual_form(text: Any) -> None:
    assert read_uuid(text) is None
