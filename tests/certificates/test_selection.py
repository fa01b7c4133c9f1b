"""Selecting certificates as the staff means it, and counting what is missing as the sweeper would."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from certificates.life import reissue_certificate, revoke_certificate
from certificates.models import Certificate
from certificates.selection import (
    Selection,
    list_certified_courses,
    select_certificates,
)
from certificates.services import issue_certificate
from tests.factories.courses import make_edition
from tests.factories.learners import CompanyFactory, EnrolmentFactory, MembershipFactory


def issue(**fields: Any) -> Certificate:
    certificate = issue_certificate(enrolment_id=EnrolmentFactory(completed=True, **fields).pk)
    assert certificate is not None
    return certificate


def selected(**fields: Any) -> set[str]:
    return {certificate.facts["name"] for certificate in select_certificates(Selection(**fields))}


@pytest.fixture
def four(db: None) -> dict[str, Certificate]:
    """One of each status; the corrected one of Sue is Susan's."""
    made = {
        name: issue(user__name=name, user__email=f"{name.lower()}@example.com") for name in ("Val", "Rex", "Exa", "Sue")
    }
    revoke_certificate(certificate_id=made["Rex"].pk, reason="error", note="", by=None)
    Certificate.objects.filter(pk=made["Exa"].pk).update(expires_at=timezone.now() - timedelta(days=1))
    reissue_certificate(certificate_id=made["Sue"].pk, name="Susan", note="", by=None)
    return made


@pytest.mark.parametrize(
    ("status", "names"),
    [
        ("", {"Val", "Rex", "Exa", "Sue", "Susan"}),
        ("valid", {"Val", "Susan"}),
        ("revoked", {"Rex"}),
        ("expired", {"Exa"}),
        ("superseded", {"Sue"}),
    ],
)
def test_status_is_that_of_today(four: dict[str, Certificate], status: str, names: set[str]) -> None:
    assert selected(status=status) == names


def test_text_is_a_number_however_typed_or_part_of_name_and_address(four: dict[str, Certificate]) -> None:
    number = four["Val"].number
    assert selected(text=f" {number.lower().replace('-', ' ')} ") == {"Val"}
    assert selected(text=number[:7]) == {"Val"}
    assert selected(text="rex@exam") == {"Rex"}
    assert selected(text="Susan") == {"Susan"}
    assert selected(text="sue") == {"Sue", "Susan"}
    assert selected(text="'; --") == set()


def test_course_and_company(db: None) -> None:
    course, company = make_edition(), CompanyFactory()
    mine = issue(user__name="Mine", course=course)
    issue(user__name="Other")
    MembershipFactory(company=company, user=mine.user)
    assert selected(course=course.course_key) == {"Mine"}
    assert selected(company=company.pk) == {"Mine"}
    assert selected(company=CompanyFactory().pk) == set()


def test_days_of_issue_count_both(db: None) -> None:
    for day in (1, 2, 3):
        certificate = issue(user__name=f"Day {day}")
        Certificate.objects.filter(pk=certificate.pk).update(issued_at=datetime(2026, 3, day, 23, 59, tzinfo=UTC))
    second = datetime(2026, 3, 2, tzinfo=UTC).date()
    assert selected(issued_from=second) == {"Day 2", "Day 3"}
    assert selected(issued_to=second) == {"Day 1", "Day 2"}
    assert selected(issued_from=second, issued_to=second) == {"Day 2"}


def test_courses_with_certificates_are_listed_once(db: None) -> None:
    course = make_edition()
    issue(course=course)
    issue(course=course)
    make_edition()
    assert list_certified_courses() == [(str(course.course_key), course.title)]
