"""What the admin's home panel counts."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from wagtail.models import WorkflowState

from certificates.models import Certificate
from courses.editions.models import CourseState
from courses.models import CoursePage, LessonPage
from learners.accounts.models import User
from learners.enrolments.models import Enrolment


@dataclass(frozen=True)
class Attention:
    """Numbers and short lists for the home panel; lists hold at most five entries."""

    in_review: int
    courses_without_lessons: list[CoursePage]
    courses_without_lessons_count: int
    failed_compiles: list[CourseState]
    learners_this_week: int
    new_learners_this_week: int
    completions_this_week: int
    certificates_this_week: int
    certificates_total: int


def list_courses_without_published_lesson() -> "QuerySet[CoursePage]":
    """Live courses under which no lesson is live."""
    live_lesson = LessonPage.objects.live().filter(path__startswith=OuterRef("path"))
    return CoursePage.objects.live().exclude(Exists(live_lesson)).order_by("title")


def count_attention() -> Attention:
    """Ten queries, however many courses and learners."""
    week_ago = timezone.now() - timedelta(days=7)
    empty = list_courses_without_published_lesson()
    return Attention(
        in_review=WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS).count(),
        courses_without_lessons=list(empty[:5]),
        courses_without_lessons_count=empty.count(),
        failed_compiles=list(
            CourseState.objects.exclude(compile_error="").filter(course__isnull=False).select_related("course")[:5]
        ),
        learners_this_week=Enrolment.objects.filter(last_accessed_at__gte=week_ago)
        .values("user_id")
        .distinct()
        .count(),
        new_learners_this_week=User.objects.filter(date_joined__gte=week_ago).count(),
        completions_this_week=Enrolment.objects.filter(completed_at__gte=week_ago).count(),
        certificates_this_week=Certificate.objects.filter(issued_at__gte=week_ago).count(),
        certificates_total=Certificate.objects.count(),
    )
