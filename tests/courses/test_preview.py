"""Previews: the draft as a trainee would see it, through the code that makes editions, without a key."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.editions.compiler import compile_documents
from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from courses.preview import compile_preview
from learners.accounts.models import User
from tests.factories.pages import (
    PLANTED_SECRET,
    make_block,
    make_course,
    make_lesson,
    make_module,
    make_quiz,
    make_text,
)


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    return make_course(catalogue, "Selling well")


@pytest.fixture
def module(course: CoursePage) -> ModulePage:
    return make_module(course, "Listening")


@pytest.fixture
def admin_client(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser(email="admin@example.com", password="x"))
    return client


def preview(client: Client, page: Any) -> Any:
    return client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))


def test_compile_preview_equals_the_edition_of_the_same_content(course: CoursePage, module: ModulePage) -> None:
    lesson = make_lesson(module, blocks=[make_text("## Why\n\nBecause."), make_quiz()], summary="Short")
    [compiled] = compile_documents(course).lessons
    assert compile_preview(lesson) == json.loads(compiled.document)


def test_lesson_preview_shows_the_draft_not_the_live_page(admin_client: Client, module: ModulePage) -> None:
    lesson = make_lesson(module, "Ask", blocks=[make_text("live words")])
    lesson.body = json.dumps([make_text("draft words")])
    lesson.title = "Ask more"
    lesson.save_revision()
    response = preview(admin_client, lesson)
    assert response.status_code == 200
    assert [view.block["html"] for view in response.context["blocks"]] == ["<p>draft words</p>"]
    assert response.context["lesson"]["title"] == "Ask more"
    assert (response.context["is_preview"], response.context["module"]) == (True, "Listening")


def test_lesson_preview_shows_questions_without_key(admin_client: Client, module: ModulePage) -> None:
    response = preview(admin_client, make_lesson(module, blocks=[make_quiz()]))
    page = response.content.decode()
    assert "Which one is right?" in page
    assert PLANTED_SECRET not in page
    [view] = response.context["blocks"]
    assert (view.quiz.can_open, view.quiz.open_url) == (False, "")
    assert [question["prompt"] for question in view.paper["questions"]] == ["Which one is right?"]


def test_preview_panel_may_frame_the_preview(admin_client: Client, module: ModulePage) -> None:
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[make_lesson(module).pk])
    assert admin_client.get(url).headers["X-Frame-Options"] == "SAMEORIGIN"


def test_lesson_preview_outline_has_live_siblings_and_itself(admin_client: Client, module: ModulePage) -> None:
    make_lesson(module, "First")
    draft = make_lesson(module, "Second", live=False)
    make_lesson(module, "Hidden", live=False)
    make_lesson(module, "Third")
    response = preview(admin_client, draft)
    [row] = response.context["outline_rows"]
    assert [(lesson.title, lesson.is_current, lesson.state) for lesson in row.lessons] == [
        ("First", False, "not_started"),
        ("Second", True, "not_started"),
        ("Third", False, "not_started"),
    ]
    assert (response.context["previous"].title, response.context["next"].title) == ("First", "Third")


def test_lesson_preview_takes_minutes_of_siblings_from_the_edition(
    admin_client: Client, course: CoursePage, module: ModulePage
) -> None:
    make_lesson(module, "First", blocks=[make_text("word " * 1000)])
    lesson = make_lesson(module, "Second", minutes=7)
    edition = compile_course(course.pk)
    assert edition is not None
    known = json.loads(edition.outline)["modules"][0]["lessons"][0]
    [row] = preview(admin_client, lesson).context["outline_rows"]
    assert [(lesson.minutes, lesson.kinds) for lesson in row.lessons] == [
        (known["minutes"], known["kinds"]),
        (7, ["markdown"]),
    ]


def test_lesson_preview_copes_with_an_unfinished_lesson(admin_client: Client, module: ModulePage) -> None:
    blocks = [make_block(kind, {}) for kind in ("image", "video", "audio", "file", "embed", "table", "quiz", "text")]
    assert preview(admin_client, make_lesson(module, blocks=blocks)).status_code == 200


def test_new_lesson_can_be_previewed_before_it_is_saved(admin_client: Client, module: ModulePage) -> None:
    url = reverse("wagtailadmin_pages:preview_on_add", args=["courses", "lessonpage", module.pk])
    data = {
        "title": "New",
        "slug": "new",
        "body-count": "1",
        "requires-count": "0",
        "body-0-type": "markdown",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-id": "",
        "body-0-value-source": "Hello",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }
    assert admin_client.post(url, data).json() == {"is_valid": True, "is_available": True}
    response = admin_client.get(url)
    assert [view.block["html"] for view in response.context["blocks"]] == ["<p>Hello</p>"]
    assert [lesson.title for row in response.context["outline_rows"] for lesson in row.lessons] == ["New"]
    assert not LessonPage.objects.exists()


def test_course_preview_of_a_draft_shows_its_draft_lessons(admin_client: Client, catalogue: CataloguePage) -> None:
    course = make_course(catalogue, "Draft course", live=False)
    make_lesson(make_module(course, "One", live=False), "A", live=False)
    response = preview(admin_client, course)
    assert response.status_code == 200
    assert [[lesson.title for lesson in row.lessons] for row in response.context["outline_rows"]] == [["A"]]
    assert response.context["lesson_count"] == 1


def test_course_preview_of_a_live_course_leaves_drafts_out(admin_client: Client, course: CoursePage) -> None:
    module = make_module(course)
    make_lesson(module, "Live")
    make_lesson(module, "Draft", live=False)
    rows = preview(admin_client, course).context["outline_rows"]
    assert [[lesson.title for lesson in row.lessons] for row in rows] == [["Live"]]


def test_previews_are_for_editors_only(client: Client, module: ModulePage) -> None:
    response = preview(client, make_lesson(module))
    assert response.status_code == 302
