"""Everything but the playing of media works in a browser that runs no scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories.learners import PASSWORD
from tests.journeys.conftest import OpenPage
from tests.journeys.people import SMALL, make_learner

pytestmark = pytest.mark.journey

EMAIL = "nora@example.com"
RIGHT = (
    "Let it ring once more",
    "What will happen",
    "Who does it",
    "By when",
    "False",
    "“You waited at home",
)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page(java_script_enabled=False)


def test_search_and_filters_without_javascript(page: Page) -> None:
    page.goto("/courses/")
    page.get_by_label("Search courses").fill("complaint")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#results-heading")).to_have_text("1 course for “complaint”")
    expect(page.locator(".card-grid h3")).to_have_text(["Customer Conversations"])

    page.get_by_role("link", name="Courses", exact=True).click()
    page.get_by_role("navigation", name="Filters").get_by_role("link", name="Deutsch").click()
    expect(page.locator(".card-grid h3")).to_have_text(["Das Erstgespräch im Vertrieb"])
    page.get_by_role("link", name="Remove filter: Deutsch").click()
    expect(page.locator("#results-heading")).to_have_text("4 courses")


def test_from_logging_in_to_the_certificate_without_javascript(page: Page) -> None:
    make_learner(EMAIL, name="Nora Lindgren")
    page.goto(f"/courses/{SMALL}/")
    page.get_by_role("link", name="Log in to enrol").click()
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Enrol now").click()
    for title in ("The first ten seconds", "Write so that nobody has to ask", "When someone is angry"):
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        page.get_by_role("button", name="Mark as complete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what you know")

    sit_quiz(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Course completed!")
    expect(page.get_by_text("Two seconds, and they can be heard.")).to_be_visible()
    page.get_by_role("link", name="View your certificate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This certificate is valid")
    expect(page.locator(".proof-name")).to_have_text("Nora Lindgren")


def sit_quiz(page: Page) -> None:
    page.get_by_role("button", name="Start the quiz").click()
    for answer in RIGHT:
        page.get_by_label(re.compile(f"^{answer}")).check()
    page.get_by_role("textbox").fill("number")
    page.get_by_role("button", name="Hand in").click()
