"""The main job from end to end: an editor writes, a reviewer publishes, a learner studies, a stranger verifies."""

import io
import re
from dataclasses import dataclass

import pypdf
import pytest
from django.core import mail
from django.core.files import File
from playwright.sync_api import Page, expect

from cms.demonstration import COURSES, PASSWORD
from courses.editions.models import CourseState
from courses.models import CataloguePage, CourseMedia, CoursePage, LessonPage, ModulePage
from learners.progress.models import BlockProgress
from tests.factories.pages import make_block, make_course, make_lesson, make_module
from tests.journeys.conftest import OpenPage

pytestmark = pytest.mark.journey

FILM = COURSES / "consultative-selling" / "media" / "open-the-call.mp4"
NAME, EMAIL = "Ingrid Åsgård", "ingrid@example.com"
EXPLANATION = "Silence is what makes people go on."
# The film lasts 42 seconds; at double speed and with nine tenths of it needed, this is ample.
FILM_PATIENCE_MS = 60_000


@dataclass
class Course:
    """A published course with one lesson, a film, as it stands before the editor comes."""

    page: CoursePage
    module: ModulePage
    film: LessonPage

    @property
    def edition_number(self) -> int:
        return CourseState.objects.get(course_key=self.page.translation_key).edition.number

    @property
    def path(self) -> str:
        return f"/courses/{self.page.slug}/"


@pytest.fixture
def course(site: str) -> Course:
    with FILM.open("rb") as film:
        media = CourseMedia.objects.create(title="The film", type="video", file=File(film, FILM.name), duration=41.7)
    page = make_course(CataloguePage.objects.get(), "Listening on the phone", passing_percentage=60)
    module = make_module(page, "Begin")
    video = make_block("video", {"title": "The film", "media": media.pk, "url": "", "captions": [], "transcript": ""})
    lesson = make_lesson(module, "See how it is done", [video])
    lesson.save_revision().publish()
    return Course(page, module, lesson)


def test_from_the_first_draft_to_a_verified_certificate(course: Course, open_page: OpenPage) -> None:
    assert course.edition_number == 1

    editor = open_page()
    log_in(editor, "editor@example.com", at="/admin/")
    write_lesson(editor, course)
    submit_for_review(editor)
    assert (LessonPage.objects.get(title="Check yourself").live, course.edition_number) == (False, 1)

    reviewer = open_page()
    log_in(reviewer, "reviewer@example.com", at="/admin/")
    approve(reviewer)
    assert (LessonPage.objects.get(title="Check yourself").live, course.edition_number) == (True, 2)

    learner = open_page(accept_downloads=True)
    sign_up(learner, course)
    enrol(learner)
    watch_film(learner, course)
    learner.get_by_role("link", name="Next Check yourself").click()
    sit_quiz(learner, answer="I explain the price")
    expect(learner.get_by_role("heading", level=1)).to_have_text("Not passed this time")
    learner.get_by_role("link", name="Back to the lesson").click()
    sit_quiz(learner, answer="I wait")
    expect(learner.get_by_role("heading", level=1)).to_have_text("Passed. Well done!")
    expect(learner.get_by_text(EXPLANATION)).to_be_visible()
    finish_lesson(learner)

    number = download_certificate(learner)
    verify(open_page(), number)


# --- Editor and reviewer --------------------------------------------------------------------------------------------


def log_in(page: Page, email: str, *, at: str) -> None:
    """By the site's one door, which leads back to where one was going."""
    page.goto(at)
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile(f"{at}$"))


