"""One rule for who earns a certificate, asked of a row and of the table."""

from typing import Any

import pytest

from certificates.awarding import award_rule, count_missing_certificates, list_missing
from certificates.services import issue_certificate, issue_missing_certificates
from learners.enrolments.models import Enrolment
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory


@pytest.mark.parametrize(
    ("fields", "is_due"),
    [
        ({"completed": True}, True),
        ({"completed": True, "score": None}, True),
        ({"completed": True, "score": "70"}, True),
        ({"completed": True, "score": "69.99"}, False),
        ({"completed": True, "completed_at": None}, False),
        ({"started": True, "score": "100"}, False),
        ({}, False),
    ],
)
def test_row_and_table_are_judged_alike(db: None, fields: dict[str, Any], is_due: bool) -> None:
    enrolment = EnrolmentFactory(course=make_edition(passing_percentage=70), **fields)
    enrolment.refresh_from_db()
    rule = award_rule(enrolment.edition_id, enrolment.edition.digest)
    assert rule is not None
    found = Enrolment.objects.filter(rule.as_filter()).exists()
    assert (rule.fits(enrolment), found) == (is_due, is_due)
    assert (issue_certificate(enrolment_id=enrolment.pk) is not None) == is_due


def test_course_without_certificates_has_no_rule(db: None) -> None:
    edition = make_edition(has_certificate=False).edition
    assert award_rule(edition.pk, edition.digest) is None


def test_missing_are_counted_as_the_sweeper_issues_them(db: None, django_assert_num_queries: Any) -> None:
    EnrolmentFactory.create_batch(2, completed=True)
    EnrolmentFactory(completed=True, course=make_edition(has_certificate=False))
    EnrolmentFactory(completed=True, score=1)
    EnrolmentFactory(started=True)
    issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk)
    assert count_missing_certificates() == 2
    with django_assert_num_queries(4):  # the editions, and each of the three that give certificates
        assert sum(due.count() for due in list_missing()) == 2
    assert issue_missing_certificates() == 2
    assert count_missing_certificates() == 0
