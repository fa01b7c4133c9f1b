"""A live course is changed: the editor sees whom it touches, the learner keeps what they did and sees what is new."""

import json

import pytest
from playwright.sync_api import expect

from courses.editions.models import CourseState
from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage
from learners.enrolments.services import enrol
from tests.factories.pages import make_course, make_lesson, make_module, make_text
from tests.journeys.conftest import OpenPage
from tests.journeys.people import make_learner

pytestmark = pytest.mark.journey
REVIEWER = "reviewer@example.com"


def test_a_release_shows_whom_it_touches_and_takes_nothing_away(site: str, open_page: OpenPage) -> None:
    title = f"Asking well {CoursePage.objects.count()}"
    course = make_course(CataloguePage.objects.get(), title, summary="How to ask.")
    module = make_module(course, "Questions")
    make_lesson(module, "Open questions", blocks=[make_text("Begin with what or how.")])
    lesson = make_lesson(module, "Listening", blocks=[make_text("Say less.")])
    compile_course(course.pk)
    state = CourseState.objects.select_related("edition").get(slug=course.slug)
    email = f"{course.slug}@example.com"
    enrol(user=make_learner(email, name="Lena Halfway"), state=state)
    learner = open_page(email)
    learner.goto(f"/courses/{course.slug}/questions/open-questions/")
    learner.get_by_role("button", name="Mark as complete").click()
    expect(learner.get_by_text("Listening").first).to_be_visible()

    lesson = LessonPage.objects.get(pk=lesson.pk)
    first = dict(lesson.body.raw_data[0])
    more = make_text("Repeat in your own words what you have heard.")
    lesson.body = json.dumps([first, more])
    lesson.save_revision()

    reviewer = open_page(REVIEWER)
    reviewer.goto(f"/admin/courses/{course.pk}/release/")
    expect(reviewer.get_by_text("1 lesson changed")).to_be_visible()
    touched = reviewer.locator(".cw-tiles")
    expect(touched).to_contain_text("1 in progress")
    expect(touched).to_contain_text("1 get more to do: 1 part, 1 min")
    expect(reviewer.get_by_text("Lena Halfway")).to_have_count(0)  # names are for whoever sees the registers
    reviewer.get_by_label("Note for learners").fill("A word on repeating.")
    reviewer.get_by_role("button", name="Release this edition").click()
    expect(reviewer.get_by_role("link", name="2", exact=True)).to_be_visible()
    expect(reviewer.get_by_text("A word on repeating.")).to_be_visible()

    learner.goto(f"/courses/{course.slug}/")
    learner.get_by_role("link", name="Edition 2: what changed").click()
    learner.get_by_role("link", name="Edition 2", exact=True).click()
    expect(learner.get_by_text("A word on repeating.")).to_be_visible()
    expect(learner.get_by_text("Repeat in your own words what you have heard.")).to_be_visible()
    learner.goto("/learn/")
    expect(learner.get_by_text("33%").or_(learner.get_by_text("33 %")).first).to_be_visible()


def test_a_planned_release_waits_and_is_taken_back(site: str, open_page: OpenPage) -> None:
    course = make_course(CataloguePage.objects.get(), f"Later {CoursePage.objects.count()}", summary="Later.")
    make_lesson(make_module(course, "Later"), "Then", blocks=[make_text("Not yet.")])
    compile_course(course.pk)
    course.summary = "Much later."
    course.save_revision()
    reviewer = open_page(REVIEWER)
    reviewer.goto(f"/admin/courses/{course.pk}/release/")
    reviewer.get_by_label("Not before").fill("2027-06-01 09:00")
    reviewer.get_by_role("button", name="Release this edition").click()
    expect(reviewer.get_by_role("heading", name="Scheduled")).to_be_visible()
    reviewer.get_by_role("button", name="Cancel the release").click()
    expect(reviewer.get_by_text("The planned release is cancelled.")).to_be_visible()
    assert CourseState.objects.get(course=course).edition.number == 1
