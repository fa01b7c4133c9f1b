"""Reads what decides when enrolments fall due, for one or for many in a fixed number of queries, and resolves it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from courses.editions.documents import CourseFacts
from courses.editions.models import Edition
from learners.accounts.models import User
from learners.accounts.queries import find_zone, get_zone
from learners.companies.models import DeadlineRule
from learners.enrolments.deadlines import (
    CompanyRule,
    CourseDays,
    CourseDeadline,
    Deadline,
    Extension,
    Invitation,
    Recertification,
    Rule,
    closes_at,
    resolve,
)
from learners.enrolments.models import DeadlineExtension, Enrolment, Grant
from learners.enrolments.validity import runs_out_at

MOST_KEPT = 4096


@dataclass(frozen=True, slots=True)
class CourseRules:
    """What an edition says about time; ``validity_months`` is ``None`` where no certificate ever runs out."""

    deadline: date | None
    days: int | None
    expires_after_days: int | None
    validity_months: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """An enrolment's deadline as it is now, and when the enrolment closes if it stays unfinished (``None``: never)."""

    deadline: Deadline
    closes_at: datetime | None


_kept: dict[tuple[int, str], CourseRules] = {}


def get_course_rules(editions: Iterable[Edition]) -> dict[int, CourseRules]:
    """The rules of several editions by edition id. At most one query; editions never change, so rules are kept."""
    digests = {edition.pk: edition.digest for edition in editions}
    found = {pk: _kept[pk, digest] for pk, digest in digests.items() if (pk, digest) in _kept}
    missing = digests.keys() - found.keys()
    if missing:
        if len(_kept) + len(missing) > MOST_KEPT:
            _kept.clear()
        for pk, digest, text in Edition.objects.filter(pk__in=missing).values_list("pk", "digest", "outline"):
            found[pk] = _kept[pk, digest] = read_course_rules(json.loads(text)["course"])
    return found


def read_course_rules(course: CourseFacts) -> CourseRules:
    """Editions made before a rule existed do not have it."""
    facts: dict[str, Any] = dict(course)
    deadline = facts["completion_deadline"]
    return CourseRules(
        deadline=date.fromisoformat(deadline) if deadline else None,
        days=facts["completion_days"],
        expires_after_days=facts.get("expires_after_days"),
        validity_months=facts["certificate_validity_months"] if facts["has_certificate"] else None,
    )


def read_due(enrolment: Enrolment) -> Due:
    """The same for one; it may be a row that is not stored yet."""
    return _read([enrolment])[0]


def read_dues(
    enrolments: Iterable[Enrolment], *, learner: User | None = None, course: CourseRules | None = None
) -> dict[int, Due]:
    """What is due by enrolment id: four queries for any number, five where one is a later cycle.

    The enrolments carry their ``edition``, and their ``user`` unless all are those of ``learner``. With ``course``
    its rules count for all of them, instead of those of their editions.
    """
    rows = list(enrolments)
    if learner is not None:
        for row in rows:
            row.user = learner
    return {enrolment.pk: due for enrolment, due in zip(rows, _read(rows, course), strict=True)}


def _read(enrolments: Sequence[Enrolment], rules_of_all: CourseRules | None = None) -> list[Due]:
    if not enrolments:
        return []
    courses = {} if rules_of_all is not None else get_course_rules(enrolment.edition for enrolment in enrolments)
    extensions = _read_extensions(enrolments)
    grants = _read_grants(enrolments)
    companies = _read_company_rules(enrolments)
    earlier = _read_earlier_cycles(enrolments)
    dues = []
    for enrolment in enrolments:
        key = (enrolment.user_id, enrolment.course_key)
        course = rules_of_all or courses[enrolment.edition_id]
        enrolled_at = enrolment.enrolled_at or timezone.now()
        runs_out = earlier.get((*key, enrolment.cycle - 1))
        rules: list[Rule] = [*extensions[enrolment.pk], *grants[key], *companies[key]]
        if course.deadline is not None:
            rules.append(CourseDeadline(course.deadline))
        if runs_out is not None and runs_out > enrolled_at:
            # Who renews early must not have less time than who renews late.
            rules.append(Recertification(runs_out))
        elif course.days is not None:
            rules.append(CourseDays(course.days))
        zone = get_zone(enrolment.user)
        not_before = enrolled_at if enrolment.cycle > 1 else None
        deadline = resolve(rules, enrolled_at=enrolled_at, zone=zone, not_before=not_before)
        closing = closes_at(deadline.due_at, course.expires_after_days, zone) if deadline.due_at else None
        dues.append(Due(deadline, closing))
    return dues


