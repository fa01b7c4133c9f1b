"""Who may change a course's tree, and whether it still is the tree that they saw."""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.curriculum.ordering import Shape
from courses.curriculum.queries import read_shape
from courses.models.course import CoursePage

Code = Literal["changed", "gone", "forbidden", "locked", "slug_taken", "invalid"]


class CurriculumError(Exception):
    """Nothing was changed; the message says why and what to do."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class CurriculumRights:
    """What somebody may do in a course, for showing the right buttons; every action asks again, for its page."""

    edit: bool
    add: bool
    reorder: bool

    @property
    def view(self) -> bool:
        return self.edit or self.add or self.reorder


def find_rights(course: CoursePage, user: Any) -> CurriculumRights:
    """By Wagtail's permissions on the course, which hold for everything below it."""
    tester = course.permissions_for_user(user)
    return CurriculumRights(tester.can_edit(), tester.can_add_subpage(), tester.can_reorder_children())


def open_tree(course_id: int, version: str) -> tuple[CoursePage, Shape]:
    """The course, held against other changes of its tree until the transaction ends.

    Raises ``CurriculumError`` when the tree is not the one that ``version`` names.
    """
    course = CoursePage.objects.select_for_update(of=("self",)).filter(pk=course_id).first()
    if course is None:
        raise CurriculumError("gone", _("The course was deleted. Go back to the list of courses."))
    shape, current = read_shape(course)
    if current != version:
        raise CurriculumError(
            "changed",
            _("Nothing was done: the course was changed meanwhile, by somebody else or in another window. "
              "Below is how it is now; please look and try again."),
        )  # fmt: skip
    return course, shape


def get_page(page_id: int, shape: Shape) -> Page:
    """A module or lesson of the course, or the course itself, as its own class."""
    page = Page.objects.filter(pk=page_id).first() if page_id == shape.course or shape.find(page_id) else None
    if page is None:
        raise CurriculumError("gone", _("This page is not part of the course any more."))
    return page.specific


def check_unlocked(page: Page, user: Any) -> None:
    """Raises ``CurriculumError`` for a page that an editor, the workflow or the clock has locked for this person."""
    lock = page.get_lock()
    if lock is not None and lock.for_user(user):
        raise CurriculumError(
            "locked",
            _("“%(title)s” is locked: %(reason)s") % {"title": page.draft_title, "reason": _explain_lock(page)},
        )


def _explain_lock(page: Page) -> str:
    if page.locked:
        return _("somebody locked it in the editor. Have it unlocked first.")
    if page.workflow_in_progress:
        return _("it is in review. Wait for the review, or cancel it in the editor.")
    return _("it is scheduled to be published. Take it off the schedule first.")


def check_editable(page: Page, user: Any) -> None:
    if not page.permissions_for_user(user).can_edit():
        raise CurriculumError("forbidden", _("You may not edit “%(title)s”.") % {"title": page.draft_title})
    check_unlocked(page, user)
