"""Answers are kept as they are given, however slowly the page loads."""

import re

import pytest
from playwright.sync_api import Route, expect

from learners.exams.models import Attempt
from tests.journeys.conftest import OpenPage
from tests.journeys.trainee_pages import SITTER, open_quiz, prepare_people

pytestmark = pytest.mark.journey


LEAVE_DRAFT = """(label) => {
  const choice = [...document.querySelectorAll(".choice")].find((each) => each.textContent.startsWith(label));
  const question = choice.closest("[data-question]").dataset.id;
  const answer = { question, choices: [choice.querySelector("input").value], seq: Date.now() * 2 };
  localStorage.setItem(`attempt ${document.querySelector("[data-attempt]").dataset.attempt}`, JSON.stringify([answer]));
}"""


def prepare_once() -> None:
    if not Attempt.objects.filter(enrolment__user__email=SITTER).exists():
        prepare_people()


def read_choices() -> list[list[str]]:
    saved = Attempt.objects.get(enrolment__user__email=SITTER).answers
    return [answer["choices"] for answer in saved.values()]


def test_an_answer_given_before_the_script_arrived_is_saved(site: str, open_page: OpenPage) -> None:
    prepare_once()
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


def test_an_answer_the_network_lost_is_told(site: str, open_page: OpenPage) -> None:
    prepare_once()
    page = open_page(SITTER)
    page.goto(open_quiz())
    page.route("**/save/", lambda route: route.abort())
    page.get_by_label("Pick up at once").check()
    status = page.locator("[data-save-status]")
    expect(status).to_have_text("Not saved yet. Trying again.")
    page.unroute("**/save/")
    expect(status).to_have_text(re.compile("^Saved "))


def test_an_answer_left_on_the_device_by_a_crash_is_sent_and_shown(site: str, open_page: OpenPage) -> None:
    prepare_once()
    page = open_page(SITTER)
    page.goto(open_quiz())
    page.evaluate(LEAVE_DRAFT, "Finish the sentence")
    page.reload()
    expect(page.get_by_label("Finish the sentence")).to_be_checked()
    assert page.evaluate("localStorage.length") == 0
    assert [len(chosen) for chosen in read_choices()] == [1]
