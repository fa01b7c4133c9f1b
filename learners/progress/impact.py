"""Whom a change of content would touch: people in the middle of what a page holds."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count
from wagtail.models import Page

from courses.languages import is_multilingual
from courses.models import CoursePage, LessonPage
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState


def count_learners_by_course(course_keys: Iterable[UUID]) -> dict[UUID, int]:
    """People with an unfinished enrolment, for the courses that have any. One query."""
    unfinished = Enrolment.objects.exclude(state=ProgressState.COMPLETED).filter(course_key__in=list(course_keys))
    rows = unfinished.order_by().values_list("course_key").annotate(people=Count("user_id", distinct=True))
    return dict(rows)


def count_learners_on(page: Page) -> int:
    """People with an unfinished enrolment on the course, or on any course below the page; for a module or lesson,
    those of them who have opened a lesson of it. At most three queries."""
    unfinished = Enrolment.objects.exclude(state=ProgressState.COMPLETED)
    if is_multilingual():
        unfinished = unfinished.filter(edition__language=page.locale.language_code)
    courses = CoursePage.objects.descendant_of(page, inclusive=True).values_list("translation_key", flat=True)
    course_keys = list(courses)
    if course_keys:
        return unfinished.filter(course_key__in=course_keys).values("user_id").distinct().count()
    lessons = LessonPage.objects.descendant_of(page, inclusive=True).values_list("translation_key", flat=True)
    lesson_keys = list(lessons)
    if not lesson_keys:
        return 0
    course = CoursePage.objects.ancestor_of(page).values_list("translation_key", flat=True).first()
    studying = unfinished.filter(course_key=course, blocks__lesson_key__in=lesson_keys)
    return studying.values("user_id").distinct().count()
