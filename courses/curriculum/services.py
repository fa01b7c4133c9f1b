"""Changes the tree of a course: moves, renames and adds pages through Wagtail's actions, each all or nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page

from courses.curriculum.access import CurriculumError, check_editable, check_unlocked, get_page, open_tree
from courses.curriculum.ordering import Direction, Place, Shape
from courses.curriculum.queries import find_gate_warnings
from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage

MAX_TITLE = 255


@transaction.atomic
def place_page(*, course_id: int, version: str, page_id: int, parent_id: int, index: int, user: Any) -> list[str]:
    """Move a module within the course, or a lesson within and between its modules. It takes effect at once, for
    learners too, as a move in Wagtail does.

    Returns warnings of lessons that now wait for one further down. Raises ``CurriculumError``.
    """
    course, shape = open_tree(course_id, version)
    is_module = page_id in shape.modules
    if (parent_id != shape.course and parent_id not in shape.modules) or is_module != (parent_id == shape.course):
        raise CurriculumError("invalid", _("Modules stand in the course, and lessons in a module."))
    _move(shape, page_id, Place(parent_id, index), user)
    return find_gate_warnings(course)


@transaction.atomic
def step_page(*, course_id: int, version: str, page_id: int, direction: Direction, user: Any) -> list[str]:
    """One place up or down; at the edge of a module a lesson goes over into the next. As ``place_page``."""
    course, shape = open_tree(course_id, version)
    place = shape.step(page_id, direction)
    if place is None:
        raise CurriculumError("invalid", _("It cannot go any further."))
    _move(shape, page_id, place, user)
    return find_gate_warnings(course)


@transaction.atomic
def move_lessons(*, course_id: int, version: str, lesson_ids: Sequence[int], module_id: int, user: Any) -> list[str]:
    """Move lessons to the end of a module, in the order they have. As ``place_page``."""
    course, shape = open_tree(course_id, version)
    if module_id not in shape.modules:
        raise CurriculumError("invalid", _("Choose the module they shall go to."))
    chosen = choose_lessons(shape, lesson_ids)
    for page_id in chosen:
        _move(shape, page_id, Place(module_id, len(shape.modules[module_id])), user)
        shape = Shape(shape.course, _after_move(shape, page_id, module_id))
    return find_gate_warnings(course)


def choose_lessons(shape: Shape, lesson_ids: Sequence[int]) -> list[int]:
    """The chosen lessons in the order of the course. Raises ``CurriculumError`` for none, and for strangers."""
    wanted = set(lesson_ids)
    chosen = [pk for lessons in shape.modules.values() for pk in lessons if pk in wanted]
    if not wanted:
        raise CurriculumError("invalid", _("Tick the lessons first."))
    if len(chosen) != len(wanted):
        raise CurriculumError("gone", _("One of the lessons is not part of the course any more."))
    return chosen


def _after_move(shape: Shape, page_id: int, module_id: int) -> dict[int, list[int]]:
    modules = {module: [pk for pk in lessons if pk != page_id] for module, lessons in shape.modules.items()}
    modules[module_id].append(page_id)
    return modules


def _move(shape: Shape, page_id: int, place: Place, user: Any) -> None:
    page = get_page(page_id, shape)
    check_unlocked(page, user)
    before = shape.find(page_id)
    parent = Page.objects.get(pk=place.parent).specific
    if before is not None and before.parent == place.parent:
        if before.index == place.index:
            return
        if not parent.permissions_for_user(user).can_reorder_children():
            raise CurriculumError("forbidden", _("You may not change the order: it takes effect for learners at once."))
    elif not Page._slug_is_available(page.slug, parent, page):
        raise CurriculumError(
            "slug_taken",
            _("“%(title)s” cannot go there: another page there has the same address, “%(slug)s”. "
              "Change the slug of one of them first.")
            % {"title": page.draft_title, "slug": page.slug},
        )  # fmt: skip
    neighbour, position = shape.find_neighbour(page_id, place)
    try:
        MovePageAction(page, Page.objects.get(pk=neighbour), pos=position, user=user).execute()
    except PermissionDenied:
        message = _("You may not move “%(title)s” there.") % {"title": page.draft_title}
        raise CurriculumError("forbidden", message) from None


@transaction.atomic
def rename_page(*, course_id: int, version: str, page_id: int, title: str, user: Any) -> bool:
    """A new title as a draft; what is published keeps its title until it is published again. The address stays.

    Returns whether anything changed. Raises ``CurriculumError``.
    """
    _course, shape = open_tree(course_id, version)
    page = get_page(page_id, shape)
    check_editable(page, user)
    title = clean_title(title)
    if title == page.draft_title:
        return False
    draft = page.get_latest_revision_as_object()
    draft.title = title
    with explaining():
        draft.save_revision(user=user, log_action=True)
    return True


@transaction.atomic
def add_module(*, course_id: int, version: str, title: str, user: Any) -> Page:
    """An empty draft module at the end. Raises ``CurriculumError``."""
    course, _shape = open_tree(course_id, version)
    return _add(course, ModulePage(title=clean_title(title)), user)


@transaction.atomic
def add_lesson(*, course_id: int, version: str, module_id: int, title: str, user: Any) -> Page:
    """An empty draft lesson at the end of a module. Raises ``CurriculumError``."""
    _course, shape = open_tree(course_id, version)
    return _add(get_module(module_id, shape), LessonPage(title=clean_title(title)), user)


def get_module(module_id: int, shape: Shape) -> ModulePage:
    if module_id not in shape.modules:
        raise CurriculumError("gone", _("This module is not part of the course any more."))
    return ModulePage.objects.get(pk=module_id)


def clean_title(title: str) -> str:
    title = " ".join(title.replace("\0", "").split())
    if not title:
        raise CurriculumError("invalid", _("Give it a title."))
    if len(title) > MAX_TITLE:
        raise CurriculumError("invalid", _("A title has at most %(most)d characters.") % {"most": MAX_TITLE})
    return title


def check_addable(parent: Page, model: type[Page], user: Any) -> None:
    """As Wagtail's own form for a new page: the permission to add, and the rules of what may stand where."""
    if not parent.permissions_for_user(user).can_add_subpage() or not model.can_create_at(parent):
        raise CurriculumError("forbidden", _("You may not add pages to “%(title)s”.") % {"title": parent.draft_title})


def _add(parent: CoursePage | ModulePage, page: Page, user: Any) -> Page:
    check_addable(parent, type(page), user)
    page.live, page.has_unpublished_changes = False, True
    page.owner, page.locale_id, page.draft_title = user, parent.locale_id, page.title
    with explaining():
        parent.add_child(instance=page)
        page.save_revision(user=user, log_action=True)
    return page


@contextmanager
def explaining() -> Iterator[None]:
    """Turns what Wagtail's validation refuses into a ``CurriculumError``."""
    try:
        yield
    except ValidationError as error:
        raise CurriculumError("invalid", " ".join(error.messages)) from None
