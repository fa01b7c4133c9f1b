"""The import contracts of pyproject.toml hold, and nothing slips past them."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.source import FOLDERS, ROOT, module_name, source_files


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


def test_answer_keys_are_imported_by_the_exam_service_only():
    assert importers_of("courses.editions.answers") == ["learners.exams.services"]


def test_answer_key_table_is_touched_by_its_two_doors_only():
    """The compiler's service writes it, ``courses.editions.answers`` reads it."""
    users = [
        module_name(path)
        for path in source_files()
        if any(isinstance(node, ast.Name | ast.alias) and name_of(node) == "AnswerKey" for node in ast.walk(tree(path)))
    ]
    assert users == ["courses.editions.answers", "courses.editions.services", "courses.models"]


def test_pdf_and_qr_libraries_have_one_adapter():
    assert [importers_of("weasyprint"), importers_of("segno")] == [
        [*in_demo("weasyprint"), "certificates.rendering"],
        ["certificates.rendering"],
    ]


def test_nothing_imports_the_composition_root():
    outside = [path for path in source_files() if path.relative_to(ROOT).parts[0] != "cms"]
    assert [module_name(path) for path in outside if any(name.split(".")[0] == "cms" for name in imports(path))] == []


def in_demo(library: str) -> list[str]:
    """The author's own tool that drew the demo's worksheet; it is no part of the running site."""
    return [name for name in importers_of(library) if name.startswith("cms.demo.")]


def importers_of(target: str) -> list[str]:
    found = [
        module_name(path)
        for path in source_files()
        if any(name == target or name.startswith(target + ".") for name in imports(path))
    ]
    return sorted(
        found, key=lambda name: (FOLDERS.index(name.split(".")[0]) if not name.startswith("cms.demo") else -1, name)
    )


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name_of(node: ast.Name | ast.alias) -> str:
    return node.id if isinstance(node, ast.Name) else node.name


def imports(path: Path) -> set[str]:
    """Every module or name a file imports, at the top or inside a function."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names
