"""What managers see of the people they follow: the same rows for the pages and for the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from learners.accounts.models import User
from learners.accounts.queries import get_zone
from learners.companies.queries import followed_people
from learners.enrolments.deadlines import days_until
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import enrolments_with_edition
from learners.enrolments.reasons import DueView, describe_open_dues

Status = Literal["overdue", "due_soon", "not_started", "completed"]
STATUSES: tuple[Status, ...] = get_args(Status)
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class TeamEnrolment:
    """``is_overdue`` and ``is_expired`` are about what is unfinished."""

    id: int
    course: str
    edition: int
    cycle: int
    state: str
    percent: int
    score: float | None
    due_at: datetime | None
    due_in_days: int | None
    due: DueView | None
    is_overdue: bool
    is_expired: bool
    enrolled_at: datetime
    completed_at: datetime | None
    last_accessed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TeamMember:
    id: int
    name: str
    email: str
    enrolments: tuple[TeamEnrolment, ...]


@dataclass(frozen=True, slots=True)
class TeamCounts:
    people: int
    overdue: int
    due_soon: int
    not_started: int
    completed: int


def count_team(manager: User) -> TeamCounts:
    """Enrolments by what they need. Two queries."""
    now = timezone.now()
    totals = _latest_cycles(followed_people(manager)).aggregate(
        **{status: Count("pk", filter=_matches(status, now)) for status in STATUSES}
    )
    return TeamCounts(people=followed_people(manager).count(), **totals)


def find_team(manager: User, *, status: Status | None = None, search: str = "") -> QuerySet[User]:
    """The people followed, by name: those with an enrolment of that status, those whose name or address has the words.

    Paginate it.
    """
    people = followed_people(manager)
    for word in search.split():
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if status is not None:
        matching = Enrolment.objects.filter(_is_latest(), _matches(status, timezone.now()), user_id=OuterRef("pk"))
        people = people.filter(Exists(matching))
    return people


def read_team(people: Sequence[User], *, status: Status | None = None, every_cycle: bool = False) -> list[TeamMember]:
    """These people with their enrolments, of that status if one is given, the last cycle of each course or every one.

    Six queries at most, however many. The caller has asked whether they are followed.
    """
    now = timezone.now()
    rows = enrolments_with_edition().filter(user__in=[person.pk for person in people])
    if not every_cycle:
        rows = rows.filter(_is_latest())
    if status is not None:
        rows = rows.filter(_matches(status, now))
    by_id = {person.pk: person for person in people}
    enrolments = list(rows.order_by("edition__title", "-cycle", "pk"))
    for enrolment in enrolments:
        enrolment.user = by_id[enrolment.user_id]
    dues = describe_open_dues(enrolments)
    listed: dict[int, list[TeamEnrolment]] = {person.pk: [] for person in people}
    for enrolment in enrolments:
        listed[enrolment.user_id].append(_describe(enrolment, dues.get(enrolment.pk), now))
    return [TeamMember(person.pk, person.name, person.email, tuple(listed[person.pk])) for person in people]


def _latest_cycles(people: QuerySet[User]) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(_is_latest(), user__in=people.order_by().values("pk"))


def _is_latest() -> Q:
    later = Enrolment.objects.filter(
        user_id=OuterRef("user_id"), course_key=OuterRef("course_key"), cycle__gt=OuterRef("cycle")
    )
    return ~Q(Exists(later))


def _matches(status: Status, now: datetime) -> Q:
    unfinished = Q(completed_at__isnull=True)
    match status:
        case "overdue":
            return unfinished & (Q(due_at__lte=now) | Q(expired_at__isnull=False))
        case "due_soon":
            return unfinished & Q(due_at__gt=now, due_at__lte=now + SOON, expired_at__isnull=True)
        case "not_started":
            return Q(state="not_started")
        case "completed":
            return Q(completed_at__isnull=False)


def _describe(enrolment: Enrolment, due: DueView | None, now: datetime) -> TeamEnrolment:
    is_open = enrolment.completed_at is None
    due_at = enrolment.due_at
    return TeamEnrolment(
        id=enrolment.pk,
        course=enrolment.edition.title,
        edition=enrolment.edition.number,
        cycle=enrolment.cycle,
        state=enrolment.state,
        percent=enrolment.percent,
        score=None if enrolment.score is None else float(enrolment.score),
        due_at=due_at,
        due_in_days=days_until(due_at, now, get_zone(enrolment.user)) if due_at and is_open else None,
        due=due,
        is_overdue=is_open and due_at is not None and due_at <= now,
        is_expired=enrolment.is_expired,
        enrolled_at=enrolment.enrolled_at,
        completed_at=enrolment.completed_at,
        last_accessed_at=enrolment.last_accessed_at,
    )
