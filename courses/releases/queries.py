"""Reading releases and plans of releases."""

from uuid import UUID

from django.db.models import QuerySet

from courses.editions.models import Release, ReleasePlan
from courses.models.course import CoursePage

LONG_TEXTS = ("edition__outline", "edition__contents", "previous__outline", "previous__contents")


def list_releases(course_key: UUID, language: str) -> "QuerySet[Release]":
    """Every release of a course, newest first, without the long texts of its editions. Paginate it."""
    releases = Release.objects.filter(edition__course_key=course_key, edition__language=language)
    return releases.select_related("edition", "previous", "released_by").defer(*LONG_TEXTS).order_by("-edition__number")


def get_release(course_key: UUID, language: str, number: int) -> Release | None:
    """The release that made this edition; one query."""
    return list_releases(course_key, language).filter(edition__number=number).first()


def get_open_plan(course: CoursePage) -> ReleasePlan | None:
    """The release that is planned, in review or being carried out; there is one at most."""
    return ReleasePlan.objects.filter(course=course, finished_at=None).first()


def get_last_plan(course: CoursePage) -> ReleasePlan | None:
    """The newest plan, whatever became of it."""
    return ReleasePlan.objects.filter(course=course).select_related("release__edition").first()
