"""An editor's afternoon: lessons put in order by keys and by mouse, a new title, a template, questions from a text."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from courses.curriculum.queries import read_curriculum
from courses.models import BankQuestion, CoursePage, QuestionCategory
from tests.journeys.conftest import OpenPage
from tests.journeys.people import SMALL
from tests.journeys.test_accessibility import EVERYTHING, SETTLED, find_violations

pytestmark = pytest.mark.journey

REVIEWER = "reviewer@example.com"
QUESTIONS = """::Ring::How often may it ring? {#3:1}

::Hello::What comes first? {=Your name ~The weather}

::Pause::A pause is a mistake. {F#Wait once, and listen.
"""


def find_course() -> CoursePage:
    return CoursePage.objects.get(slug=SMALL)


def titles() -> list[list[str]]:
    return [[lesson.title for lesson in module.lessons] for module in read_curriculum(find_course()).modules]


def open_curriculum(page: Page) -> None:
    page.goto(f"/admin/courses/{find_course().pk}/curriculum/")


def violations(page: Page) -> list[str]:
    """Inside what is ours: the frame around it is Wagtail's."""
    page.evaluate(SETTLED)
    page.evaluate(Axe().axe_script)
    return [found for found in find_violations(page, EVERYTHING) if "cw-" in found or "page-" in found]


def test_lessons_move_by_keys_and_by_mouse(open_page: OpenPage) -> None:
    (first, second), (third, fourth) = titles()
    page = open_page(REVIEWER)
    open_curriculum(page)
    live = page.locator("[data-live]")
    handle = page.get_by_role("button", name=f"Grab “{first}”")
    handle.focus()
    page.keyboard.press("Enter")
    expect(live).to_contain_text(f"{first}: grabbed.")
    page.keyboard.press("ArrowDown")
    expect(live).to_contain_text(f"{first}: place 2 of 2")
    page.keyboard.press("ArrowDown")
    expect(live).to_contain_text(f"{first}: place 1 of 3 in The difficult call")
    page.keyboard.press("Escape")
    expect(live).to_contain_text(f"{first}: put back.")
    expect(handle).to_be_focused()
    assert titles() == [[first, second], [third, fourth]]
    for key in ("Space", "ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    expect(live).to_contain_text("Moved.")
    expect(handle).to_be_focused()
    assert titles() == [[second], [first, third, fourth]]
    page.get_by_role("button", name=f"Move “{first}” up").click()
    expect(page.locator("[data-lessons]").first).to_contain_text(first)
    assert titles() == [[second, first], [third, fourth]]
    page.get_by_role("button", name=f"Grab “{first}”").drag_to(page.get_by_role("link", name=second, exact=True))
    expect(page.locator("[data-lessons] > [data-page]").first).to_contain_text(first)
    expect(page.locator(".is-busy")).to_have_count(0)
    assert titles() == [[first, second], [third, fourth]]
    assert violations(page) == []


def test_a_new_title_and_a_lesson_from_a_template(open_page: OpenPage) -> None:
    title = titles()[0][0]
    page = open_page(REVIEWER)
    open_curriculum(page)
    page.get_by_role("link", name=f"Rename “{title}”").press("Enter")
    page.keyboard.type("Ten seconds")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Published as “{title}”")).to_be_visible()
    expect(page.get_by_role("link", name="Rename “Ten seconds”")).to_be_focused()
    page.get_by_text("Add a lesson").first.click()
    page.get_by_label("Title").first.fill("The wrong parcel")
    page.get_by_label("Template").first.select_option(label="Case study")
    page.get_by_role("button", name="Add", exact=True).first.click()
    expect(page.get_by_text("The lesson “The wrong parcel” was added, as a draft.").first).to_be_visible()
    assert titles()[0][0] == "Ten seconds"
    assert titles()[0][-1] == "The wrong parcel"


def test_two_windows_do_not_overwrite_each_other(open_page: OpenPage) -> None:
    last = titles()[1][-1]
    first, second = open_page(REVIEWER), open_page(REVIEWER)
    open_curriculum(first)
    open_curriculum(second)
    first.get_by_role("button", name=f"Move “{last}” up").click()
    expect(first.get_by_text("Moved.").first).to_be_visible()
    before = titles()
    second.get_by_role("button", name=f"Move “{last}” up").click()
    expect(second.get_by_text("Nothing was done: the course was changed meanwhile").first).to_be_visible()
    assert titles() == before
    second.get_by_role("button", name=f"Move “{last}” down").click()
    expect(second.get_by_text("Moved.").first).to_be_visible()


def test_the_curriculum_works_without_a_script(open_page: OpenPage) -> None:
    first, second = titles()[0][:2]
    page = open_page(REVIEWER, java_script_enabled=False)
    open_curriculum(page)
    page.get_by_role("button", name=f"Move “{second}” up").click()
    assert titles()[0][:2] == [second, first]
    page.get_by_role("link", name=f"Rename “{second}”").click()
    page.locator("input[name=title][form]").fill("Without a script")
    page.get_by_role("button", name="Save draft").click()
    assert titles()[0][0] == "Without a script"
    expect(page.get_by_text("Renamed, as a draft")).to_be_visible()


def test_questions_are_pasted_mended_and_imported(open_page: OpenPage) -> None:
    page = open_page(REVIEWER)
    page.goto("/admin/question-bank/import/")
    page.get_by_label("Questions").fill(QUESTIONS)
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_role("heading", name="1 fault: nothing can be imported yet")).to_be_visible()
    expect(page.get_by_text("Line 5")).to_be_visible()
    expect(page.get_by_role("button", name="Import")).to_have_count(0)
    assert violations(page) == []
    page.get_by_label("Questions").fill(QUESTIONS.rstrip() + "}")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="3 questions would be made")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Import 3 questions as drafts").click()
    expect(page.get_by_text("3 questions imported, as drafts.")).to_be_visible()
    category = QuestionCategory.objects.get(name="Listening")
    drafts = BankQuestion.objects.filter(category=category, live=False).order_by("pk")
    assert list(drafts.values_list("title", flat=True)) == ["Ring", "Hello", "Pause"]
