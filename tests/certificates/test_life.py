"""Revoking, reinstating, issuing anew and sharing: audited, idempotent, and consistent when done at once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from certificates.life import (
    LifeRefusedError,
    reinstate_certificate,
    reissue_certificate,
    revoke_certificate,
    switch_sharing,
)
from certificates.models import Certificate, CertificateEvent, CertificateStatus
from certificates.services import issue_certificate, issue_missing_certificates, render_file
from learners.accounts.models import User
from tests.factories.learners import EnrolmentFactory, UserFactory


@pytest.fixture
def staff(db: None) -> User:
    return UserFactory(name="Rita Registrar", email="rita@example.com")


def revoke(certificate: Certificate, reason: str = "error", by: User | None = None) -> Certificate:
    return revoke_certificate(certificate_id=certificate.pk, reason=reason, note="Wrong person.", by=by)


def reissue(certificate: Certificate, name: str | None = "Ann Abel", by: User | None = None) -> Certificate:
    return reissue_certificate(certificate_id=certificate.pk, name=name, note="Married.", by=by)


def share(certificate: Certificate, is_on: bool = True) -> str | None:
    return switch_sharing(certificate_id=certificate.pk, is_on=is_on, by=certificate.user).share_token


def events_of(certificate: Certificate) -> list[str]:
    """What happened after it was issued."""
    return [event.kind for event in certificate.events.exclude(kind="issued")]


def refusal(act: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(LifeRefusedError) as refused:
        act(*args, **kwargs)
    assert refused.value.message
    return refused.value.code


# --- Revoking and reinstating ---------------------------------------------------------------------------------------


def test_revoking_says_when_and_why_and_by_whom(certificate: Certificate, staff: User) -> None:
    revoked = revoke(certificate, "misconduct", by=staff)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.revocation_reason) == ("revoked", "misconduct")
    assert certificate.revoked_at == revoked.revoked_at
    event = certificate.events.get(kind="revoked")
    assert (event.by, event.note) == (staff, "Wrong person.")


def test_revoking_again_for_the_same_reason_changes_nothing(certificate: Certificate) -> None:
    first = revoke(certificate)
    assert revoke(certificate).revoked_at == first.revoked_at
    assert events_of(certificate) == ["revoked"]


def test_revoking_for_another_reason_is_refused(certificate: Certificate) -> None:
    revoke(certificate)
    assert refusal(revoke, certificate, "misconduct") == "already_revoked"
    certificate.refresh_from_db()
    assert (certificate.revocation_reason, events_of(certificate)) == ("error", ["revoked"])


@pytest.mark.parametrize("reason", ["", "because", "expired"])
def test_revoking_wants_a_reason_of_the_list(certificate: Certificate, reason: str) -> None:
    assert refusal(revoke, certificate, reason) == "bad_reason"
    assert events_of(certificate) == []


def test_too_long_a_note_is_refused_before_anything_happens(certificate: Certificate) -> None:
    code = refusal(revoke_certificate, certificate_id=certificate.pk, reason="error", note="x" * 501, by=None)
    certificate.refresh_from_db()
    assert (code, certificate.status) == ("bad_note", "valid")


def test_reinstated_certificate_holds_again_and_the_events_tell(certificate: Certificate, staff: User) -> None:
    revoke(certificate)
    reinstate_certificate(certificate_id=certificate.pk, note="Our mistake.", by=staff)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.revoked_at, certificate.revocation_reason) == ("valid", None, "")
    assert events_of(certificate) == ["revoked", "reinstated"]


def test_only_what_is_revoked_is_reinstated(certificate: Certificate) -> None:
    assert refusal(reinstate_certificate, certificate_id=certificate.pk, note="", by=None) == "not_revoked"


def test_unknown_certificate_is_refused(db: None) -> None:
    assert refusal(revoke_certificate, certificate_id=0, reason="error", note="", by=None) == "not_found"


# --- Issuing anew ---------------------------------------------------------------------------------------------------


def test_reissue_corrects_the_name_and_copies_all_other_facts(certificate: Certificate, staff: User) -> None:
    new = reissue(certificate, by=staff)
    changed = {key for key, value in new.facts.items() if certificate.facts[key] != value}
    assert changed - {"issued_on"} == {"name", "verification_url"}
    assert new.facts["name"] == "Ann Abel"
    assert new.facts["verification_url"].endswith(f"/certificates/{new.number}/")
    assert (new.expires_at, new.design_id) == (certificate.expires_at, certificate.design_id)
    assert new.number != certificate.number


def test_reissue_takes_nothing_from_the_course_of_today(certificate: Certificate) -> None:
    before = certificate.facts["course"]
    certificate.edition.title = "Another title"
    certificate.edition.save(update_fields=["title"])
    certificate.enrolment.score = 12
    certificate.enrolment.save(update_fields=["score"])
    new = reissue(certificate)
    assert (new.facts["course"], new.facts["score"]) == (before, "92.5")


def test_reissue_supersedes_the_old_one_and_keeps_its_bytes(certificate: Certificate) -> None:
    before = render_file(certificate_id=certificate.pk).sha256
    new = reissue(certificate)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.superseded_by, new.supersedes) == ("superseded", new, certificate)
    assert render_file(certificate_id=certificate.pk).sha256 == before
    assert render_file(certificate_id=new.pk).sha256 not in ("", before)
    assert (events_of(certificate), events_of(new)) == (["superseded"], ["reissued"])


def test_reissue_draws_the_new_pdf_after_the_commit(
    certificate: Certificate, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        new = reissue(certificate)
    new.file.refresh_from_db()
    assert bytes(new.file.pdf).startswith(b"%PDF-")


def test_name_is_the_persons_name_now_unless_given(certificate: Certificate) -> None:
    User.objects.filter(pk=certificate.user_id).update(name="Ann  Abel ")
    assert reissue(certificate, name=None).facts["name"] == "Ann Abel"


def test_nothing_to_correct_is_refused(certificate: Certificate) -> None:
    assert refusal(reissue, certificate, None) == "nothing_to_correct"
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("name", ["", " \u202e ", "x" * 151])
def test_name_that_cannot_be_printed_is_refused(certificate: Certificate, name: str) -> None:
    assert refusal(reissue, certificate, name) == "bad_name"


def test_reissue_again_with_the_same_name_returns_the_same(certificate: Certificate) -> None:
    new = reissue(certificate)
    assert reissue(certificate) == new
    assert refusal(reissue, certificate, "Ann Other") == "superseded"
    assert Certificate.objects.count() == 2


def test_revoked_certificate_is_not_reissued_until_reinstated(certificate: Certificate) -> None:
    revoke(certificate)
    assert refusal(reissue, certificate) == "revoked"
    reinstate_certificate(certificate_id=certificate.pk, note="", by=None)
    assert reissue(certificate).status == "valid"


def test_superseded_certificate_is_not_revoked(certificate: Certificate) -> None:
    new = reissue(certificate)
    assert refusal(revoke, certificate) == "superseded"
    assert revoke(new).status == "revoked"


def test_completing_again_gives_the_newest_of_the_chain(certificate: Certificate) -> None:
    new = reissue(reissue(certificate), "Ann Ableson")
    assert issue_certificate(enrolment_id=certificate.enrolment_id) == new
    assert issue_missing_certificates() == 0
    assert Certificate.objects.exclude(status=CertificateStatus.SUPERSEDED).get() == new


# --- Sharing --------------------------------------------------------------------------------------------------------


def test_sharing_off_ends_the_link_and_on_again_is_another(certificate: Certificate) -> None:
    first = share(certificate)
    assert (len(first or ""), share(certificate)) == (32, first)
    assert share(certificate, is_on=False) is None
    assert share(certificate) not in (None, first)
    assert events_of(certificate) == ["shared", "unshared", "shared"]


def test_nobody_but_the_owner_shares(certificate: Certificate) -> None:
    admin = UserFactory(admin=True)
    assert refusal(switch_sharing, certificate_id=certificate.pk, is_on=True, by=admin) == "not_yours"
    certificate.refresh_from_db()
    assert certificate.share_token is None


def test_corrected_certificate_is_not_shared_by_itself(certificate: Certificate) -> None:
    share(certificate)
    assert reissue(certificate).share_token is None


# --- At once --------------------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Runs everything at the same moment on connections of their own; what each returned or raised."""
    barrier, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            outcomes.append(act())
        except Exception as error:  # noqa: BLE001 -- the test looks at it
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def issued(transactional_db: None) -> Certificate:
    enrolment = EnrolmentFactory(completed=True, user__name="Ann Able")
    certificate = issue_certificate(enrolment_id=enrolment.pk)
    assert certificate is not None
    return certificate


