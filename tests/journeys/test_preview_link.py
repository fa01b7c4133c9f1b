"""An editor shares a draft; somebody without an account reads it, and nothing else comes of it."""

import pytest
from playwright.sync_api import expect

from courses.models import CoursePage, LessonPage
from learners.enrolments.models import Enrolment
from tests.journeys.conftest import OpenPage
from tests.journeys.people import SMALL

pytestmark = pytest.mark.journey


def test_a_draft_is_read_in_an_anonymous_browser_until_it_is_taken_back(site: str, open_page: OpenPage) -> None:
    course = CoursePage.objects.get(slug=SMALL)
    lesson = LessonPage.objects.descendant_of(course).order_by("path").first()
    assert lesson is not None
    lesson.title = "A better beginning"
    lesson.save_revision()
    editor = open_page("editor@example.com")
    editor.goto(f"/admin/pages/{course.pk}/edit/")
    editor.goto(f"/admin/preview-links/{course.pk}/")
    editor.get_by_role("button", name="Make a link").click()
    address = editor.locator(".cw-link input").first.input_value()
    enrolments = Enrolment.objects.count()

    guest = open_page()
    guest.goto("/preview/?" + address.split("?", 1)[1])

    expect(guest.locator("h1")).to_have_text(course.title)
    expect(guest.get_by_text("Nothing you do here is recorded")).to_be_visible()
    guest.get_by_role("link", name="A better beginning").click()
    expect(guest.locator("h1")).to_have_text("A better beginning")
    expect(guest.get_by_role("button", name="Mark as complete")).to_have_count(0)
    guest.get_by_role("link", name="Next").first.click()
    expect(guest.locator("h1")).not_to_have_text("A better beginning")
    assert Enrolment.objects.count() == enrolments

    editor.get_by_role("button", name="Take back").first.click()
    expect(editor.get_by_text("1 link was taken back")).to_be_visible()
    guest.reload()
    expect(guest.get_by_role("heading", name="There is no preview to see here")).to_be_visible()
