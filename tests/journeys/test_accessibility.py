"""WCAG 2.2 AA on every trainee page, as far as axe can tell: light, dark, and 320 pixels wide without scrolling."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import OpenPage
from tests.journeys.trainee_pages import PAGES, prepare_people

pytestmark = pytest.mark.journey

NARROW = {"width": 320, "height": 640}
EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# What can differ between two themes of one and the same page.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
FIND = "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"
# Colours that change with the theme arrive a frame later at each level of the page.
SETTLED = """async () => {
  for (let round = 0, quiet = 0; quiet < 5 && round < 60; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    quiet = document.getAnimations().some((each) => each.playState === "running") ? 0 : quiet + 1;
  }
}"""


@pytest.fixture(scope="module")
def people(site: str) -> None:
    prepare_people()


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible(name: str, people: None, open_page: OpenPage) -> None:
    trainee_page = PAGES[name]
    page = open_page(trainee_page.who, reduced_motion="reduce", color_scheme="light")
    page.goto(trainee_page.find_path())
    page.evaluate(Axe().axe_script)
    light = find_violations(page, EVERYTHING)
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLED)
    dark = find_violations(page, COLOURS)
    page.set_viewport_size(NARROW)
    narrow = find_violations(page, EVERYTHING)
    width = page.evaluate("document.scrollingElement.scrollWidth")
    assert (light, dark, narrow, width) == ([], [], [], NARROW["width"])


def find_violations(page: Page, rules: dict[str, Any]) -> list[str]:
    """As ``rule: selector``."""
    found = page.evaluate(FIND, rules)["violations"]
    return [f"{rule['id']}: {' '.join(map(str, node['target']))}" for rule in found for node in rule["nodes"]]
