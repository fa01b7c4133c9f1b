"""An editor meets the quality gate on the way to the reviewer; a course is archived while somebody is on it."""

import re

import pytest
from playwright.sync_api import Page, expect

from courses.editions.models import CourseState
from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage
from learners.enrolments.services import enrol
from tests.factories.pages import make_block, make_course, make_lesson, make_module, make_text
from tests.journeys.conftest import OpenPage
from tests.journeys.people import make_learner

pytestmark = pytest.mark.journey
EDITOR, REVIEWER = "editor@example.com", "reviewer@example.com"
FILM = {"title": "A call", "url": "https://cdn.example.com/call.mp4"}


def choose_action(page: Page, name: str) -> None:
    """From the menu beside the button that saves."""
    page.locator(".w-dropdown-button .w-dropdown__toggle").last.click()
    page.get_by_role("button", name=name).click()


def make_title(words: str) -> str:
    """A journey may be walked again on the same site."""
    return f"{words} {CoursePage.objects.count()}"


def test_a_film_without_captions_reaches_the_reviewer_only_once_it_is_mended(site: str, open_page: OpenPage) -> None:
    course = make_course(CataloguePage.objects.get(), make_title("Calling back"), summary="How to call back.")
    module = make_module(course)
    lesson = make_lesson(module, "The second call", blocks=[make_block("video", FILM)], live=False)
    lesson.save_revision()
    page = open_page(EDITOR)
    page.goto(f"/admin/pages/{lesson.pk}/edit/")
    expect(page.locator("[data-side-panel-toggle=checklist] [data-side-panel-toggle-counter]")).to_have_text("1")
    choose_action(page, "Submit to Course review")
    expect(page.get_by_text("“The second call” was not passed on to the reviewers.")).to_be_visible()
    told = page.locator(".messages").get_by_text("Add captions (a WebVTT file) or a transcript")
    expect(told).to_be_visible()

    transcript = page.locator("[data-contentpath=transcript]").first
    transcript.locator("[contenteditable=true]").first.click()
    page.keyboard.type("Good morning.")
    # The editor hands what was typed to the form a moment later.
    expect(transcript.locator("input[type=hidden]").first).to_have_value(re.compile("Good morning"))
    choose_action(page, "Resubmit to Quality gate")
    expect(page.get_by_text("has been submitted for moderation")).to_be_visible()
    assert LessonPage.objects.get(pk=lesson.pk).current_workflow_task.name == "Course review"

    reviewer = open_page(REVIEWER)
    reviewer.goto("/admin/")
    expect(reviewer.get_by_role("link", name="The second call").first).to_be_visible()


def test_an_archived_course_is_finished_and_comes_back_as_it_was(site: str, open_page: OpenPage) -> None:
    title = make_title("Last orders")
    course = make_course(CataloguePage.objects.get(), title, summary="How to close.")
    make_lesson(make_module(course, "Closing"), "Close", blocks=[make_text("Close well.")])
    compile_course(course.pk)
    state = CourseState.objects.select_related("edition").get(slug=course.slug)
    learner_email = f"{course.slug}@example.com"
    enrol(user=make_learner(learner_email, name="Fin Isher"), state=state)

    reviewer = open_page(REVIEWER)
    reviewer.goto(f"/admin/course-archive/{course.pk}/archive/")
    expect(reviewer.get_by_text("1 person is in the middle of it.")).to_be_visible()
    reviewer.get_by_label("Note").fill("Nobody sells this any more.")
    reviewer.get_by_role("button", name="Yes, archive it").click()
    expect(reviewer.get_by_text("This course is no longer offered.")).to_be_visible()

    visitor = open_page()
    visitor.goto(f"/courses/?q={title}")
    expect(visitor.get_by_role("link", name=title, exact=True)).to_have_count(0)
    answer = visitor.goto(f"/courses/{course.slug}/")
    assert answer is not None
    assert answer.status == 404

    learner = open_page(learner_email)
    learner.goto(f"/courses/{course.slug}/closing/close/")
    learner.get_by_role("button", name="Mark as complete").click()
    expect(learner.get_by_text("Course completed")).to_be_visible()
    learner.get_by_role("link", name="View certificate").click()
    expect(learner.get_by_role("heading", name="This certificate is valid")).to_be_visible()

    reviewer.get_by_role("link", name="Restore").click()
    reviewer.get_by_role("button", name="Yes, restore it").click()
    expect(reviewer.get_by_text(f"“{title}” is offered again, as it was.")).to_be_visible()
    visitor.goto(f"/courses/?q={title}")
    expect(visitor.get_by_role("link", name=title, exact=True).first).to_be_visible()
    assert CourseState.objects.get(slug=course.slug).edition == state.edition
    assert CoursePage.objects.get(pk=course.pk).is_archived is False
