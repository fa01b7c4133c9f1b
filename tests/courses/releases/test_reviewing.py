"""Review of a whole course through Wagtail's workflow."""

import json

import pytest
from wagtail.models import Page, Workflow, WorkflowState

from courses.editions.models import Edition, ReleasePlan
from courses.editions.queries import get_lesson_document
from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from courses.releases.running import run_due_plans
from courses.roles import WORKFLOW, ensure_roles
from learners.accounts.models import User
from tests.factories.pages import make_course, make_lesson, make_text


@pytest.fixture
def course(transactional_catalogue: CataloguePage) -> CoursePage:
    ensure_roles(transactional_catalogue)
    course = make_course(transactional_catalogue, modules=1, lessons=2, is_reviewed_as_whole=True)
    compile_course(course.pk)
    return course


@pytest.fixture
def editor(transactional_db: None) -> User:
    return User.objects.create_superuser("editor@example.com")


def edit(course: CoursePage, text: str) -> LessonPage:
    lesson = LessonPage.objects.descendant_of(course).order_by("path").first()
    lesson = lesson.get_latest_revision_as_object()
    lesson.body = json.dumps([make_text(text)])
    lesson.save_revision()
    return lesson


def submit(course: CoursePage, user: User) -> WorkflowState:
    course.summary = "Something new."
    course.save_revision(user=user)
    return Workflow.objects.get(name=WORKFLOW).start(CoursePage.objects.get(pk=course.pk), user)


def approve(state: WorkflowState, user: User) -> None:
    state.refresh_from_db()
    state.current_task_state.specific.approve(user=user)


def current_text() -> str:
    edition = Edition.objects.first()
    key = json.loads(edition.outline)["modules"][0]["lessons"][0]["id"]
    return get_lesson_document(edition.pk, key)["blocks"][0]["html"]


def test_modules_and_lessons_follow_the_workflow_of_their_course(course: CoursePage) -> None:
    lesson, module = LessonPage.objects.first(), ModulePage.objects.get()
    assert (course.get_workflow().name, lesson.get_workflow(), module.get_workflow()) == (WORKFLOW, None, None)
    CoursePage.objects.update(is_reviewed_as_whole=False)
    assert (lesson.get_workflow().name, module.get_workflow().name) == (WORKFLOW, WORKFLOW)


def test_approval_releases_everything_that_was_submitted_as_one_edition(course: CoursePage, editor: User) -> None:
    edit(course, "Submitted.")
    make_lesson(ModulePage.objects.get(), "New", live=False).save_revision()
    state = submit(course, editor)
    edit(course, "Written after the submission.")
    approve(state, editor)
    run_due_plans()
    plan = ReleasePlan.objects.get()
    assert (plan.state, plan.release.edition.number, Edition.objects.count()) == ("done", 2, 2)
    assert "Submitted." in current_text()
    assert [page.title for page in Page.objects.filter(has_unpublished_changes=True)] == ["Lesson 1.1"]
    assert CoursePage.objects.get(pk=course.pk).summary == "Something new."


def test_rejection_ends_the_plan_and_a_new_submission_sees_the_new_drafts(course: CoursePage, editor: User) -> None:
    edit(course, "First try.")
    state = submit(course, editor)
    state.current_task_state.specific.reject(user=editor, comment="Too short.")
    assert [plan.state for plan in ReleasePlan.objects.all()] == ["cancelled"]
    edit(course, "Second try.")
    state.refresh_from_db()
    state.resume(user=editor)
    approve(state, editor)
    run_due_plans()
    assert sorted(plan.state for plan in ReleasePlan.objects.all()) == ["cancelled", "done"]
    assert "Second try." in current_text()


def test_cancelled_review_releases_nothing(course: CoursePage, editor: User) -> None:
    edit(course, "First try.")
    submit(course, editor).cancel(user=editor)
    run_due_plans()
    assert [plan.state for plan in ReleasePlan.objects.all()] == ["cancelled"]
    assert Edition.objects.count() == 1


def test_courses_reviewed_page_by_page_have_no_plan(course: CoursePage, editor: User) -> None:
    CoursePage.objects.update(is_reviewed_as_whole=False)
    submit(CoursePage.objects.get(pk=course.pk), editor)
    assert ReleasePlan.objects.count() == 0
