"""Workflow signals of courses that are reviewed as a whole."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_cancelled, workflow_rejected

from courses.models.course import CoursePage
from courses.releases.reviewing import approve_review, end_review, open_review


def _course_of(state: WorkflowState) -> CoursePage | None:
    """The course that the workflow is about, if it is about one."""
    page = state.content_object
    return CoursePage.objects.filter(pk=page.pk).first() if isinstance(page, Page) else None


@receiver(task_submitted, dispatch_uid="courses.open_review")
def open_on_submission(sender: Any, instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    course = _course_of(instance.workflow_state)
    if course is not None and course.is_reviewed_as_whole:
        open_review(course, user)


@receiver(workflow_approved, dispatch_uid="courses.approve_review")
def release_on_approval(sender: Any, instance: WorkflowState, **kwargs: Any) -> None:
    course = _course_of(instance)
    if course is not None:
        approve_review(course)


@receiver(workflow_rejected, dispatch_uid="courses.reject_review")
@receiver(workflow_cancelled, dispatch_uid="courses.cancel_review")
def end_on_rejection(sender: Any, instance: WorkflowState, **kwargs: Any) -> None:
    course = _course_of(instance)
    if course is not None:
        end_review(course)
