"""Who earns a certificate: one rule, asked of one enrolment or of the whole table."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Q

from courses.editions.queries import get_outline
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class AwardRule:
    """Completed, and not below the pass mark where there is a score. Both methods say the same."""

    pass_mark: int

    def fits(self, enrolment: Enrolment) -> bool:
        if enrolment.state != ProgressState.COMPLETED or enrolment.completed_at is None:
            return False
        return enrolment.score is None or enrolment.score >= self.pass_mark

    def as_filter(self) -> Q:
        is_passed = Q(score__isnull=True) | Q(score__gte=self.pass_mark)
        return Q(state=ProgressState.COMPLETED, completed_at__isnull=False) & is_passed


@lru_cache(maxsize=4096)
def award_rule(edition_id: int, digest: str) -> AwardRule | None:
    """The rule of an edition; ``None`` for a course without certificates. Editions never change."""
    course = get_outline(edition_id, digest)["course"]
    return AwardRule(course["passing_percentage"]) if course["has_certificate"] else None


def list_missing() -> "Iterator[QuerySet[Enrolment]]":
    """Enrolments that earned a certificate and have none, edition by edition, oldest first.

    One query, and those that whoever asks makes. Editions of courses without certificates are left out.
    """
    missing = Enrolment.objects.filter(state=ProgressState.COMPLETED, certificates__isnull=True)
    editions = missing.order_by("edition_id").values_list("edition_id", "edition__digest").distinct()
    for edition_id, digest in list(editions):
        if rule := award_rule(edition_id, digest):
            yield missing.filter(rule.as_filter(), edition_id=edition_id).order_by("pk")


def count_missing_certificates() -> int:
    """How many ``issue_missing_certificates`` would issue without its limit. One query an edition, and one."""
    return sum(due.count() for due in list_missing())
