"""Clocks in the browser: they warn, they end, and the computer's own clock has no say in them."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt
from learners.progress.models import BlockProgress
from tests.factories.courses import make_edition, make_lesson, make_module, quiz_block, single_question, text_block
from tests.factories.learners import EnrolmentFactory
from tests.journeys.conftest import OpenPage
from tests.journeys.people import make_learner

pytestmark = pytest.mark.journey

TEN_MINUTES = re.compile(r"^(10:00|9:5\d)$")


def enrol_on_limited_time() -> Enrolment:
    """A part of ten minutes and a quiz of ten minutes in one lesson."""
    lesson = make_lesson(
        text_block(html="<p>Words to read.</p>", time_limit=10),
        quiz_block(time_limit=10, title="Check", questions=(single_question(id="q1"),)),
        title="Lesson 1",
    )
    return EnrolmentFactory(
        course=make_edition(modules=[make_module(lesson)], is_published=False),
        user=make_learner(f"{uuid4().hex}@example.com"),
    )


def open_lesson(page: Page, enrolment: Enrolment) -> None:
    page.clock.install()
    page.goto(f"/courses/{enrolment.edition.slug}/module-1/lesson-1/")


def expect_warnings(page: Page) -> None:
    """Five minutes, a quarter of ten minutes, one minute; then the time is over. Each is said once and politely."""
    live = page.locator("time-left [role=status]")
    # Only a running clock can be put forward: before its script has come, the page says until when the time is.
    expect(page.locator("[data-timer-text]")).to_have_text(TEN_MINUTES)
    expect(live).to_have_text("")
    for forward, said in (("05:00", r"^Time left: 4:\d\d$|^Time left: 5:00$"), ("02:30", r"Time left: 2:[23]\d$"),
                          ("01:30", r"Time left: (1:00|0:5\d)$")):  # fmt: skip
        page.clock.fast_forward(forward)
        expect(live).to_have_text(re.compile(said))
    expect(page.locator("time-left")).to_have_class(re.compile("is-short"))
    page.clock.fast_forward("01:00")


def test_a_timed_part_counts_down_warns_and_ends(site: str, open_page: OpenPage) -> None:
    enrolment = enrol_on_limited_time()
    page = open_page(enrolment.user.email)
    open_lesson(page, enrolment)
    page.get_by_role("button", name="Start this part").press("Enter")
    expect(page.get_by_role("button", name="Mark as done")).to_have_count(1)
    expect_warnings(page)
    expect(page.locator("time-left [role=status]")).to_have_text("The time for this part is over.")
    expect(page.get_by_role("button", name="Mark as done")).to_have_count(0)
    expect(page.get_by_text("Ask the people who run the course")).to_be_visible()
    # A clock that runs fast in the browser ends nothing on the server.
    row = BlockProgress.objects.get(enrolment=enrolment, clock_started_at__isnull=False)
    assert row.deadline_at is not None
    assert row.deadline_at > timezone.now() + timedelta(minutes=8)
    page.reload()
    expect(page.get_by_role("button", name="Mark as done")).to_have_count(1)


def test_more_time_granted_meanwhile_reaches_the_page(site: str, open_page: OpenPage) -> None:
    enrolment = enrol_on_limited_time()
    page = open_page(enrolment.user.email)
    open_lesson(page, enrolment)
    page.get_by_role("button", name="Start this part").press("Enter")
    expect(page.locator("time-left")).to_be_visible()
    BlockProgress.objects.filter(enrolment=enrolment, clock_started_at__isnull=False).update(
        deadline_at=timezone.now() + timedelta(minutes=20)
    )
    page.locator(".block-text").evaluate("block => block.scrollIntoView()")
    page.mouse.move(300, 300)
    page.clock.run_for(20_000)
    expect(page.locator("time-left [role=status]")).to_have_text(re.compile("You have been given more time"))
    expect(page.locator("[data-timer-text]")).to_have_text(re.compile(r"^(20:00|19:\d\d)$"))


def test_an_exam_warns_and_the_clock_of_the_computer_changes_nothing(site: str, open_page: OpenPage) -> None:
    enrolment = enrol_on_limited_time()
    page = open_page(enrolment.user.email)
    open_lesson(page, enrolment)
    page.get_by_role("button", name="Start the quiz").press("Enter")
    display = page.locator("[data-timer-text]")
    expect(display).to_have_text(TEN_MINUTES)
    deadline_at = Attempt.objects.get(enrolment=enrolment).deadline_at
    for days in (30, -30):
        page.clock.set_system_time(timezone.now() + timedelta(days=days))
        page.clock.run_for(2_000)
        expect(display).to_have_text(re.compile(r"^9:[45]\d$"))
    page.get_by_role("radio", name="This").check()
    page.clock.run_for(2_000)
    expect(page.locator("[data-save-status]")).to_have_text(re.compile("^Saved "))
    saved = Attempt.objects.get(enrolment=enrolment)
    assert (saved.deadline_at, saved.answers["q1"]["choices"]) == (deadline_at, ["right"])
    saved_at = datetime.fromisoformat(saved.answers["q1"]["saved_at"])
    assert abs(saved_at - timezone.now()) < timedelta(minutes=1)
    page.get_by_role("button", name="Hand in").press("Enter")
    expect(page.get_by_role("heading", name="Passed. Well done!")).to_be_visible()
    handed_in = Attempt.objects.get(enrolment=enrolment)
    assert (handed_in.state, handed_in.score) == ("submitted", 100)


def test_an_exam_says_what_is_left_and_hands_in_at_the_end(site: str, open_page: OpenPage) -> None:
    enrolment = enrol_on_limited_time()
    page = open_page(enrolment.user.email)
    open_lesson(page, enrolment)
    page.get_by_role("button", name="Start the quiz").press("Enter")
    expect_warnings(page)
    expect(page.get_by_role("heading", name="Not passed this time")).to_be_visible()
    # Handed in by the page, which thought the time was over: by the server's clock there was plenty left.
    assert Attempt.objects.get(enrolment=enrolment).state == "submitted"
