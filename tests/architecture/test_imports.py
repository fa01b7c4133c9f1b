"""The import contracts of pyproject.toml hold, and answer keys have two doors only."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.source import ROOT, module_name, source_files


def test_import_contracts_hold():
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]


def test_layers_name_every_package():
    """An exhaustive contract fails when a new package belongs to no layer."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    inside = [contract for contract in contracts if contract["type"] == "layers" and "containers" in contract]
    assert sorted(contract["containers"][0] for contract in inside) == ["courses", "learners"]
    assert [contract["exhaustive"] for contract in inside] == [True, True]


def test_answer_key_table_is_touched_by_its_two_doors_only():
    """What makes releases writes it, ``courses.editions.answers`` reads it."""
    users = [
        module_name(path)
        for path in source_files()
        if any(isinstance(node, ast.Name | ast.alias) and name_of(node) == "AnswerKey" for node in ast.walk(tree(path)))
    ]
    assert users == ["courses.editions.answers", "courses.editions.releasing", "courses.models"]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name_of(node: ast.Name | ast.alias) -> str:
    return node.id if isinstance(node, ast.Name) else node.name
