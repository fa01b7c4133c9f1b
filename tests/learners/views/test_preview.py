"""The draft behind a preview link on the pages of the site, in an anonymous browser."""

import json
from typing import Any

import pytest
from django.test import Client

from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage
from courses.preview_links import make_link, revoke_links, sign_link
from learners.accounts.models import User
from learners.views.guessing import MISSES_ALLOWED
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course, make_item, make_lesson, make_module, make_quiz, make_text


@pytest.fixture
def editor(db: None) -> User:
    return UserFactory(admin=True)


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    course = make_course(catalogue, "Selling")
    module = make_module(course, "Listening")
    make_lesson(module, "Ask", blocks=[make_text("live words"), make_quiz()])
    make_lesson(module, "New", live=False)
    compile_course(course.pk)
    return course


def show(client: Client, link: Any, **more: str) -> Any:
    return client.get("/preview/", {"token": sign_link(link)} | more)


def test_course_preview_leads_through_its_draft_lessons(client: Client, course: CoursePage, editor: User) -> None:
    link = make_link(page=course, by=editor)
    page = show(client, link)
    assert (page.status_code, page["Cache-Control"], page["X-Robots-Tag"]) == (200, "no-store", "noindex")
    assert page["Referrer-Policy"] == "no-referrer"
    ask, new = page.context["outline_rows"][0].lessons
    assert (ask.title, new.title) == ("Ask", "New")
    lesson = client.get(ask.url)
    assert (lesson.context["lesson"]["title"], lesson.context["next"].url) == ("Ask", new.url)
    assert client.get(new.url).context["previous"].url == ask.url
    assert lesson.context["course"]["path"] == f"/preview/?{page.request['QUERY_STRING']}"
    text = lesson.content.decode()
    assert "Which one is right?" in text
    assert 'method="post"' not in text
    assert "data-heartbeat-url" not in text


def test_lesson_preview_shows_the_latest_draft(client: Client, course: CoursePage, editor: User) -> None:
    lesson = LessonPage.objects.get(title="Ask")
    link = make_link(page=lesson, by=editor)
    lesson.body = json.dumps([make_text("draft words")])
    lesson.save_revision()
    page = show(client, link)
    assert [view.block["html"] for view in page.context["blocks"]] == ["<p>draft words</p>"]


def test_signed_in_people_see_the_same(client: Client, course: CoursePage, editor: User) -> None:
    client.force_login(UserFactory())
    assert show(client, make_link(page=course, by=editor)).context["enrolment"] is None


def test_refusals_are_pages_that_say_what_to_do(client: Client, course: CoursePage, editor: User) -> None:
    link = make_link(page=course, by=editor)
    revoke_links(page=course, by=editor)
    revoked = show(client, link)
    forged = client.get("/preview/?token=preview.x")
    assert [(page.status_code, page["Cache-Control"]) for page in (revoked, forged)] == [
        (404, "no-store"), (403, "no-store"),
    ]  # fmt: skip
    assert "was taken back" in revoked.content.decode()
    assert [client.get("/preview/").status_code, client.post("/preview/").status_code] == [403, 405]


def test_lessons_that_are_not_in_the_course_are_404(client: Client, course: CoursePage, editor: User) -> None:
    link = make_link(page=course, by=editor)
    unknown = "00000000-0000-0000-0000-000000000000"
    assert [show(client, link, lesson=lesson).status_code for lesson in ("nonsense", unknown)] == [404, 404]


def test_drafts_that_do_not_fit_together_are_explained(client: Client, course: CoursePage, editor: User) -> None:
    lesson = LessonPage.objects.get(title="Ask")
    lesson.requires = json.dumps([make_item("lesson", {"page": lesson.pk, "minimum_score": None})])
    lesson.save_revision()
    page = show(client, make_link(page=course, by=editor))
    assert page.status_code == 409
    assert "waits for itself" in page.content.decode()


def test_guessing_is_slowed_down(client: Client, course: CoursePage, editor: User) -> None:
    link = make_link(page=course, by=editor)
    for number in range(MISSES_ALLOWED):
        assert client.get(f"/preview/?token=preview.{number}").status_code == 403
    assert show(client, link).status_code == 429
