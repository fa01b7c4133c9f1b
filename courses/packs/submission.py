"""Submits what a pack changed to review: each page to the workflow that holds for it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from wagtail.models import Page, WorkflowState

from courses.packs.errors import PackError


def find_requester(email: str) -> Any:
    """The person with this address. Raises PackError if there is none who may log in."""
    found = get_user_model()._default_manager.filter(email__iexact=email.strip(), is_active=True).first()
    if found is None:
        raise PackError(f"there is no active account with the address {email}: name one that may edit the course.")
    return found


def check_requester(user: Any, course: Page | None, catalogue: Page) -> None:
    """Raises PackError unless this person could have made the changes in the editor."""
    if user is None:
        raise PackError("a review needs somebody who asks for it: name the person.")
    may = (
        course.permissions_for_user(user).can_edit()
        if course
        else catalogue.permissions_for_user(user).can_add_subpage()
    )
    if not may:
        what = f"edit “{course.title}”" if course else "add courses"
        raise PackError(f"{user} may not {what}: name somebody who may.")


def submit_pages(pages: Iterable[Page], course: Page, user: Any) -> int:
    """Start the review of each page, or resume it where changes were asked for; how many that were.

    A page in review already stays there: its newest draft is what gets approved. A page without a workflow is
    reviewed with its course. Raises PackError where there is no workflow at all.
    """
    submitted, course_is_asked = 0, False
    for page in pages:
        workflow = page.get_workflow()
        if workflow is None and page.pk != course.pk:
            course_is_asked = True
        else:
            submitted += _submit(page, user)
    return submitted + (_submit(course, user) if course_is_asked else 0)


def _submit(page: Page, user: Any) -> int:
    workflow = page.get_workflow()
    if workflow is None:
        raise PackError(f"no workflow holds for “{page.title}”: assign one, or apply with --publish.")
    state = page.current_workflow_state
    if state is None:
        workflow.start(page, user)
    elif state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
    else:
        return 0
    return 1
