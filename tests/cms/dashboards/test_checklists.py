"""The checklist beside the form, what the gate tells the editor, and whom the list is for."""

import json

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.models import CataloguePage, CoursePage, LessonPage
from courses.roles import EDITORS, ensure_roles
from tests.factories.learners import UserFactory, make_editor
from tests.factories.pages import make_block, make_course, make_lesson, make_module

FILM = make_block("video", {"title": "Call", "url": "https://cdn.example.com/a.mp4"})
WANTS_CAPTIONS = "Add captions (a WebVTT file) or a transcript"


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    ensure_roles(catalogue)
    course = make_course(catalogue, "Asking", summary="How.")
    make_lesson(make_module(course), "Calling", blocks=[FILM], live=False).save_revision()
    return course


@pytest.fixture
def editor(client: Client, course: CoursePage) -> Client:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(user)
    return client


def edit(page: CoursePage | LessonPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def checklist(page: CoursePage | LessonPage, query: str = "") -> str:
    return reverse("checklist", args=[page.pk]) + query


def test_the_editor_of_a_lesson_lists_what_to_mend_and_leads_to_the_block(editor: Client, course: CoursePage) -> None:
    page = editor.get(edit(LessonPage.objects.get())).content.decode()
    assert 'data-side-panel-toggle="checklist"' in page
    assert WANTS_CAPTIONS in page
    assert f'href="#block-{FILM["id"]}-section"' in page


def test_the_editor_of_a_course_lists_its_own_and_offers_the_rest(editor: Client, course: CoursePage) -> None:
    page = editor.get(edit(course)).content.decode()
    assert "Choose a cover" in page
    assert WANTS_CAPTIONS not in page
    assert "Check everything below as well" in page


def test_the_list_on_demand_has_the_latest_draft_and_what_stands_below(editor: Client, course: CoursePage) -> None:
    lesson = LessonPage.objects.get()
    whole = editor.get(checklist(course, "?below=1")).content.decode()
    assert "Choose a cover" in whole
    assert f'href="{edit(lesson)}#block-{FILM["id"]}-section"' in whole
    lesson.body = json.dumps([make_block("markdown", {"source": "Words."})])
    lesson.save_revision()
    assert "Nothing to mend." in editor.get(checklist(lesson)).content.decode()
    assert WANTS_CAPTIONS not in editor.get(checklist(course)).content.decode()


def test_the_list_is_for_those_who_may_edit_the_page(client: Client, course: CoursePage) -> None:
    assert client.get(checklist(course)).status_code == 302
    client.force_login(make_editor())
    Group.objects.get(name=EDITORS).page_permissions.all().delete()
    assert client.get(checklist(course)).status_code == 302
    client.force_login(UserFactory(admin=True))
    assert client.get(checklist(course)).status_code == 200
    assert client.get(checklist(course.get_parent())).status_code == 302
    assert client.get(reverse("checklist", args=[99_999])).status_code == 404
    assert client.post(checklist(course)).status_code == 405


def submit(client: Client, lesson: LessonPage, transcript: str) -> str:
    """As the form sends it; the page that follows."""
    block = {"title": "Call", "url": "https://cdn.example.com/a.mp4", "captions": streamfield([]), "is_required": "on"}
    block |= {"transcript": transcript, "required_percent": "90"}
    data = {
        "title": lesson.title,
        "slug": lesson.slug,
        "body": streamfield([("video", block)]),
        "requires": streamfield([]),
        "action-submit": "Submit",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    return client.post(edit(lesson), nested_form_data(data), follow=True).content.decode()


PARAGRAPH = {"key": "a", "text": "Hello.", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
EMPTY, SPOKEN = (json.dumps({"blocks": blocks, "entityMap": {}}) for blocks in ([], [PARAGRAPH]))


def test_submitting_what_is_unfit_tells_the_editor_instead_of_success(editor: Client, course: CoursePage) -> None:
    lesson = LessonPage.objects.get()
    page = submit(editor, lesson, EMPTY)
    assert "“Calling” was not passed on to the reviewers. The draft is kept." in page
    assert WANTS_CAPTIONS in page
    assert "has been submitted for moderation" not in page
    assert lesson.current_workflow_state.status == "needs_changes"
    page = submit(editor, LessonPage.objects.get(), SPOKEN)
    assert "has been submitted for moderation" in page
    assert lesson.current_workflow_task.name == "Course review"
