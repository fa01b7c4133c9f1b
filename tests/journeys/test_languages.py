"""An editor translates a course; a learner studies half of it in one language and finishes in the other."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from wagtail.models import Locale

from certificates.models import Certificate
from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage
from tests.factories.pages import make_course, make_lesson, make_module, make_text
from tests.factories.translations import make_permission, publish_tree, translate
from tests.journeys.conftest import OpenPage
from tests.journeys.people import make_learner

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("languages")]


@pytest.fixture
def course(site: str, languages: None) -> CoursePage:
    make_permission()
    call_command("setup", verbosity=0)
    catalogue = CataloguePage.objects.get(locale__language_code="en")
    course = make_course(catalogue, "Two halves")
    module = make_module(course, "All of it")
    make_lesson(module, "First half", blocks=[make_text("Half of it.")])
    make_lesson(module, "Second half", blocks=[make_text("The rest.")])
    compile_course(course.pk)
    return course


def test_half_in_english_and_the_rest_in_german(course: CoursePage, open_page: OpenPage) -> None:
    translate_in_the_admin(open_page("editor@example.com"), course)
    translate(course, "de", {}, publish=False)
    publish_tree(course, "de")
    make_learner("lena@example.com", name="Lena Half")
    page = open_page("lena@example.com")
    page.goto("/courses/two-halves/")
    page.get_by_role("button", name="Enrol now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("First half")
    page.get_by_role("button", name="Mark as complete").click()

    page.goto("/courses/two-halves/")
    page.get_by_role("button", name="Deutsch").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Zwei Hälften")
    expect(page.locator("h1")).to_have_attribute("lang", "de")
    expect(page.get_by_text("Everything you have done still counts")).to_be_visible()
    expect(page.locator(".lesson-row").first).to_contain_text("Completed")
    page.get_by_role("link", name="Continue").first.click()
    expect(page).to_have_url(re.compile("/de/courses/two-halves.*second-half"))
    page.get_by_role("button", name="Mark as complete").click()
    expect(page.get_by_text("You have completed the course")).to_be_visible()
    facts: Any = Certificate.objects.get(user__email="lena@example.com").facts
    assert (facts["course"], facts["language"]) == ("Zwei Hälften", "de")


def translate_in_the_admin(page: Page, course: CoursePage) -> None:
    german = Locale.objects.get(language_code="de")
    page.goto(f"/admin/localize/submit/page/{course.pk}/")
    page.locator(f"input[name=locales][value='{german.pk}']").check()
    page.locator("input[name=include_subtree]").check()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/edit/**")
    assert LessonPage.objects.descendant_of(course.get_translation(german)).count() == 2
    title = page.locator("li", has=page.get_by_text("Two halves", exact=True)).last
    title.get_by_role("button", name="Translate").click()
    title.locator("textarea").fill("Zwei Hälften")
    title.get_by_role("button", name="Save").click()
    expect(title.get_by_text("Server error")).to_have_count(0)
    expect(title.get_by_text("Zwei Hälften")).to_be_visible()
    page.reload()
    expect(page.locator("p", has_text="Zwei Hälften")).to_be_visible()
