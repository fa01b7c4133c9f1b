"""Reading enrolments and grants."""

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from learners.enrolments.models import DeadlineExtension, Enrolment, Grant
from learners.enums import ProgressState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User

# An enrolment is read with the facts of its edition, never with the long texts.
LONG_TEXTS = ("edition__outline", "edition__contents")


def enrolments_with_edition() -> QuerySet[Enrolment]:
    return Enrolment.objects.select_related("edition").defer(*LONG_TEXTS)


def get_enrolment(user: "User | AnonymousUser", course_key: UUID | str) -> Enrolment | None:
    """The person's latest cycle on a course. One query; none for visitors."""
    if not user.is_authenticated:
        return None
    return enrolments_with_edition().filter(user_id=user.pk, course_key=course_key).order_by("-cycle").first()


def get_own_enrolment(user: "User | AnonymousUser", enrolment_id: int) -> Enrolment | None:
    """``None`` for somebody else's, so that nobody learns whether it exists."""
    if not user.is_authenticated:
        return None
    return enrolments_with_edition().filter(user_id=user.pk, pk=enrolment_id).first()


def list_enrolments(user: "User") -> QuerySet[Enrolment]:
    """The person's enrolments, the one last studied first, those never studied last. Paginate it."""
    last_studied = F("last_accessed_at").desc(nulls_last=True)
    return enrolments_with_edition().filter(user_id=user.pk).order_by(last_studied, "-enrolled_at", "-pk")


def list_completed_courses(user: "User", course_keys: Collection[str]) -> dict[str, list[Decimal | None]]:
    """The score of every cycle that the person completed of these courses, by course. One query."""
    done = Enrolment.objects.filter(user_id=user.pk, course_key__in=course_keys, state=ProgressState.COMPLETED)
    found: dict[str, list[Decimal | None]] = {}
    for key, score in done.values_list("course_key", "score"):
        found.setdefault(str(key), []).append(score)
    return found


def active_grants() -> QuerySet[Grant]:
    now = timezone.now()
    return Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)


def has_active_grant(user: "User | AnonymousUser", course_key: UUID | str) -> bool:
    if not user.is_authenticated:
        return False
    return active_grants().filter(user_id=user.pk, course_key=course_key).exists()


def list_extensions(learner: "User") -> QuerySet[DeadlineExtension]:
    """More time the person was given, newest first, with the edition it was for."""
    rows = DeadlineExtension.objects.filter(enrolment__user_id=learner.pk)
    return rows.select_related("granted_by", "enrolment__edition").defer(
        "enrolment__edition__outline", "enrolment__edition__contents"
    )
