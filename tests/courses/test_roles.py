"""Editors and reviewers: what each may do below the catalogue, and the review between them."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Workflow, WorkflowPage, WorkflowTask
from wagtail.permissions import policy_registry

from courses.models import (
    CataloguePage,
    Category,
    CourseDocument,
    CourseImage,
    CourseMedia,
    LessonPage,
    QualityGateTask,
)
from courses.roles import EDITORS, REVIEWERS, ensure_roles
from learners.accounts.models import User
from tests.factories.pages import make_course, make_lesson, make_module


@pytest.fixture
def lesson(catalogue: CataloguePage) -> LessonPage:
    ensure_roles(catalogue)
    return make_lesson(make_module(make_course(catalogue)))


def make_member(group: str) -> User:
    user = User.objects.create_user(email=f"{group}@example.com".lower(), password="x")
    user.groups.add(Group.objects.get(name=group))
    return user


def test_editors_write_and_submit_but_do_not_publish(lesson: LessonPage) -> None:
    can = lesson.permissions_for_user(make_member(EDITORS))
    assert (can.can_edit(), can.can_submit_for_moderation()) == (True, True)
    assert (can.can_publish(), can.can_unpublish(), can.can_lock(), can.can_reorder_children()) == (
        False,
        False,
        False,
        False,
    )


def test_reviewers_publish_lock_and_reorder(lesson: LessonPage) -> None:
    user = make_member(REVIEWERS)
    can = lesson.permissions_for_user(user)
    assert (can.can_edit(), can.can_publish(), can.can_lock()) == (True, True, True)
    assert lesson.get_parent().permissions_for_user(user).can_reorder_children()


@pytest.mark.parametrize(("group", "may_publish"), [(EDITORS, False), (REVIEWERS, True)])
def test_roles_write_for_the_question_bank_and_reviewers_publish(
    lesson: LessonPage, group: str, may_publish: bool
) -> None:
    user = make_member(group)
    allowed = [user.has_perm(f"courses.{action}_bankquestion") for action in ("add", "change", "delete", "publish")]
    assert allowed == [True, True, False, may_publish]
    assert user.has_perm("courses.add_questioncategory") is True


@pytest.mark.parametrize("group", [EDITORS, REVIEWERS])
def test_roles_enter_the_admin_and_handle_files_and_snippets(lesson: LessonPage, group: str) -> None:
    user = make_member(group)
    assert user.has_perm("wagtailadmin.access_admin")
    for model in (CourseImage, CourseDocument, CourseMedia, Category):
        assert policy_registry.get_by_type(model).user_has_permission(user, "add")
    for model in (CourseImage, CourseDocument):
        assert policy_registry.get_by_type(model).user_has_permission(user, "choose")
    assert not user.has_perm("accounts.change_user")


@pytest.mark.parametrize("group", [EDITORS, REVIEWERS])
def test_roles_have_no_say_above_the_catalogue(lesson: LessonPage, group: str) -> None:
    home = CataloguePage.objects.get().get_parent().specific
    assert not home.permissions_for_user(make_member(group)).can_edit()


def test_ensure_roles_takes_back_rights_on_the_whole_tree(catalogue: CataloguePage) -> None:
    root = Page.objects.get(depth=1)
    editors = Group.objects.create(name=EDITORS)
    ensure_roles(catalogue)
    publish = GroupPagePermission.objects.filter(permission__codename="publish_page").first().permission
    GroupPagePermission.objects.create(group=editors, page=root, permission=publish)
    ensure_roles(catalogue)
    granted = GroupPagePermission.objects.filter(group=editors).values_list("page_id", "permission__codename")
    assert sorted(granted) == [(catalogue.pk, "add_page"), (catalogue.pk, "change_page")]


def test_ensure_roles_changes_nothing_the_second_time(catalogue: CataloguePage) -> None:
    def count() -> list[int]:
        models = [Group, GroupPagePermission, Workflow, WorkflowTask, GroupApprovalTask, WorkflowPage]
        return [model.objects.count() for model in models]

    ensure_roles(catalogue)
    before = count()
    ensure_roles(catalogue)
    assert count() == before


def test_ensure_roles_puts_the_review_on_the_catalogue(lesson: LessonPage) -> None:
    workflow = lesson.get_workflow()
    assert workflow.name == "Course review"
    gate, review = [task.specific for task in workflow.tasks.all()]
    assert isinstance(gate, QualityGateTask)
    assert [group.name for group in review.groups.all()] == [REVIEWERS]


def test_ensure_roles_puts_the_gate_in_front_of_the_tasks_of_an_existing_installation(catalogue: CataloguePage) -> None:
    ensure_roles(catalogue)
    workflow = Workflow.objects.get(name="Course review")
    gate = QualityGateTask.objects.get()
    legal = GroupApprovalTask.objects.create(name="Legal")
    WorkflowTask.objects.create(workflow=workflow, task=legal, sort_order=2)
    WorkflowTask.objects.get(task=gate).delete()
    gate.delete()
    ensure_roles(catalogue)
    assert [task.name for task in workflow.tasks] == ["Quality gate", "Course review", "Legal"]


def test_ensure_roles_leaves_a_gate_where_it_was_put(catalogue: CataloguePage) -> None:
    ensure_roles(catalogue)
    WorkflowTask.objects.filter(task__name="Quality gate").update(sort_order=9)
    ensure_roles(catalogue)
    assert [task.name for task in Workflow.objects.get(name="Course review").tasks] == ["Course review", "Quality gate"]


def test_ensure_roles_retires_the_stock_moderation(catalogue: CataloguePage) -> None:
    moderators = Group.objects.create(name="Moderators")
    stock = Workflow.objects.create(name="Moderators approval", active=True)
    task = GroupApprovalTask.objects.create(name="Moderators approval", active=True)
    task.groups.add(moderators)
    WorkflowTask.objects.create(workflow=stock, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=stock, page=Page.objects.get(depth=1))
    ensure_roles(catalogue)
    assert not Workflow.objects.get(name="Moderators approval").active
    assert list(WorkflowPage.objects.values_list("page_id", "workflow__name")) == [(catalogue.pk, "Course review")]
    assert not Group.objects.filter(name="Moderators").exists()


def test_ensure_roles_keeps_moderators_that_somebody_uses(catalogue: CataloguePage) -> None:
    moderators = Group.objects.create(name="Moderators")
    User.objects.create_user(email="old@example.com", password="x").groups.add(moderators)
    ensure_roles(catalogue)
    assert Group.objects.filter(name="Moderators").exists()
