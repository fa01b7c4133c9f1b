"""The publishing gate on every way to publish: nothing faulty goes live, and the editor learns why."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.registry import action_registry
from wagtail.models import Page, PageLogEntry
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from courses.blocks.quiz import QuizBlock
from courses.models import CataloguePage, LessonPage, ModulePage
from courses.publishing import REFUSED, PublishRefusedError, find_publish_errors, find_publish_problems
from courses.roles import ensure_roles
from learners.accounts.models import User
from tests.factories.pages import make_block, make_course, make_lesson, make_module, make_quiz, make_text

NO_RIGHT_ANSWER = "Question 1: no choice is marked as right."


def make_bad_quiz() -> dict[str, Any]:
    quiz = make_quiz()
    for choice in quiz["value"]["questions"][0]["value"]["choices"]:
        choice["value"]["is_correct"] = False
    quiz["value"]["pass_percent"] = 0
    return quiz


def make_draft(module: ModulePage, blocks: list[dict[str, Any]], title: str = "A draft") -> LessonPage:
    lesson = make_lesson(module, title, blocks=blocks, live=False)
    lesson.save_revision()
    return lesson


@pytest.fixture
def module(catalogue: CataloguePage) -> ModulePage:
    return make_module(make_course(catalogue))


@pytest.fixture
def bad(module: ModulePage) -> LessonPage:
    return make_draft(module, [make_text(), make_bad_quiz()])


@pytest.fixture
def admin_client(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser(email="admin@example.com", password="x"))
    return client


@pytest.fixture
def reviewer_client(client: Client, catalogue: CataloguePage) -> Client:
    ensure_roles(catalogue)
    user = User.objects.create_user(email="reviewer@example.com", password="x")
    user.groups.add(Group.objects.get(name="Reviewers"))
    client.force_login(user)
    return client


def is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


def messages_of(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


# What counts as a problem


def describe(module: ModulePage, *blocks: dict[str, Any]) -> list[tuple[str, str]]:
    lesson = LessonPage(title="Draft", body=json.dumps(list(blocks)))
    return [(problem.level, problem.message) for problem in find_publish_problems(lesson)]


def test_find_publish_problems_names_block_and_question(module: ModulePage) -> None:
    quiz = make_bad_quiz()
    lesson = LessonPage(title="Draft", body=json.dumps([make_text(), quiz]))
    [problem] = find_publish_problems(lesson)
    assert problem.message == f"Block 2 (quiz “Check yourself”): {NO_RIGHT_ANSWER}"
    assert (problem.block_id, problem.level) == (quiz["id"], "error")


def test_find_publish_problems_refuses_unreachable_pass_mark(module: ModulePage) -> None:
    quiz = make_quiz()
    quiz["value"]["pass_percent"] = 120
    assert describe(module, quiz) == [
        ("error", "Block 1 (quiz “Check yourself”): The pass mark is 120 %. It must be between 0 and 100.")
    ]


def test_find_publish_problems_wants_a_source_of_required_videos_only(module: ModulePage) -> None:
    empty = {"title": "Welcome", "media": None, "url": ""}
    message = "Block 1 (video “Welcome”): Choose a video file or give the address of a video."
    assert describe(module, make_block("video", empty)) == [("error", message)]
    assert describe(module, make_block("video", empty, is_required=False)) == [("warning", message)]
    assert describe(module, make_block("video", {**empty, "url": "https://youtu.be/O4dd172mZhs"})) == []


def test_find_publish_problems_wants_words_for_chosen_images(module: ModulePage) -> None:
    chosen = {"image": 1, "alt": " ", "is_decorative": False}
    assert describe(module, make_block("image", chosen)) == [
        ("error", "Block 1 (image): Describe the image in words, or mark it as decorative.")
    ]
    assert describe(module, make_block("image", {**chosen, "alt": "A map"})) == []
    assert describe(module, make_block("image", {**chosen, "is_decorative": True})) == []


def test_find_publish_problems_only_warns_of_images_missing_in_an_import(module: ModulePage) -> None:
    missing = make_block("image", {"image": None, "alt": "", "file_name": "images/map.png"})
    assert describe(module, missing) == [("warning", "Block 1 (image): The imported file “images/map.png” is missing.")]


def test_find_publish_errors_is_empty_for_pages_without_blocks(module: ModulePage) -> None:
    assert find_publish_errors(module) == []


# Ways to publish


def test_revision_publish_is_refused(bad: LessonPage) -> None:
    with pytest.raises(PublishRefusedError) as refused:
        bad.get_latest_revision().publish()
    assert [problem.message for problem in refused.value.problems] == [
        f"Block 2 (quiz “Check yourself”): {NO_RIGHT_ANSWER}"
    ]
    assert not is_live(bad)


def test_revision_publish_judges_the_revision_not_the_live_page(module: ModulePage) -> None:
    lesson = make_lesson(module)
    lesson.body = json.dumps([make_bad_quiz()])
    revision = lesson.save_revision()
    with pytest.raises(PublishRefusedError):
        revision.publish()
    live = LessonPage.objects.get(pk=lesson.pk)
    assert [item["type"] for item in live.body.raw_data] == ["markdown"]


def test_revision_publish_lets_warnings_pass(module: ModulePage) -> None:
    lesson = make_draft(module, [make_block("image", {"image": None, "alt": "", "file_name": "a.png"})])
    lesson.get_latest_revision().publish()
    assert is_live(lesson)


def test_scheduling_is_refused_at_once(bad: LessonPage) -> None:
    bad.go_live_at = timezone.now() + timedelta(days=1)
    revision = bad.save_revision()
    with pytest.raises(PublishRefusedError):
        revision.publish()
    assert not Page.objects.get(pk=bad.pk).approved_schedule


def test_publish_scheduled_publishes_the_others_and_logs_the_refusal(module: ModulePage, bad: LessonPage) -> None:
    good = make_draft(module, [make_text()], "Good")
    past = timezone.now() - timedelta(minutes=1)
    for page in (bad, good):
        page.save_revision(approved_go_live_at=past)
    call_command("publish_scheduled", verbosity=0)
    assert (is_live(bad), is_live(good)) == (False, True)
    assert not Page.objects.get(pk=bad.pk).approved_schedule
    assert PageLogEntry.objects.get(page=bad.pk, action=REFUSED).data == {
        "problems": [f"Block 2 (quiz “Check yourself”): {NO_RIGHT_ANSWER}"]
    }


def test_registered_publish_action_is_gated(bad: LessonPage) -> None:
    action = action_registry.get_action_class(Page, "publish")
    with pytest.raises(PublishRefusedError):
        action(bad.get_latest_revision()).execute()


def form_data(is_correct: bool, **extra: str) -> dict[str, str]:
    choices = [
        ("choice", {"text": text, "is_correct": "on" if is_correct and not place else "", "feedback": ""})
        for place, text in enumerate(["This", "That"])
    ]
    question = {"prompt": "Which?", "points": "1", "choices": streamfield(choices), "explanation": ""}
    quiz = {
        "title": "Check",
        "introduction": "",
        "questions": streamfield([("single", question)]),
        "pass_percent": "0",
        "attempts_allowed": "",
        "is_required": "on",
        "time_limit": "",
    }
    text = {"text": rich_text("<p>Hello</p>"), "is_required": "on", "time_limit": ""}
    data = {
        "title": "From the form",
        "slug": "from-the-form",
        "summary": "",
        "minutes": "",
        "body": streamfield([("text", text), ("quiz", quiz)]),
        "requires": streamfield([]),
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }
    return nested_form_data(data) | extra


def test_edit_view_shows_the_error_at_the_question_and_publishes_nothing(
    admin_client: Client, module: ModulePage
) -> None:
    lesson = make_draft(module, [make_text()])
    url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    response = admin_client.post(url, form_data(False, **{"action-publish": "1"}))
    assert response.status_code == 200
    block_error = response.context["form"].errors.as_data()["body"][0]
    quiz_error = block_error.block_errors[1]
    question_error = quiz_error.block_errors["questions"].block_errors[0]
    assert question_error.messages == [NO_RIGHT_ANSWER]
    assert not is_live(lesson)


def test_edit_view_saves_faulty_drafts(admin_client: Client, module: ModulePage) -> None:
    lesson = make_draft(module, [make_text()])
    response = admin_client.post(reverse("wagtailadmin_pages:edit", args=[lesson.pk]), form_data(False))
    assert response.status_code == 302
    draft = LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()
    assert [item["type"] for item in draft.body.raw_data] == ["text", "quiz"]


def test_edit_view_publishes_what_is_right(admin_client: Client, module: ModulePage) -> None:
    lesson = make_draft(module, [make_text()])
    url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    response = admin_client.post(url, form_data(True, **{"action-publish": "1"}))
    assert response.status_code == 302
    assert is_live(lesson)


def test_edit_view_refuses_to_submit_for_review(admin_client: Client, module: ModulePage) -> None:
    ensure_roles(CataloguePage.objects.get())
    lesson = make_draft(module, [make_text()])
    url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    response = admin_client.post(url, form_data(False, **{"action-submit": "1"}))
    assert response.status_code == 200
    assert lesson.current_workflow_state is None


def test_create_view_refuses_to_publish(admin_client: Client, module: ModulePage) -> None:
    url = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", module.pk])
    response = admin_client.post(url, form_data(False, **{"action-publish": "1"}))
    assert response.status_code == 200
    assert not LessonPage.objects.filter(slug="from-the-form").exists()
    response = admin_client.post(url, form_data(True, **{"action-publish": "1"}))
    assert response.status_code == 302
    assert LessonPage.objects.get(slug="from-the-form").live


def test_before_publish_hook_catches_what_the_form_let_through(
    admin_client: Client, module: ModulePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wagtail keeps "this is only a draft" on blocks that all threads share, so a form may be too lenient."""
    lesson = make_draft(module, [make_text()])
    lenient = property(lambda block: True, lambda block, value: None)
    monkeypatch.setattr(QuizBlock, "is_deferred_validation", lenient, raising=False)
    url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    response = admin_client.post(url, form_data(False, **{"action-publish": "1"}), follow=True)
    assert f"Block 2 (quiz “Check”): {NO_RIGHT_ANSWER}" in messages_of(response)
    assert not is_live(lesson)


