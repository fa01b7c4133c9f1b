"""Publishing, unpublishing, moving and deleting mark the course; the compile happens once, after the commit."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move, published, unpublished

from courses.editions.models import CourseState, ReleasePlan
from courses.editions.services import find_course_at, mark_course, mark_courses, retire_course
from courses.enums import PlanState
from courses.models.bank import BankQuestion
from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage

# How many levels below its course a page of each type stands.
DEPTHS: dict[type[Page], int] = {CoursePage: 0, ModulePage: 1, LessonPage: 2}


def _mark_course_of(page_type: type[Page], path: str, *, by: int | None = None) -> None:
    course_path = path[: len(path) - DEPTHS[page_type] * Page.steplen]
    course_id = find_course_at(course_path)
    if course_id is not None:
        mark_course(course_id, by=by)


@receiver(page_published, dispatch_uid="courses.compile_on_publish")
@receiver(page_unpublished, dispatch_uid="courses.compile_on_unpublish")
def compile_on_publish(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    if sender is CoursePage and ReleasePlan.objects.filter(course=instance, state=PlanState.IN_REVIEW).exists():
        return  # its lessons follow in a moment, and learners get all of it as one edition
    if sender in DEPTHS:
        revision = kwargs.get("revision")
        _mark_course_of(sender, instance.path, by=revision.user_id if revision is not None else None)


@receiver(post_page_move, dispatch_uid="courses.compile_on_move")
def compile_on_move(
    sender: type[Page], instance: Page, parent_page_before: Page, parent_page_after: Page, **kwargs: Any
) -> None:
    page_type = type(instance.specific_deferred)
    if page_type not in DEPTHS:
        return
    _mark_course_of(page_type, instance.path)
    if parent_page_before.pk != parent_page_after.pk and page_type is not CoursePage:
        parent_type = type(parent_page_before.specific_deferred)
        if parent_type in DEPTHS:
            _mark_course_of(parent_type, parent_page_before.path)


@receiver(post_delete, sender=ModulePage, dispatch_uid="courses.compile_on_module_delete")
@receiver(post_delete, sender=LessonPage, dispatch_uid="courses.compile_on_lesson_delete")
def compile_on_delete(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    _mark_course_of(sender, instance.path)


@receiver(post_delete, sender=CoursePage, dispatch_uid="courses.retire_on_delete")
def retire_on_delete(sender: type[Page], instance: CoursePage, **kwargs: Any) -> None:
    retire_course(instance)


@receiver(published, sender=BankQuestion, dispatch_uid="courses.compile_on_bank_publish")
@receiver(unpublished, sender=BankQuestion, dispatch_uid="courses.compile_on_bank_unpublish")
@receiver(post_delete, sender=BankQuestion, dispatch_uid="courses.compile_on_bank_delete")
def compile_on_bank_change(sender: type[BankQuestion], instance: BankQuestion, **kwargs: Any) -> None:
    """Mark every course that draws from the question's category, or from one it was in before it was moved."""
    categories = {instance.category_id}
    if "revision" in kwargs:
        contents = instance.revisions.values_list("content", flat=True)
        categories |= {content["category"] for content in contents}
    drawing = CourseState.objects.exclude(bank_categories=[]).filter(course__live=True)
    mark_courses(
        course_id
        for course_id, drawn in drawing.values_list("course_id", "bank_categories")
        if categories.intersection(drawn)
    )
