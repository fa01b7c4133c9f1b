"""Templates of courses and lessons: the shelf they lie on, putting pages there, and making pages from them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.curriculum.access import CurriculumError, open_tree
from courses.curriculum.copying import copy_lesson, request_copy
from courses.curriculum.services import check_addable, clean_title, get_module
from courses.models.catalogue import CataloguePage
from courses.models.copies import TreeCopy
from courses.models.course import CoursePage
from courses.models.lesson import LessonPage
from courses.models.templates import TemplatesPage

TITLE = "Templates"


def ensure_shelf(catalogue: Page) -> tuple[TemplatesPage, bool]:
    """The templates section, made below the catalogue if there is none; and whether it was made."""
    existing = TemplatesPage.objects.first()
    if existing is not None:
        return existing, False
    page = TemplatesPage(title=TITLE, slug="templates", live=False, locale_id=catalogue.locale_id)
    return catalogue.add_child(instance=page), True


def list_templates(model: type[Page]) -> list[dict[str, Any]]:
    """pk, draft_title and summary of the templates of courses or lessons on the shelf, by title. Two queries."""
    shelf = TemplatesPage.objects.first()
    if shelf is None:
        return []
    return list(model.objects.child_of(shelf).order_by("draft_title").values("pk", "draft_title", "summary"))


def may_add_courses(user: Any) -> bool:
    """Whether a new course may be put into the catalogue."""
    catalogue = CataloguePage.objects.first()
    return catalogue is not None and catalogue.permissions_for_user(user).can_add_subpage()


def may_save_as_template(page: Page, user: Any) -> bool:
    """For courses and lessons that are none yet. No query for a page in hand; ``save_as_template`` asks for the shelf,
    too."""
    if not isinstance(page, CoursePage | LessonPage) or page.is_template:
        return False
    return bool(page.permissions_for_user(user).can_copy())


@transaction.atomic
def save_as_template(*, page_id: int, user: Any) -> TreeCopy:
    """A copy of a course or lesson on the shelf; the original stays what it is. A big course is copied in the
    background. Raises ``CurriculumError``."""
    page = Page.objects.get(pk=page_id).specific
    if not isinstance(page, CoursePage | LessonPage) or page.is_template:
        raise CurriculumError("invalid", _("Only courses and lessons can be made templates."))
    catalogue = CataloguePage.objects.first()
    if catalogue is None:
        raise CurriculumError("gone", _("There is no catalogue to keep templates in. Run the set-up."))
    shelf, _is_new = ensure_shelf(catalogue)
    _check_copyable(page, shelf, user)
    return request_copy(page, shelf, title=page.draft_title, user=user)


@transaction.atomic
def add_course_from_template(*, template_id: int, title: str, user: Any) -> TreeCopy:
    """A draft course with everything the template holds. Raises ``CurriculumError``."""
    template = _get_template(CoursePage, template_id)
    shelf = template.get_parent()
    catalogue = shelf.get_parent().specific
    _check_copyable(template, catalogue, user)
    return request_copy(template, catalogue, title=clean_title(title), user=user)


@transaction.atomic
def add_lesson_from_template(
    *, course_id: int, version: str, module_id: int, template_id: int, title: str, user: Any
) -> LessonPage:
    """A draft lesson at the end of a module; without a title it is called what the template is called.

    Raises ``CurriculumError``.
    """
    _course, shape = open_tree(course_id, version)
    module = get_module(module_id, shape)
    template = _get_template(LessonPage, template_id)
    _check_copyable(template, module, user)
    return copy_lesson(template, module, user=user, title=clean_title(title or template.draft_title))


def _get_template(model: Any, template_id: int) -> Any:
    """One that lies on the shelf itself."""
    template = model.objects.filter(pk=template_id, is_template=True).first()
    if template is None or template.get_parent().specific_class is not TemplatesPage:
        raise CurriculumError("gone", _("This template is not there any more. Choose another."))
    return template


def _check_copyable(page: Page, parent: Page, user: Any) -> None:
    if not page.permissions_for_user(user).can_copy():
        raise CurriculumError("forbidden", _("You may not copy “%(title)s”.") % {"title": page.draft_title})
    check_addable(parent, type(page), user)
