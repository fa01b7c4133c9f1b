"""From the catalogue to a passed quiz without a pointer: Tab, Enter and Space, and one always sees where one is."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.people import SMALL, make_learner
from tests.journeys.test_without_javascript import RIGHT

pytestmark = pytest.mark.journey

# The focused element: its name, whether it or the card or choice around it is outlined, and whether it is on screen.
# Looks again for a moment, because scrolling and unfolding take a frame or two.
FOCUSED = """async () => {
  const element = document.activeElement ?? document.body;
  const isOutlined = (each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  const isInside = () => {
    const { width, top, bottom } = element.getBoundingClientRect();
    return width > 0 && bottom > 0 && top < innerHeight;
  };
  const around = [];
  for (let each = element; each; each = each.parentElement) around.push(each);
  for (let round = 0; round < 50 && !(around.some(isOutlined) && isInside()); round += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const name = element.ariaLabel || element.labels?.[0]?.innerText || element.innerText || element.tagName;
  return { name: name.trim().replace(/\\s+/g, " "), isVisible: around.some(isOutlined), isInside: isInside() };
}"""


def tab_stops(page: Page, limit: int = 80) -> Iterator[str]:
    """The names of what Tab reaches, each checked for a visible mark of focus."""
    page.wait_for_load_state()  # the address changes before the page is there to be tabbed through
    for _ in range(limit):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        assert (stop["name"], stop["isVisible"], stop["isInside"]) == (stop["name"], True, True)
        yield stop["name"]


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until that is focused."""
    pattern, seen = re.compile(name), []
    for stop in tab_stops(page):
        if pattern.search(stop):
            return
        seen.append(stop)
    pytest.fail(f"Tab does not reach {name!r}, only {seen}")


def test_skip_link_leads_past_the_header(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/courses/")
    assert next(tab_stops(page)) == "Skip to content"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    assert next(tab_stops(page)) == "Search courses"


def test_from_the_catalogue_to_a_passed_quiz_by_keyboard(site: str, open_page: OpenPage) -> None:
    learner = make_learner("kim@example.com", name="Kim Sørensen")
    page = open_page(learner.email, reduced_motion="reduce")
    page.goto("/courses/")
    tab_to(page, "^Customer Conversations")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/courses/{SMALL}/$"))
    tab_to(page, "^Enrol now$")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The first ten seconds")
    # The module of the quiz is folded in the outline.
    tab_to(page, "^The difficult call")
    page.keyboard.press("Space")
    tab_to(page, "^Check what you know")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what you know")
    tab_to(page, "^Start the quiz$")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/learn/attempts/"))
    answer_by_keyboard(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Passed. Well done!")


def answer_by_keyboard(page: Page) -> None:
    # The button is the form's last element: once it is there, so are all the questions, and the script has run.
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    for question in page.locator("[data-question]").all():
        kind = question.get_attribute("data-type")
        choices = question.locator(".choice").all_inner_texts()
        if kind in ("single", "true_false"):
            choose_by_arrow(page, choices)
        elif kind == "multiple":
            for choice in filter(is_right, choices):
                tab_to(page, f"^{choice}$")
                page.keyboard.press("Space")
        else:
            tab_to(page, "^Your answer")
            page.keyboard.type("number")
    tab_to(page, "^Hand in$")
    page.keyboard.press("Enter")


def choose_by_arrow(page: Page, choices: list[str]) -> None:
    """A group of radio buttons is one stop, in which Space and the arrows choose."""
    tab_to(page, "|".join(map(re.escape, choices)))
    page.keyboard.press("Space")
    for _ in choices:
        if is_right(page.evaluate(FOCUSED)["name"]):
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"the arrows do not reach the right one of {choices}")


def is_right(choice: str) -> bool:
    return choice.startswith(RIGHT)
