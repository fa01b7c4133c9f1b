"""The quality gate in a review: it passes by itself, sends back with a list, and is asked again before publishing."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry, WorkflowState

from courses.models import CataloguePage, CoursePage, LessonPage, QualityGateTask, QualitySettings
from courses.publishing import PublishRefusedError
from courses.quality.findings import Finding
from courses.quality.review import SHOWN, write_list
from courses.roles import EDITORS, REVIEWERS, ensure_roles
from learners.accounts.models import User
from tests.factories.learners import UserFactory
from tests.factories.pages import make_block, make_course, make_lesson, make_module, make_quiz, make_text

FILM = {"title": "Call", "url": "https://cdn.example.com/a.mp4"}
WANTS_CAPTIONS = "Block 1 (video “Call”): Add captions (a WebVTT file) or a transcript, for those who cannot hear it."


@pytest.fixture
def lesson(catalogue: CataloguePage) -> LessonPage:
    ensure_roles(catalogue)
    lesson = make_lesson(make_module(make_course(catalogue)), "Calling", blocks=[make_block("video", FILM)], live=False)
    lesson.save_revision()
    return lesson


def make_member(group: str) -> User:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    return user


def put(lesson: LessonPage, *blocks: dict[str, Any]) -> LessonPage:
    lesson.body = json.dumps(list(blocks))
    lesson.save_revision()
    return lesson


def submit(lesson: LessonPage) -> WorkflowState:
    return lesson.get_workflow().start(lesson, make_member(EDITORS))


def tasks(state: WorkflowState) -> list[tuple[str, str]]:
    return list(state.task_states.order_by("pk").values_list("task__name", "status"))


def test_a_sound_page_goes_straight_to_the_reviewers(lesson: LessonPage) -> None:
    state = submit(put(lesson, make_text()))
    assert tasks(state) == [("Quality gate", "approved"), ("Course review", "in_progress")]
    assert (state.status, state.current_task_state.task.name) == ("in_progress", "Course review")
    assert state.task_states.first().comment == "Passed: nothing to mend."


def test_a_page_with_errors_is_sent_back_with_the_list(lesson: LessonPage) -> None:
    state = submit(lesson)
    assert tasks(state) == [("Quality gate", "rejected")]
    assert (state.status, lesson.current_workflow_task_state) == ("needs_changes", None)
    comment = f"Mend this and submit again:\n• {WANTS_CAPTIONS}"
    assert state.current_task_state.comment == comment
    entry = PageLogEntry.objects.get(action="wagtail.workflow.reject")
    assert (entry.data["comment"], entry.user) == (comment, None)


def test_a_course_reviewed_as_a_whole_is_checked_with_its_lessons(lesson: LessonPage) -> None:
    course = CoursePage.objects.get()
    course.summary, course.is_reviewed_as_whole = "How to call.", True
    course.save()
    course.save_revision()
    state = course.get_workflow().start(course, make_member(EDITORS))
    assert tasks(state) == [("Quality gate", "rejected")]
    assert WANTS_CAPTIONS in state.current_task_state.comment
    put(lesson, make_text())
    state.resume(user=make_member(EDITORS))
    assert tasks(state)[-1] == ("Course review", "in_progress")
    put(lesson, make_block("video", FILM))
    with pytest.raises(PublishRefusedError):
        state.current_task_state.specific.approve(user=make_member(REVIEWERS))


def test_warnings_pass_and_go_along_to_the_reviewer(lesson: LessonPage) -> None:
    state = submit(put(lesson, make_block("embed", {"url": "https://example.com/"})))
    assert tasks(state)[0] == ("Quality gate", "approved")
    assert state.task_states.first().comment == (
        "Passed with a warning:\n• Block 1 (embed or link): Give it a title: the bare address says nothing to a screen "
        "reader."
    )


def test_what_was_mended_passes_when_it_is_submitted_again(lesson: LessonPage) -> None:
    state = submit(lesson)
    put(lesson, make_block("video", {**FILM, "transcript": "<p>Hello.</p>"}))
    WorkflowState.objects.get(pk=state.pk).resume(user=None)
    assert tasks(state)[-2:] == [("Quality gate", "approved"), ("Course review", "in_progress")]


def test_what_is_still_wrong_is_sent_back_again(lesson: LessonPage) -> None:
    state = submit(lesson)
    state.resume(user=None)
    assert (state.status, tasks(state)) == ("needs_changes", [("Quality gate", "rejected")] * 2)


def test_checks_that_are_switched_off_let_it_pass(lesson: LessonPage) -> None:
    settings = QualitySettings.load()
    settings.captions = "off"
    settings.save()
    assert tasks(submit(lesson))[0] == ("Quality gate", "approved")


def test_an_approval_publishes_nothing_that_became_unfit_since(lesson: LessonPage) -> None:
    state = submit(put(lesson, make_text()))
    put(lesson, make_block("video", FILM))
    with pytest.raises(PublishRefusedError) as refused:
        LessonPage.objects.get().current_workflow_task_state.approve(user=make_member(REVIEWERS))
    assert [problem.message for problem in refused.value.problems] == [WANTS_CAPTIONS]
    state.refresh_from_db()
    assert (state.status, LessonPage.objects.get().live) == ("in_progress", False)


def test_a_workflow_without_a_gate_asks_nothing(lesson: LessonPage) -> None:
    QualityGateTask.objects.get().deactivate()
    state = submit(lesson)
    state.current_task_state.specific.approve(user=make_member(REVIEWERS))
    assert LessonPage.objects.get().live


def test_an_approval_publishes_what_is_fit(lesson: LessonPage) -> None:
    state = submit(put(lesson, make_text(), make_quiz()))
    state.current_task_state.specific.approve(user=make_member(REVIEWERS))
    assert LessonPage.objects.get().live


def test_long_lists_are_cut_with_a_word_on_the_rest() -> None:
    findings = [Finding("captions", "error", f"Mend {number}.", 1, "A") for number in range(SHOWN + 2)]
    lines = write_list("All of these:", findings).splitlines()
    assert (len(lines), lines[0], lines[1]) == (SHOWN + 2, "All of these:", "• Mend 0.")
    assert lines[-1] == "… and 2 more: see the checklist beside the form."


def test_the_task_can_be_chosen_in_the_admin(client: Client, lesson: LessonPage) -> None:
    client.force_login(UserFactory(admin=True))
    page = client.get(reverse("wagtailadmin_workflows:select_task_type")).content.decode()
    assert "Checks the page by itself" in page
