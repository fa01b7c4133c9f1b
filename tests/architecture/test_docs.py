"""The guides point at things that exist, and the README names every variable the code reads."""

import re

import pytest

from tests.architecture.source import ROOT, source_files

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"(?<!`)!?\[[^\]`]+\]\(([^)#\s]+)")
VARIABLE = re.compile(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    targets = [target for target in LINK.findall(text) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_readme_names_every_variable():
    read = {name for path in source_files() for name in VARIABLE.findall(path.read_text())}
    named = set(re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text()))
    assert read - named == {"DEBUG"}