@pytest.mark.postgresql
def test_revoking_at_once_leaves_one_event(issued: Certificate) -> None:
    outcomes = at_once(*[lambda: revoke(issued).status] * 8)
    assert outcomes == ["revoked"] * 8
    assert events_of(issued) == ["revoked"]


@pytest.mark.postgresql
def test_reissuing_at_once_makes_one_new_certificate(issued: Certificate) -> None:
    outcomes = at_once(*[lambda: reissue(issued).pk] * 8)
    assert len(set(outcomes)) == 1
    assert Certificate.objects.count() == 2
    assert CertificateEvent.objects.filter(kind="reissued").count() == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("turn", range(5))
def test_revoking_during_a_reissue_is_consistent(issued: Certificate, turn: int) -> None:
    at_once(lambda: revoke(issued), lambda: reissue(issued))
    issued.refresh_from_db()
    if issued.status == "revoked":
        assert (Certificate.objects.count(), events_of(issued)) == (1, ["revoked"])
    else:
        assert (issued.status, issued.revoked_at, events_of(issued)) == ("superseded", None, ["superseded"])
        assert Certificate.objects.get(supersedes=issued).status == "valid"


@pytest.mark.postgresql
def test_sharing_at_once_makes_one_link(issued: Certificate) -> None:
    assert len(set(at_once(*[lambda: share(issued)] * 8))) == 1
    assert events_of(issued) == ["shared"]


@pytest.mark.postgresql
def test_issuing_during_a_reissue_gives_no_third(issued: Certificate) -> None:
    issue = lambda: issue_certificate(enrolment_id=issued.enrolment_id)  # noqa: E731
    at_once(lambda: reissue(issued), issue, issue, issue)
    assert Certificate.objects.count() == 2
    assert issued.issued_at <= timezone.now()
