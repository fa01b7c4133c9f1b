"""Answers are kept as they are given, however slowly the page loads."""

import re

import pytest
from playwright.sync_api import Route, expect

from learners.exams.models import Attempt
from tests.journeys.conftest import OpenPage
from tests.journeys.trainee_pages import SITTER, open_quiz, prepare_people

pytestmark = pytest.mark.journey


def test_an_answer_given_before_the_script_arrived_is_saved(site: str, open_page: OpenPage) -> None:
    prepare_people()
    page = open_page(SITTER)
    held: list[Route] = []
    page.route("**/quiz.js", lambda route: held.append(route))
    page.goto(open_quiz(), wait_until="commit")
    page.get_by_label("Let it ring once more").check()
    assert Attempt.objects.get(enrolment__user__email=SITTER).answers == {}
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator("[data-save-status]")).to_have_text(re.compile("^Saved "))
    (answer,) = Attempt.objects.get(enrolment__user__email=SITTER).answers.values()
    assert len(answer["choices"]) == 1


def test_an_answer_the_network_lost_is_told_kept_and_sent_after_a_crash(site: str, open_page: OpenPage) -> None:
    prepare_people()
    page = open_page(SITTER)
    page.goto(open_quiz())
    page.route("**/save/", lambda route: route.abort())
    page.get_by_label("Let it ring once more").check()
    expect(page.locator("[data-save-status]")).to_have_text("Not saved yet. Trying again.")
    address = page.url
    page.evaluate("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
    page.goto("about:blank")
    assert Attempt.objects.get(enrolment__user__email=SITTER).answers == {}
    page.unroute("**/save/")
    page.goto(address)
    expect(page.get_by_label("Let it ring once more")).to_be_checked()
    (answer,) = Attempt.objects.get(enrolment__user__email=SITTER).answers.values()
    assert len(answer["choices"]) == 1
