"""Every file: a sentence at its top, a fair length, a name that says something, and a test beside it."""

import ast
from pathlib import Path

import pytest

from tests.architecture.source import FOLDERS, ROOT, module_name, source_files

pytestmark = pytest.mark.once

BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "core", "lib", "tools"}
ALARM = 500
ALL_FILES = source_files() + sorted((ROOT / "tests").rglob("*.py"))

# Modules that hold no logic of their own to test, or are tested under another name.
NO_LOGIC = {"__init__", "apps", "models", "enums", "urls", "signals", "documents", "asgi", "wsgi", "refs", "base"}
TESTED_ELSEWHERE: dict[str, str] = {}


@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_opens_with_a_sentence(path):
    if path.read_text().strip():
        docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
        assert docstring[:1].isalnum() or docstring[:1] in '``"/', f"{path} has no docstring"
        assert docstring.split("\n\n")[0].rstrip().endswith((".", "!", "?", "``"))


def test_no_file_is_longer_than_the_alarm():
    assert [
        (str(path.relative_to(ROOT)), n) for path in ALL_FILES if (n := len(path.read_text().splitlines())) > ALARM
    ] == []


def test_no_name_is_a_drawer_for_everything():
    folders = [path for folder in [*FOLDERS, "tests"] for path in (ROOT / folder).rglob("*") if path.is_dir()]
    names = {path.stem for path in ALL_FILES} | {path.name for path in folders}
    assert names & BANNED == set()


def test_every_module_with_logic_has_a_test_of_its_name():
    missing = {module_name(path) for path in source_files() if has_logic(path) and not has_test(path)}
    assert missing == set(TESTED_ELSEWHERE)


def test_every_test_stands_where_its_module_would():
    """``tests/a/b/test_c.py`` is about a module of the folder ``a/b``, so that either is found from the other."""
    strangers = [
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in sorted((ROOT / "tests" / folder).rglob("test_*.py"))
        if not (ROOT / path.parent.relative_to(ROOT / "tests")).exists()
    ]
    assert strangers == []


def has_logic(path: Path) -> bool:
    """Whether a module defines a function or a class with methods, and is not of a kind that never needs a test."""
    if path.stem in NO_LOGIC or "settings" in path.parts:
        return False
    return any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(path.read_text())))


def has_test(path: Path) -> bool:
    """``a/b/c.py`` is tested by ``tests/a/b/test_c.py`` or by the files of ``tests/a/b/c/``."""
    relative = path.relative_to(ROOT)
    folder = ROOT / "tests" / Path(*(part for part in relative.parent.parts if part not in ("management", "commands")))
    return (folder / f"test_{path.stem}.py").exists() or (folder / path.stem).is_dir()
