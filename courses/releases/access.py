"""Who may release a course, and who may see what a release would do."""

from typing import Any

from wagtail.models import Page


def can_release(user: Any, course: Page) -> bool:
    """Releasing puts something before learners, so it takes the right to publish the course page."""
    return bool(user.is_active and course.permissions_for_user(user).can_publish())


def can_see_impact(user: Any, course: Page) -> bool:
    """Whoever may edit the course should know what a release of it would do."""
    return bool(user.is_active and course.permissions_for_user(user).can_edit())