Key = tuple[int, UUID]


def _read_extensions(enrolments: Sequence[Enrolment]) -> dict[int | None, list[Extension]]:
    found: dict[int | None, list[Extension]] = defaultdict(list)
    rows = DeadlineExtension.objects.filter(enrolment__in=[row.pk for row in enrolments if row.pk])
    for enrolment_id, due_at, note, name, email in rows.values_list(
        "enrolment_id", "due_at", "note", "granted_by__name", "granted_by__email"
    ):
        found[enrolment_id].append(Extension(due_at, note, name or email or ""))
    return found


def _read_grants(enrolments: Sequence[Enrolment]) -> dict[Key, list[Invitation]]:
    found: dict[Key, list[Invitation]] = defaultdict(list)
    rows = Grant.objects.filter(
        Q(due_on__isnull=False) | Q(due_days__isnull=False),
        user__in={row.user_id for row in enrolments},
        course_key__in={row.course_key for row in enrolments},
    )
    for user_id, course_key, starts_at, day, days in rows.values_list(
        "user_id", "course_key", "starts_at", "due_on", "due_days"
    ):
        if day is not None:
            found[user_id, course_key].append(Invitation(starts_at, day=day))
        if days is not None:
            found[user_id, course_key].append(Invitation(starts_at, days=days))
    return found


def _read_company_rules(enrolments: Sequence[Enrolment]) -> dict[Key, list[CompanyRule]]:
    """For each company its rule for the very course, or else its rule for every course."""
    people = {row.user_id for row in enrolments}
    keys = {row.course_key for row in enrolments}
    rows = (
        DeadlineRule.objects.annotate(person=F("company__memberships__user_id"))
        .filter(Q(course_key__in=keys) | Q(course_key__isnull=True), person__in=people)
        .order_by(F("course_key").asc(nulls_first=True))
    )
    by_person: dict[int, list[Any]] = defaultdict(list)
    for row in rows.values_list(
        "person", "course_key", "company_id", "company__name", "company__time_zone", "due_on", "days", "note"
    ):
        by_person[row[0]].append(row)
    found: dict[Key, list[CompanyRule]] = defaultdict(list)
    for user_id, course_key in {(row.user_id, row.course_key) for row in enrolments}:
        chosen = {}
        for _person, rule_key, company_id, name, zone, day, days, note in by_person[user_id]:
            if rule_key in (None, course_key):  # the special one comes last and replaces the general one
                chosen[company_id] = CompanyRule(name, find_zone(zone), day=day, days=days, note=note)
        found[user_id, course_key] = list(chosen.values())
    return found


def _read_earlier_cycles(enrolments: Sequence[Enrolment]) -> dict[tuple[int, UUID, int], datetime]:
    """When the certificates of completed earlier cycles run out. No query where all are first cycles."""
    later = [row for row in enrolments if row.cycle > 1]
    if not later:
        return {}
    rows = list(
        Enrolment.objects.filter(
            user__in={row.user_id for row in later},
            course_key__in={row.course_key for row in later},
            completed_at__isnull=False,
        )
        .select_related("edition")
        .only("user_id", "course_key", "cycle", "completed_at", "edition__digest")
    )
    courses = get_course_rules(row.edition for row in rows)
    found = {}
    for row in rows:
        moment = proof_runs_out_at(row.completed_at, courses[row.edition_id]) if row.completed_at else None
        if moment is not None:
            found[row.user_id, row.course_key, row.cycle] = moment
    return found


def proof_runs_out_at(completed_at: datetime, course: CourseRules) -> datetime | None:
    """Certificates end with a day of the site, as ``certificates.facts`` freezes them."""
    return runs_out_at(completed_at, course.validity_months, timezone.get_default_timezone())
