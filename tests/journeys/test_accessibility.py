"""WCAG 2.2 AA on every trainee page, as far as axe can tell: light, dark, and 320 pixels wide without scrolling."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import OpenPage
from tests.journeys.trainee_pages import PAGES, prepare_people

pytestmark = pytest.mark.journey

NARROW = {"width": 320, "height": 640}
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
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
    light = find_violations(page)
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLED)
    dark = find_violations(page)
    page.set_viewport_size(NARROW)
    narrow = find_violations(page)
    width = page.evaluate("document.scrollingElement.scrollWidth")
    assert (light, dark, narrow, width) == ([], [], [], NARROW["width"])


def find_violations(page: Page) -> list[str]:
    """As ``rule: selector``."""
    results = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{rule['id']}: {' '.join(map(str, node['target']))}" for rule in results for node in rule["nodes"]]
