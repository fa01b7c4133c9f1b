"""Asking for the review of what a pack changed."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.models import Page, WorkflowPage, WorkflowState

from courses.models import CataloguePage, CoursePage, LessonPage
from courses.packs.apply import apply_pack
from courses.packs.errors import PackError
from courses.packs.reader import read_pack
from courses.packs.submission import find_requester
from courses.roles import EDITORS, REVIEWERS, ensure_roles
from tests.courses.packs.builder import lesson, write_pack


@pytest.fixture
def editor(catalogue: CataloguePage) -> Any:
    ensure_roles(catalogue)
    user = get_user_model().objects.create_user(email="editor@example.com", password="x")
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


@pytest.fixture
def reviewer(editor: Any) -> Any:
    user = get_user_model().objects.create_user(email="reviewer@example.com", password="x")
    user.groups.add(Group.objects.get(name=REVIEWERS))
    return user


def _in_review() -> list[str]:
    states = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    return sorted(state.content_object.title for state in states)


def test_drafts_are_submitted_in_somebodys_name(editor: Any, tmp_path: Path) -> None:
    applied = apply_pack(read_pack(write_pack(tmp_path)), user=editor, submit=True)
    assert (applied.submitted, applied.published) == (6, 0)
    assert _in_review() == ["A Course", "Alpha", "Beta", "Gamma", "One", "Two"]
    assert {state.requested_by for state in WorkflowState.objects.all()} == {editor}
    assert not CoursePage.objects.get().live


def test_only_what_waits_is_submitted_and_only_once(editor: Any, reviewer: Any, tmp_path: Path) -> None:
    apply_pack(read_pack(write_pack(tmp_path)), user=reviewer, publish=True)
    (tmp_path / "modules/one/beta.md").write_text(lesson("beta", front="summary: New.\n"))
    assert apply_pack(read_pack(tmp_path), user=editor).submitted == 0
    assert [apply_pack(read_pack(tmp_path), user=editor, submit=True).submitted for _time in range(2)] == [1, 0]
    assert _in_review() == ["Beta"]


def test_what_was_sent_back_is_submitted_again(editor: Any, reviewer: Any, tmp_path: Path) -> None:
    apply_pack(read_pack(write_pack(tmp_path)), user=reviewer, publish=True)
    (tmp_path / "modules/one/beta.md").write_text(lesson("beta", front="summary: New.\n"))
    apply_pack(read_pack(tmp_path), user=editor, submit=True)
    beta = LessonPage.objects.get(slug="beta")
    beta.current_workflow_task.on_action(beta.current_workflow_task_state, reviewer, "reject")
    (tmp_path / "modules/one/beta.md").write_text(lesson("beta", front="summary: Newer.\n"))
    assert apply_pack(read_pack(tmp_path), user=editor, submit=True).submitted == 1
    assert _in_review() == ["Beta"]
    beta = LessonPage.objects.get(slug="beta")
    beta.current_workflow_task.on_action(beta.current_workflow_task_state, reviewer, "approve")
    assert LessonPage.objects.get(slug="beta").summary == "Newer."


def test_pages_without_a_workflow_go_with_their_course(
    editor: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a whole course is reviewed at once."""
    monkeypatch.setattr(LessonPage, "get_workflow", lambda page: None)
    monkeypatch.setattr(Page, "get_workflow", lambda page: CoursePage.get_workflow(page) if page.depth == 4 else None)
    monkeypatch.setattr(CoursePage, "get_workflow", lambda page: WorkflowPage.objects.get().workflow)
    assert apply_pack(read_pack(write_pack(tmp_path)), user=editor, submit=True).submitted == 1
    assert _in_review() == ["A Course"]


def test_nothing_is_done_without_a_workflow(editor: Any, tmp_path: Path) -> None:
    WorkflowPage.objects.all().delete()
    with pytest.raises(PackError) as caught:
        apply_pack(read_pack(write_pack(tmp_path)), user=editor, submit=True)
    assert "no workflow holds for “A Course”" in str(caught.value)
    assert not CoursePage.objects.exists()


def test_only_who_may_edit_can_ask(editor: Any, tmp_path: Path) -> None:
    outsider = get_user_model().objects.create_user(email="outsider@example.com", password="x")
    pack = read_pack(write_pack(tmp_path))
    for user, reason in ((outsider, "may not add courses"), (None, "needs somebody who asks")):
        with pytest.raises(PackError) as caught:
            apply_pack(pack, user=user, submit=True)
        assert reason in str(caught.value)
    apply_pack(pack)
    with pytest.raises(PackError) as caught:
        apply_pack(pack, user=outsider, submit=True)
    assert ("may not edit “A Course”" in str(caught.value), _in_review()) == (True, [])


def test_what_could_not_be_published_is_not_submitted(editor: Any, tmp_path: Path) -> None:
    bad = "```{embed} 0d2b6a0f-7a53-4a57-b1de-0b5f5c8e9d11\nurl:\n```\n"
    folder = write_pack(tmp_path, files={"modules/two/gamma.md": lesson("gamma", bad)})
    with pytest.raises(PackError) as caught:
        apply_pack(read_pack(folder), user=editor, submit=True)
    assert str(caught.value).startswith("this cannot be submitted, so nothing was done:")
    assert not CoursePage.objects.exists()


def test_find_requester_wants_an_active_account(editor: Any) -> None:
    assert find_requester(" Editor@Example.com ") == editor
    editor.is_active = False
    editor.save()
    with pytest.raises(PackError):
        find_requester("editor@example.com")
