""" "Continue" leads back to the lesson, the block and the second where the learner left."""

import re
from time import monotonic, sleep

import pytest
from playwright.sync_api import Page, expect

from learners.progress.models import BlockProgress
from tests.journeys.conftest import OpenPage
from tests.journeys.people import LARGE, make_viewer
from tests.journeys.trainee_pages import lesson_with

pytestmark = pytest.mark.journey

VIEWER = "vera@example.com"
FILM = "37beaa56-53c6-58f8-bd0e-929a289ef78c"
# The strict policy forbids Playwright's own way to wait for an expression.
PLAYED_TO = """(video, seconds) => new Promise((resolve, reject) => {
  const look = () => video.currentTime > seconds && resolve(video.currentTime);
  for (const name of ["timeupdate", "seeked"]) video.addEventListener(name, look);
  setTimeout(() => reject(new Error(`stands at ${video.currentTime}`)), 15_000);
  look();
})"""


def test_continue_returns_to_the_second_where_the_film_was_left(site: str, open_page: OpenPage) -> None:
    make_viewer(VIEWER, LARGE, seconds=12)
    page = open_page(VIEWER)
    page.goto(lesson_with("video")())
    left_at = watch_for_a_while(page)
    page.goto("/learn/")

    continue_by(page, "Continue")

    expect(page).to_have_url(re.compile(f"{lesson_with('video')()}#block-{FILM}$"))
    expect(page.locator(f"#block-{FILM} video")).to_be_in_viewport()
    assert page.locator("video").evaluate(PLAYED_TO, 0) == pytest.approx(left_at, abs=1)


def watch_for_a_while(page: Page) -> float:
    """From the twelfth second on; leaves the page while the film runs and tells where it was."""
    video = page.locator("video")
    video.press("Space")
    left_at = video.evaluate(PLAYED_TO, 14)
    page.goto("/courses/")
    # The report that is sent on leaving arrives when the page is gone.
    reported = BlockProgress.objects.filter(enrolment__user__email=VIEWER, block_id=FILM, position__gt=13)
    give_up_at = monotonic() + 10
    while not reported.exists() and monotonic() < give_up_at:
        sleep(0.05)
    return left_at


def continue_by(page: Page, name: str) -> None:
    page.locator(".continue-card").get_by_role("link", name=name).click()


def test_the_position_is_what_the_server_keeps(site: str, open_page: OpenPage) -> None:
    """On another device, which has stored nothing, the film stands at the same second."""
    viewer = make_viewer("viktor@example.com", LARGE, seconds=23.5)
    assert BlockProgress.objects.get(enrolment__user=viewer, block_id=FILM).position == 23.5
    page = open_page(viewer.email, viewport={"width": 390, "height": 844})
    page.goto("/learn/")
    continue_by(page, "Continue")
    assert page.locator("video").evaluate(PLAYED_TO, 0) == pytest.approx(23.5, abs=0.1)