def write_lesson(page: Page, course: Course) -> None:
    page.goto(f"/admin/pages/{course.module.pk}/")
    page.get_by_role("link", name="Add child page").first.click()
    page.get_by_role("textbox", name="Title*").fill("Check yourself")
    add_block(page, "Text")
    page.locator(".public-DraftEditor-content").click()
    page.keyboard.type("Listening is mostly waiting.")
    add_block(page, "Quiz")
    page.locator("[name=body-1-value-title]").fill("Two minutes")
    add_block(page, "One right answer", inside="body-1-value-questions")
    question = "body-1-value-questions-0-value"
    page.locator(f"[name={question}-prompt]").fill("The customer stops talking. What do you do?")
    page.locator(f"[name={question}-choices-0-value-text]").fill("I explain the price")
    page.locator(f"[name={question}-choices-1-value-text]").fill("I wait")
    # By keyboard: the editor's sticky bar moves under a pointer while the form grows.
    right = page.locator(f"[name={question}-choices-1-value-is_correct]")
    right.press("Space")
    expect(right).to_be_checked()
    page.locator(f"[name={question}-explanation]").fill(EXPLANATION)


def add_block(page: Page, label: str, *, inside: str = "body") -> None:
    """Through the last "+" of that stream, as an editor would."""
    stream = page.locator(f"[data-contentpath]:has(> * [name={inside}-count]), :has(> [name={inside}-count])").last
    stream.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name=label, exact=True).click()


def submit_for_review(page: Page) -> None:
    assert page.locator("[name=action-publish]").count() == 0, "editors cannot publish"
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Course review").click()
    expect(page.locator(".messages")).to_contain_text("submitted for moderation")


def approve(page: Page) -> None:
    page.get_by_role("link", name="Check yourself").first.click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Approve and Publish").click()
    expect(page.locator(".messages")).to_contain_text("has been updated")


# --- Learner --------------------------------------------------------------------------------------------------------


def sign_up(page: Page, course: Course) -> None:
    """From the course, with the address confirmed by the link in the mail, and back to the course."""
    page.goto(course.path)
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Full name").fill(NAME)
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill("a-long-walk-at-dusk")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    (message,) = [message for message in mail.outbox if message.to == [EMAIL]]
    page.goto(re.search(r"http://\S+/confirm-email/\S+", message.body).group())  # type: ignore[union-attr]
    page.get_by_role("button", name="Yes, confirm").click()
    expect(page).to_have_url(re.compile(f"{course.path}$"))


def enrol(page: Page) -> None:
    page.get_by_role("button", name="Enrol now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("See how it is done")


def watch_film(page: Page, course: Course) -> None:
    """At double speed to the end; that the film was watched is decided by the server."""
    page.get_by_role("button", name="2×").click()
    page.locator("video").press("Space")
    expect(page.get_by_text("You have completed this lesson.")).to_be_visible(timeout=FILM_PATIENCE_MS)
    row = BlockProgress.objects.get(enrolment__user__email=EMAIL, block_id=course.film.body.raw_data[0]["id"])
    assert row.state == "completed"
    assert sum(end - start for start, end in row.watched) >= 0.9 * 41.7


def sit_quiz(page: Page, *, answer: str) -> None:
    page.get_by_role("button", name=re.compile("Start the quiz|Try again")).click()
    page.get_by_label(answer).check()
    expect(page.locator("[data-save-status]")).to_have_text(re.compile("^Saved "))
    page.get_by_role("button", name="Hand in").click()


def finish_lesson(page: Page) -> None:
    page.get_by_role("link", name="Back to the lesson").click()
    page.get_by_role("button", name="Mark as complete").click()
    expect(page.get_by_text("You have completed the course.")).to_be_visible()


def download_certificate(page: Page) -> str:
    """The number, after the downloaded PDF was found to be about this learner."""
    page.goto("/learn/")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^PDF")).click()
    pdf = download.value.path().read_bytes()
    assert pdf[:5] == b"%PDF-"
    text = " ".join(leaf.extract_text() for leaf in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    number = page.locator(".certificate-number").inner_text()
    assert [each for each in (NAME, "Listening on the phone", number) if each not in text] == []
    return number


# --- Stranger -------------------------------------------------------------------------------------------------------


def verify(page: Page, number: str) -> None:
    """Anybody can, also with the number typed carelessly."""
    page.goto("/certificates/")
    page.get_by_label("Certificate number").fill(f" {number.lower()} ")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This certificate is valid")
    expect(page.get_by_text(NAME)).to_be_visible()
    expect(page.get_by_role("link", name="Download PDF")).to_have_count(0)
