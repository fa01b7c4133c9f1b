"""Which design a certificate is issued with, and the frozen ones back from the database."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from certificates.designs.builtin import CompiledDesign, built_in_design
from certificates.designs.layout import find_pictures
from certificates.designs.models import CertificateDesign, DesignAssignment
from certificates.models import DesignAsset, DesignSnapshot
from courses.models import CoursePage
from learners.companies.models import Membership


def find_design(*, user_id: int, course_key: UUID | str) -> CertificateDesign | None:
    """The published design for this person's certificate of this course; ``None`` for the built-in one. One query.

    In this order: their company's for the course, their company's, the course's, everybody's. Of several companies the
    one they joined first decides.
    """
    memberships = Membership.objects.filter(user_id=user_id)
    is_for_company, is_for_course = Q(company__isnull=False), Q(course_key__isnull=False)
    rank = Case(
        When(is_for_company & is_for_course, then=Value(0)),
        When(is_for_company, then=Value(1)),
        When(is_for_course, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    assignment = (
        DesignAssignment.objects.filter(
            Q(course_key=course_key) | Q(course_key__isnull=True),
            Q(company__in=memberships.values("company_id")) | Q(company__isnull=True),
            design__live=True,
        )
        .select_related("design")
        .order_by(rank, Subquery(memberships.filter(company=OuterRef("company")).values("joined_at")), "pk")
        .first()
    )
    return assignment.design if assignment else None


def load_design(snapshot_id: str | None) -> CompiledDesign:
    """A frozen design with its pictures; the built-in one for certificates from before there were designs."""
    return built_in_design() if snapshot_id is None else _load(snapshot_id)


@lru_cache(maxsize=16)
def _load(digest: str) -> CompiledDesign:
    """Never changes, so it is remembered."""
    body = DesignSnapshot.objects.values_list("body", flat=True).get(pk=digest)
    wanted = find_pictures(body)
    assets = DesignAsset.objects.filter(pk__in=wanted).values_list("pk", "body")
    return CompiledDesign(body, {key: bytes(content) for key, content in assets})


def list_assignments() -> "QuerySet[DesignAssignment, Any]":
    """With ``course_title``, empty where the course is gone or the entry is for every course."""
    titles = CoursePage.objects.filter(translation_key=OuterRef("course_key")).order_by("pk").values("title")[:1]
    return (
        DesignAssignment.objects.select_related("design", "company")
        .annotate(course_title=Subquery(titles))
        .order_by("company__name", "course_title", "pk")
    )
