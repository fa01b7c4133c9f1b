"""What the browser reports of study time, and a part with limited time started by keyboard."""

from time import monotonic, sleep

import pytest
from playwright.sync_api import expect

from learners.enrolments.models import Enrolment
from learners.progress.models import BlockProgress
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory
from tests.journeys.conftest import OpenPage
from tests.journeys.people import make_learner

pytestmark = pytest.mark.journey


def enrol_on_text(email: str, **settings: int) -> Enrolment:
    lesson = make_lesson(text_block(html="<p>Words to read.</p>", **settings), title="Lesson 1")
    return EnrolmentFactory(
        course=make_edition(modules=[make_module(lesson)], is_published=False), user=make_learner(email)
    )


def test_leaving_a_lesson_reports_how_long_it_was_read(site: str, open_page: OpenPage) -> None:
    enrolment = enrol_on_text("rita@example.com")
    page = open_page("rita@example.com")
    page.goto(f"/courses/{enrolment.edition.slug}/module-1/lesson-1/")
    page.mouse.move(200, 200)
    page.wait_for_timeout(4_500)
    page.goto("/learn/")

    # The beacon arrives when the page is gone.
    timed = BlockProgress.objects.filter(enrolment=enrolment, seconds_spent__gte=2)
    give_up_at = monotonic() + 10
    while not timed.exists() and monotonic() < give_up_at:
        sleep(0.05)
    enrolment.refresh_from_db()
    assert 2 <= timed.get().seconds_spent <= enrolment.seconds_spent


def test_a_part_with_limited_time_is_started_by_keyboard(site: str, open_page: OpenPage) -> None:
    enrolment = enrol_on_text("timo@example.com", time_limit=10)
    page = open_page("timo@example.com")
    page.goto(f"/courses/{enrolment.edition.slug}/module-1/lesson-1/")
    expect(page.get_by_text("Words to read.")).to_have_count(0)
    page.get_by_role("button", name="Start this part").press("Enter")
    expect(page.get_by_text("Words to read.")).to_be_visible()
    expect(page.get_by_text("Open until")).to_be_visible()
    page.get_by_role("button", name="Mark as done").press("Enter")
    expect(page.locator(".block .state, .block [data-state=completed]").first).to_be_visible()
