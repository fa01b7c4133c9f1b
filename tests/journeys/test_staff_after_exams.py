"""After the exam: an essay waits, is marked and passes; a key is put right, tried and graded again."""

import json
import re
import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from courses.editions.models import CourseState
from courses.models import LessonPage
from learners.exams.models import Attempt, Regrade
from learners.exams.regrading import continue_regrades
from tests.journeys.conftest import OpenPage
from tests.journeys.people import LARGE, SMALL, make_enrolled, make_reader

pytestmark = pytest.mark.journey

REVIEWER = "reviewer@example.com"
ESSAY_LESSON, QUIZ_LESSON = "practise-the-conversation", "check-what-you-know"
TEXT = (
    "You told me that the lift stands still two days a month, that the third floor then sends its parcels back, and "
    "that nobody tells you before they ring the bell. You want to know at eight in the morning. Is that what you mean?"
)
ANSWERS = ("Let it ring once more", "What will happen", "Who does it", "By when")


def lesson_address(course: str, lesson: str) -> str:
    page = LessonPage.objects.get(slug=lesson)
    return reverse("lesson", args=[course, page.get_parent().slug, lesson])


def new_address() -> str:
    """A journey that is walked again brings somebody new."""
    return f"{uuid.uuid4().hex}@example.com"


def test_an_essay_waits_is_marked_and_passes(site: str, open_page: OpenPage) -> None:
    writer = make_reader(new_address(), LARGE).user
    learner, reviewer = open_page(writer.email), open_page(REVIEWER)

    learner.goto(lesson_address(LARGE, ESSAY_LESSON))
    learner.get_by_role("button", name="Start the quiz").last.click()
    learner.get_by_label("Your answer").fill(TEXT)
    learner.get_by_role("button", name="Hand in").click()
    expect(learner.get_by_role("heading", level=1)).to_have_text("Handed in, waiting to be marked")
    result = learner.url

    name = str(writer)
    reviewer.goto("/admin/marking/")
    reviewer.get_by_role("link", name=name, exact=True).click()
    expect(reviewer.get_by_role("group", name="Answer")).to_have_text(TEXT)
    reviewer.get_by_label("In their words").fill("2")
    reviewer.get_by_label("A number").fill("9")
    reviewer.get_by_role("button", name="Save", exact=True).click()
    expect(reviewer.get_by_text("Give points from 0 to 2")).to_be_visible()
    reviewer.get_by_label("A number").fill("1.5")
    reviewer.get_by_label("Ends with a question").fill("1")
    reviewer.get_by_label("Comment to the learner").fill("Two days a month is a number one can work with.")
    reviewer.get_by_role("button", name="Save", exact=True).click()
    expect(reviewer.get_by_text(f"Marked: {name}.")).to_be_visible()
    expect(reviewer.get_by_role("link", name=name, exact=True)).to_have_count(0)

    learner.goto(result)
    expect(learner.get_by_role("heading", level=1)).to_have_text("Course completed!")
    expect(learner.get_by_text("You scored 90%.")).to_be_visible()
    expect(learner.get_by_text("Two days a month is a number one can work with.")).to_be_visible()


def test_a_key_is_put_right_tried_and_graded_again(site: str, open_page: OpenPage) -> None:
    speller = make_enrolled(new_address(), SMALL).user
    learner, reviewer = open_page(speller.email), open_page(REVIEWER)

    learner.goto(lesson_address(SMALL, QUIZ_LESSON))
    learner.get_by_role("button", name="Start the quiz").click()
    for answer in ANSWERS:
        learner.get_by_label(answer).check()
    learner.get_by_label("Your answer").fill("count")
    learner.get_by_role("button", name="Hand in").click()
    learner.get_by_role("button", name="Hand in anyway").click()
    expect(learner.get_by_text("You scored 50%.")).to_be_visible()
    result = learner.url

    accept_as_well("count")
    name = re.compile(f"^{speller} ")
    reviewer.goto("/admin/regrades/")
    reviewer.get_by_role("link", name="Grade again").click()
    reviewer.get_by_label("Course").select_option(label="Customer Conversations (en)")
    reviewer.get_by_role("button", name="Continue").click()
    reviewer.get_by_label("Quiz").select_option(label="Customer conversations · Check what you know")
    reviewer.get_by_role("button", name="Show the trial").click()
    row = reviewer.get_by_role("row", name=name)
    expect(row).to_contain_text("Would pass")
    assert str(Attempt.objects.get(enrolment__user=speller).score) == "50.00"
    reviewer.get_by_label("Reason").fill("“Count” is right, too.")
    reviewer.get_by_role("button", name=re.compile(r"^Grade \d+ attempts again")).click()
    expect(reviewer.get_by_text("The attempts are being graded again.")).to_be_visible()
    while Regrade.objects.filter(finished_at=None).exists():  # what worker and scheduler do
        continue_regrades()
    reviewer.reload()
    expect(reviewer.get_by_role("row", name=name)).to_contain_text("Passes now")

    learner.goto(result)
    expect(learner.get_by_role("heading", level=1)).to_have_text("Passed. Well done!")
    history = learner.get_by_role("region", name="Graded again").get_by_role("listitem")
    expect(history.nth(0)).to_contain_text("62.5% · passed")
    expect(history.nth(0)).to_contain_text("“Count” is right, too.")
    expect(history.nth(1)).to_contain_text("50% · not passed")


def accept_as_well(word: str) -> None:
    """What an editor does in the question's form, published as a new edition."""
    page = LessonPage.objects.get(slug=QUIZ_LESSON)
    before = CourseState.objects.select_related("edition").get(slug=SMALL).edition.number
    body = list(page.body.raw_data)
    for block in body:
        for question in block["value"].get("questions", ()):
            if question["type"] == "short_text":
                answers = question["value"]["answers"]
                question["value"]["answers"] = [*answers, answers[0] | {"id": str(uuid.uuid4()), "value": word}]
    page.body = json.dumps(body)
    page.save_revision().publish()
    assert CourseState.objects.select_related("edition").get(slug=SMALL).edition.number == before + 1
