"""Issuing once, freezing facts, and healing what got lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from certificates import issuing
from certificates.credentials.status_list import SIZE
from certificates.issuing import issue_certificate, issue_missing_certificates
from certificates.models import (
    Certificate,
    CertificateEvent,
    CertificateFile,
    DesignAsset,
    DesignAssignment,
)
from certificates.numbering import make_number
from courses.editions.queries import get_outline
from courses.models import CataloguePage
from learners.enrolments.models import Enrolment
from learners.progress.services import complete_lesson
from tests.factories.certificates import make_design, make_image
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

    def fail_for_the_first(*, enrolment_id: int, by_id: int | None) -> Certificate | None:
        if enrolment_id == first.pk:
            raise RuntimeError("unreadable")
        return issue(enrolment_id=enrolment_id)

    monkeypatch.setattr(issuing, "issue_certificate", fail_for_the_first)
    assert issue_missing_certificates() == 1


def test_issuing_takes_a_fixed_number_of_queries(enrolment: Enrolment, django_assert_num_queries: object) -> None:
    issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk)
    with django_assert_num_queries(18):
        issue_certificate(enrolment_id=enrolment.pk)


def complete(enrolment: Enrolment) -> None:
    """The learner finishes the only lesson of the course."""
    lesson = get_outline(enrolment.edition_id, enrolment.edition.digest)["modules"][0]["lessons"][0]
    complete_lesson(user=enrolment.user, enrolment=enrolment, lesson_key=lesson["id"])


def test_completion_and_certificate_come_together(db: None, django_capture_on_commit_callbacks: object) -> None:
    enrolment = EnrolmentFactory(course=make_edition(lessons=1))
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        complete(enrolment)
    certificate = Certificate.objects.get()
    assert (certificate.enrolment, certificate.file.sha256) == (enrolment, "")
    assert list(certificate.events.values_list("kind", flat=True)) == ["issued"]
    assert 0 <= certificate.status_index < SIZE
    for callback in callbacks:
        callback()
    certificate.file.refresh_from_db()
    assert len(certificate.file.sha256) == 64


def test_rolled_back_completion_leaves_no_certificate(db: None) -> None:
    enrolment = EnrolmentFactory(course=make_edition(lessons=1))
    with pytest.raises(RuntimeError), transaction.atomic():
        complete(enrolment)
        raise RuntimeError("the request fails later")
    assert (Certificate.objects.count(), Enrolment.objects.get().state) == (0, "not_started")


def test_failing_issue_keeps_the_completion_and_is_healed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolment = EnrolmentFactory(course=make_edition(lessons=1))

    def fail(certificate: Certificate) -> None:
        Certificate.objects.create(number=certificate.number)  # breaks a constraint halfway through

    with monkeypatch.context() as patch:
        patch.setattr(issuing, "ensure_status_bit", fail)
        complete(enrolment)
    enrolment.refresh_from_db()
    assert (enrolment.state, Certificate.objects.count(), CertificateEvent.objects.count()) == ("completed", 0, 0)
    assert issue_missing_certificates() == 1


def test_design_and_signatories_are_frozen_in_the_facts(enrolment: Enrolment) -> None:
    sign = make_image("Sign")
    design = make_design(
        name="Course design",
        signatories=[{"name": "Ada", "role": "Head", "signature": sign}, {"name": "Bo", "role": ""}],
    )
    DesignAssignment.objects.create(design=design, course_key=enrolment.course_key)
    certificate = issue_certificate(enrolment_id=enrolment.pk)
    printed = certificate.design.body["signatories"][0]["picture"]["digest"]
    assert certificate.facts["design"] == {
        "name": "Course design",
        "revision": design.live_revision_id,
        "digest": certificate.design_id,
    }
    assert certificate.facts["signatories"] == [
        {"name": "Ada", "role": "Head", "image_sha256": printed},
        {"name": "Bo", "role": "", "image_sha256": ""},
    ]
    assert DesignAsset.objects.filter(pk=printed).exists()


def test_built_in_design_is_frozen_too(certificate: Certificate) -> None:
    assert certificate.facts["design"] == {"name": "Built-in", "revision": None, "digest": certificate.design_id}
    assert certificate.facts["signatories"] == []
    assert certificate.facts["cycle"] == 1


def test_taken_number_is_drawn_again(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = make_number()
    numbers = iter([certificate.number, fresh])
    monkeypatch.setattr(issuing, "make_number", lambda: next(numbers))
    assert issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk).number == fresh


@pytest.mark.postgresql
def test_fifty_threads_completing_make_one_certificate(transactional_catalogue: CataloguePage) -> None:
    enrolment = EnrolmentFactory(course=make_edition(lessons=1))
    start = threading.Barrier(50)
    errors: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            complete(Enrolment.objects.select_related("edition", "user").get(pk=enrolment.pk))
        except Exception as error:  # noqa: BLE001 -- collected and asserted below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = list(CertificateEvent.objects.values_list("kind", flat=True))
    files = CertificateFile.objects.count()
    assert (errors, Certificate.objects.count(), kinds, files) == ([], 1, ["issued"], 1)


@pytest.mark.postgresql
def test_fifty_threads_issuing_make_one_certificate(transactional_catalogue: CataloguePage) -> None:
    enrolment = EnrolmentFactory(completed=True)
    with ThreadPoolExecutor(50) as pool:
        issued = list(pool.map(lambda _number: _issue_and_close(enrolment.pk), range(50)))
    assert (len(set(issued)), Certificate.objects.count()) == (1, 1)


def _issue_and_close(enrolment_id: int) -> str:
    try:
        certificate = issue_certificate(enrolment_id=enrolment_id)
        return certificate.number if certificate else ""
    finally:
        connection.close()
