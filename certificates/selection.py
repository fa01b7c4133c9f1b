"""Which certificates the staff means: by text, status, course, company and day of issue."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from certificates.facts import end_of_day
from certificates.models import Certificate, CertificateStatus
from certificates.numbering import is_valid, normalise
from courses.editions.models import CourseState
from learners.companies.models import Membership

EXPIRED = "expired"


@dataclass(frozen=True)
class Selection:
    """Empty fields select everything. Days are the site's; both ends count."""

    text: str = ""
    status: str = ""
    course: UUID | None = None
    company: int | None = None
    issued_from: date | None = None
    issued_to: date | None = None


def select_certificates(selection: Selection) -> "QuerySet[Certificate]":
    """Those that fit, newest first. ``text`` is a number, however typed, or part of a name, address or number."""
    zone = timezone.get_current_timezone()
    chosen = Certificate.objects.filter(_with_status(selection.status), _with_text(selection.text))
    if selection.course:
        chosen = chosen.filter(edition__course_key=selection.course)
    if selection.company:
        people = Membership.objects.filter(company_id=selection.company).values("user_id")
        chosen = chosen.filter(user_id__in=people)
    if selection.issued_from:
        chosen = chosen.filter(issued_at__date__gte=selection.issued_from)
    if selection.issued_to:
        chosen = chosen.filter(issued_at__lt=end_of_day(selection.issued_to, zone))
    return chosen


def list_certified_courses() -> list[tuple[str, str]]:
    """Keys and titles of the courses that certificates were issued for, by title. One query."""
    keys = Certificate.objects.order_by().values("edition__course_key")
    rows = CourseState.objects.filter(course_key__in=keys).order_by("title", "pk")
    return list({str(row.course_key): (str(row.course_key), row.title) for row in rows}.values())


def _with_status(status: str) -> Q:
    now = timezone.now()
    if status == EXPIRED:
        return Q(status=CertificateStatus.VALID, expires_at__lte=now)
    if status == CertificateStatus.VALID:
        return Q(status=status) & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    return Q(status=status) if status else Q()


def _with_text(text: str) -> Q:
    text = text.strip()
    if not text:
        return Q()
    if is_valid(text):
        return Q(number=normalise(text))
    return (
        Q(number__icontains=text)
        | Q(facts__name__icontains=text)
        | Q(user__name__icontains=text)
        | Q(user__email__icontains=text)
    )
