"""Publishing through Wagtail's authoring API: the gate stands there, too."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page

from courses.models import CataloguePage, LessonPage
from courses.roles import ensure_roles
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course, make_lesson, make_module, make_quiz, make_text


@pytest.fixture
def reviewer_client(client: Client, catalogue: CataloguePage) -> Client:
    ensure_roles(catalogue)
    reviewer = UserFactory()
    reviewer.groups.add(Group.objects.get(name="Reviewers"))
    client.force_login(reviewer)
    return client


def make_draft(catalogue: CataloguePage, *, has_answer: bool) -> LessonPage:
    quiz = make_quiz()
    for choice in quiz["value"]["questions"][0]["value"]["choices"]:
        choice["value"]["is_correct"] = choice["value"]["is_correct"] and has_answer
    lesson = make_lesson(make_module(make_course(catalogue)), "A draft", blocks=[make_text(), quiz], live=False)
    lesson.save_revision()
    return lesson


def publish(client: Client, page: Page) -> tuple[int, bool]:
    response = client.post(f"/admin/api/main/pages/{page.pk}/action/publish/", {}, content_type="application/json")
    return response.status_code, Page.objects.get(pk=page.pk).live


def test_admin_api_publishes_nothing_faulty(reviewer_client: Client, catalogue: CataloguePage) -> None:
    assert publish(reviewer_client, make_draft(catalogue, has_answer=False)) == (400, False)


def test_admin_api_publishes_what_is_right(reviewer_client: Client, catalogue: CataloguePage) -> None:
    assert publish(reviewer_client, make_draft(catalogue, has_answer=True)) == (200, True)