def test_bulk_publish_explains_and_publishes_nothing(admin_client: Client, module: ModulePage, bad: LessonPage) -> None:
    good = make_draft(module, [make_text()], "Good")
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = admin_client.post(f"{url}?id={good.pk}&id={bad.pk}", {"include_descendants": ""}, follow=True)
    assert response.status_code == 200
    assert NO_RIGHT_ANSWER in messages_of(response)
    assert (is_live(good), is_live(bad)) == (False, False)


def start_review(lesson: LessonPage) -> None:
    """The quality gate has let a sound version pass; what it is now was made of it since."""
    body = json.dumps(list(lesson.body.raw_data))
    lesson.body = json.dumps([make_text()])
    lesson.save_revision()
    lesson.get_workflow().start(lesson, User.objects.create_user(email="editor@example.com", password="x"))
    lesson.body = body
    lesson.save_revision()


def test_workflow_approval_is_refused_with_a_message(reviewer_client: Client, bad: LessonPage) -> None:
    start_review(bad)
    url = reverse("wagtailadmin_pages:workflow_action", args=[bad.pk, "approve", bad.current_workflow_task_state.pk])
    response = reviewer_client.post(url, follow=True)
    assert response.status_code == 200
    assert NO_RIGHT_ANSWER in messages_of(response)
    assert not is_live(bad)
    assert LessonPage.objects.get(pk=bad.pk).current_workflow_state.status == "in_progress"


