"""What deleting content would do to records: courses with learners are refused, with the archive offered instead.

Records name content by key and outlive it, so nothing would be lost; but the course would be gone for people who are
on it or were certified, and nobody could restore it. A lesson may go: progress in it stays on record.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import ngettext
from wagtail.models import Page

from courses.languages import is_multilingual
from courses.models import CoursePage, LessonPage, ModulePage
from learners.enrolments.models import Enrolment
from learners.progress.models import BlockProgress


@dataclass(frozen=True)
class DeletionRefusal:
    """Why the page stays, for whoever wanted to delete it. ``course_id`` is a course to archive instead."""

    message: str
    course_id: int | None = None


def find_deletion_refusal(page: Page) -> DeletionRefusal | None:
    """Whether records speak against deleting the page with everything below it. Five queries at most."""
    title = page.get_admin_display_title()
    courses = dict(CoursePage.objects.descendant_of(page, inclusive=True).values_list("translation_key", "pk"))
    if courses:
        rows = _in_language(page).filter(course_key__in=list(courses))
        return _refuse_courses(title, rows, courses, is_course=page.specific_class is CoursePage)
    if page.specific_class is ModulePage and (people := count_people_with_progress(page)):
        text = ngettext(
            "“%(title)s” was not deleted: %(count)s person has progress in it. Unpublish the module instead, "
            "or delete its lessons one by one.",
            "“%(title)s” was not deleted: %(count)s people have progress in it. Unpublish the module instead, "
            "or delete its lessons one by one.",
            people,
        )
        return DeletionRefusal(text % {"title": title, "count": people})
    return None


def _in_language(page: Page) -> "QuerySet[Enrolment]":
    """Who studies in another language loses nothing with this page."""
    rows = Enrolment.objects.all()
    return rows.filter(edition__language=page.locale.language_code) if is_multilingual() else rows


def _refuse_courses(
    title: str, rows: "QuerySet[Enrolment]", courses: dict[object, int], *, is_course: bool
) -> DeletionRefusal | None:
    people = rows.values("user_id").distinct().count()
    if not people:
        return None
    if is_course:
        text = ngettext(
            "“%(title)s” was not deleted: %(count)s person is or was enrolled on it. Archive it instead: it is no "
            "longer offered, and all records stay.",
            "“%(title)s” was not deleted: %(count)s people are or were enrolled on it. Archive it instead: it is no "
            "longer offered, and all records stay.",
            people,
        )
        return DeletionRefusal(text % {"title": title, "count": people}, next(iter(courses.values())))
    text = ngettext(
        "“%(title)s” was not deleted: %(count)s person is or was enrolled on a course below it. "
        "Archive that course instead.",
        "“%(title)s” was not deleted: %(count)s people are or were enrolled on courses below it. "
        "Archive those courses instead.",
        people,
    )
    return DeletionRefusal(text % {"title": title, "count": people})


def count_people_with_progress(page: Page) -> int:
    """People with any record in a lesson of this module, or in this lesson, finished or not. Three queries."""
    keys = list(LessonPage.objects.descendant_of(page, inclusive=True).values_list("translation_key", flat=True))
    course = CoursePage.objects.ancestor_of(page).values_list("translation_key", flat=True).first()
    if not keys or course is None:
        return 0
    rows = BlockProgress.objects.filter(lesson_key__in=keys, enrolment__in=_in_language(page).filter(course_key=course))
    return rows.values("enrolment__user_id").distinct().count()


def describe_kept_records(page: Page) -> str:
    """What an editor should know before a lesson goes; "" where nobody has been in it."""
    if page.specific_class is not LessonPage or not (people := count_people_with_progress(page)):
        return ""
    text = ngettext(
        "%(count)s person has progress in “%(title)s”. Without the lesson nobody can open it any more; "
        "their records and results are kept.",
        "%(count)s people have progress in “%(title)s”. Without the lesson nobody can open it any more; "
        "their records and results are kept.",
        people,
    )
    return text % {"count": people, "title": page.get_admin_display_title()}
