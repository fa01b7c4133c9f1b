"""Archiving: a course that is no longer offered, while those who are on it finish and certificates go on verifying.

One flag, because unpublishing a course leaves its lessons public and forgets what was live. ``CourseState`` has the
word, its lock and what learners see; the page carries a copy for listings.
"""

from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log

from courses.editions.models import CourseState
from courses.enums import ARCHIVE, RESTORE
from courses.models.course import CoursePage

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

MAX_NOTE = 500


def archive_course(*, course: CoursePage, by: "AbstractBaseUser | None", note: str = "") -> bool:
    """Take the course out of catalogue, search and API and end new enrolments; whether it was offered before.

    Its edition, address, records and drafts stay as they are. The caller has asked whether ``by`` may. Nobody is
    enrolled once this has committed.
    """
    return _set_archived(course, True, by, note)


def restore_course(*, course: CoursePage, by: "AbstractBaseUser | None", note: str = "") -> bool:
    """Offer an archived course again, with the same edition and address; whether it was archived before."""
    return _set_archived(course, False, by, note)


@transaction.atomic
def _set_archived(course: CoursePage, is_archived: bool, by: "AbstractBaseUser | None", note: str) -> bool:
    language = course.locale.language_code
    CourseState.objects.get_or_create(
        course_key=course.translation_key, language=language, defaults={"course": course, "slug": course.slug}
    )
    state = CourseState.objects.select_for_update().get(course_key=course.translation_key, language=language)
    course.is_archived = is_archived
    CoursePage.objects.filter(pk=course.pk).update(is_archived=is_archived)
    if state.is_archived == is_archived:
        return False
    state.is_archived = is_archived
    state.save(update_fields=["is_archived"])
    action = ARCHIVE if is_archived else RESTORE
    log(instance=course, action=action, user=by, data={"note": note.strip()[:MAX_NOTE]})
    return True