def test_workflow_approval_in_the_modal_leads_to_the_editor(reviewer_client: Client, bad: LessonPage) -> None:
    start_review(bad)
    url = reverse("wagtailadmin_pages:workflow_action", args=[bad.pk, "approve", bad.current_workflow_task_state.pk])
    response = reviewer_client.post(url, headers={"x-requested-with": "XMLHttpRequest"})
    assert response.json() == {"step": "success", "redirect": reverse("wagtailadmin_pages:edit", args=[bad.pk])}


def test_workflow_approval_in_the_editor_shows_form_errors(reviewer_client: Client, bad: LessonPage) -> None:
    start_review(bad)
    extra = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    response = reviewer_client.post(reverse("wagtailadmin_pages:edit", args=[bad.pk]), form_data(False, **extra))
    assert response.status_code == 200
    assert not is_live(bad)


def test_reviewer_may_send_back_a_faulty_page(reviewer_client: Client, bad: LessonPage) -> None:
    start_review(bad)
    extra = {"action-workflow-action": "true", "workflow-action-name": "reject"}
    response = reviewer_client.post(reverse("wagtailadmin_pages:edit", args=[bad.pk]), form_data(False, **extra))
    assert response.status_code == 302
    assert LessonPage.objects.get(pk=bad.pk).current_workflow_state.status == "needs_changes"


def test_workflow_approval_publishes_what_is_right(reviewer_client: Client, module: ModulePage) -> None:
    lesson = make_draft(module, [make_text(), make_quiz()])
    start_review(lesson)
    task_state = lesson.current_workflow_task_state
    reviewer_client.post(reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, "approve", task_state.pk]))
    assert is_live(lesson)
