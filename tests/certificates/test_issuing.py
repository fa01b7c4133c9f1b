"""Issuing once, freezing facts, and healing what got lost."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from certificates import issuing
from certificates.issuing import issue_certificate, issue_missing_certificates
from certificates.models import Certificate
from learners.enrolments.models import Enrolment
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory


def test_facts_are_frozen_as_they_are(certificate: Certificate, enrolment: Enrolment) -> None:
    facts = certificate.facts
    assert (facts["name"], facts["course"], facts["score"]) == ("Ann Able", enrolment.edition.title, "92.5")
    assert (facts["edition"], facts["edition_digest"]) == (1, enrolment.edition.digest)
    assert facts["completed_on"] == timezone.localdate(enrolment.completed_at).isoformat()
    assert facts["verification_url"].endswith(f"/certificates/{certificate.number}/")


def test_issuing_again_returns_the_same(certificate: Certificate, enrolment: Enrolment) -> None:
    assert issue_certificate(enrolment_id=enrolment.pk) == certificate
    assert Certificate.objects.count() == 1


def test_learner_without_a_name_gets_the_whole_address(db: None) -> None:
    enrolment = EnrolmentFactory(completed=True, user__name=" \u202e ", user__email="bob@example.com")
    assert issue_certificate(enrolment_id=enrolment.pk).facts["name"] == "bob@example.com"


def test_unfinished_course_gets_none(db: None) -> None:
    assert issue_certificate(enrolment_id=EnrolmentFactory(started=True).pk) is None
    assert issue_certificate(enrolment_id=0) is None


def test_score_below_the_pass_mark_gets_none(db: None) -> None:
    assert issue_certificate(enrolment_id=EnrolmentFactory(completed=True, score=69).pk) is None


def test_course_without_certificates_gives_none(db: None) -> None:
    course = make_edition(has_certificate=False)
    assert issue_certificate(enrolment_id=EnrolmentFactory(completed=True, course=course).pk) is None


def test_course_without_graded_blocks_prints_no_score(db: None) -> None:
    enrolment = EnrolmentFactory(completed=True, score=None)
    assert issue_certificate(enrolment_id=enrolment.pk).facts["score"] is None


def test_validity_runs_out_at_the_end_of_the_last_day(db: None) -> None:
    course = make_edition(certificate_validity_months=12)
    completed_at = timezone.now().replace(year=2026, month=3, day=12)
    certificate = issue_certificate(
        enrolment_id=EnrolmentFactory(completed=True, course=course, completed_at=completed_at).pk
    )
    assert certificate.facts["expires_on"] == "2027-03-11"
    assert certificate.status_at(certificate.expires_at - timedelta(seconds=1)) == "valid"
    assert certificate.status_at(certificate.expires_at) == "expired"


def test_sweeper_issues_what_a_lost_signal_left_out(db: None) -> None:
    none_due = make_edition(has_certificate=False)
    EnrolmentFactory.create_batch(2, completed=True)
    EnrolmentFactory(completed=True, course=none_due)
    EnrolmentFactory(started=True)
    assert issue_missing_certificates() == 2
    assert issue_missing_certificates() == 0


def test_sweeper_looks_at_nothing_that_is_not_due(db: None, django_assert_num_queries: object) -> None:
    none_due = make_edition(has_certificate=False)
    EnrolmentFactory.create_batch(3, completed=True, course=none_due)
    EnrolmentFactory(completed=True, score=69)
    issue_missing_certificates()
    with django_assert_num_queries(2):  # the editions, and who passed in the one that gives certificates
        assert issue_missing_certificates() == 0


def test_sweeper_stops_at_its_limit_and_goes_on_next_time(db: None) -> None:
    EnrolmentFactory.create_batch(3, completed=True)
    assert [issue_missing_certificates(limit=2), issue_missing_certificates(limit=2)] == [2, 1]


def test_sweeper_passes_over_one_that_fails(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    first = EnrolmentFactory(completed=True)
    EnrolmentFactory(completed=True)
    issue = issuing.issue_certificate

    def fail_for_the_first(*, enrolment_id: int) -> Certificate | None:
        if enrolment_id == first.pk:
            raise RuntimeError("unreadable")
        return issue(enrolment_id=enrolment_id)

    monkeypatch.setattr(issuing, "issue_certificate", fail_for_the_first)
    assert issue_missing_certificates() == 1


def test_issuing_takes_a_fixed_number_of_queries(enrolment: Enrolment, django_assert_num_queries: object) -> None:
    issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk)
    with django_assert_num_queries(14):
        issue_certificate(enrolment_id=enrolment.pk)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_threads_issue_one_certificate() -> None:
    enrolment = EnrolmentFactory(completed=True)
    errors: list[BaseException] = []

    def issue() -> None:
        try:
            issue_certificate(enrolment_id=enrolment.pk)
        except Exception as error:  # noqa: BLE001 -- collected and asserted below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (errors, Certificate.objects.count()) == ([], 1)
