"""Certificates by e-mail: off unless switched on, sent once when the PDF is there, retried, and recorded."""

import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from certificates.life import reissue_certificate, revoke_certificate
from certificates.mailing import MOST_FAILURES, describe_mail, make_message, request_mail, send_mail, send_pending_mails
from certificates.models import Certificate, CertificateEvent, CertificateFile, CertificateMail
from certificates.refusals import LifeRefusedError
from certificates.services import issue_certificate, render_file
from courses.models import CataloguePage
from learners.enrolments.models import Enrolment
from tests.factories.learners import EnrolmentFactory, UserFactory

Mailbox = list[Any]


@pytest.fixture
def drawn(certificate: Certificate) -> Certificate:
    render_file(certificate_id=certificate.pk)
    return certificate


def sent_events(certificate: Certificate) -> list[tuple[str, str | None]]:
    events = CertificateEvent.objects.filter(certificate=certificate, kind="sent").select_related("by")
    return [(event.note, event.by and event.by.name) for event in events]


def test_nothing_is_sent_unless_the_installation_says_so(drawn: Certificate, mailoutbox: Mailbox) -> None:
    assert (send_pending_mails(), CertificateMail.objects.count(), mailoutbox) == (0, 0, [])


@pytest.mark.parametrize(("way", "attachments"), [("link", 0), ("pdf", 1)])
def test_new_certificate_is_sent_once_when_its_pdf_is_there(
    enrolment: Enrolment, settings: Any, mailoutbox: Mailbox, way: str, attachments: int
) -> None:
    settings.CERTIFICATE_MAIL = way
    certificate = issue_certificate(enrolment_id=enrolment.pk)
    assert certificate is not None
    assert send_pending_mails() == 0  # not drawn yet
    file = render_file(certificate_id=certificate.pk)
    assert [send_pending_mails(), send_pending_mails()] == [1, 0]
    (mail,) = mailoutbox
    assert (mail.to, mail.cc, mail.bcc) == (["ann@example.com"], [], [])
    assert mail.subject == f"Your certificate: {certificate.facts['course']}"
    html = mail.alternatives[0][0]
    for body in (mail.body, html):
        assert (certificate.number in body, certificate.facts["verification_url"] in body) == (True, True)
        assert ("The PDF is attached" in body) == bool(attachments)
    assert [(part[0], part[1], part[2]) for part in mail.attachments] == [
        (f"{certificate.number}.pdf", bytes(file.pdf or b""), "application/pdf")
    ][:attachments]
    assert sent_events(certificate) == [("ann@example.com", None)]


def test_issuing_again_plans_no_second_mail(enrolment: Enrolment, settings: Any) -> None:
    settings.CERTIFICATE_MAIL = "link"
    issue_certificate(enrolment_id=enrolment.pk)
    issue_certificate(enrolment_id=enrolment.pk)
    assert CertificateMail.objects.count() == 1


def test_staff_sends_it_again_and_the_record_says_who(drawn: Certificate, mailoutbox: Mailbox) -> None:
    rita = UserFactory(name="Rita Registrar")
    first = request_mail(certificate_id=drawn.pk, by=rita)
    assert request_mail(certificate_id=drawn.pk, by=rita) == first  # it waits already
    assert send_pending_mails() == 1
    request_mail(certificate_id=drawn.pk, by=rita)
    assert send_pending_mails() == 1
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 2
    assert sent_events(drawn) == [("ann@example.com", "Rita Registrar")] * 2


def test_what_proves_nothing_and_who_is_gone_get_no_mail(drawn: Certificate, mailoutbox: Mailbox) -> None:
    request_mail(certificate_id=drawn.pk, by=None)
    revoke_certificate(certificate_id=drawn.pk, reason="error", note="", by=None)
    assert (send_pending_mails(), mailoutbox) == (0, [])
    assert describe_mail(drawn) == "Not sent: It no longer holds, so it is not sent."
    with pytest.raises(LifeRefusedError) as refusal:
        request_mail(certificate_id=drawn.pk, by=None)
    assert refusal.value.code == "no_proof"
    other = issue_certificate(enrolment_id=EnrolmentFactory(completed=True, user__is_active=False).pk)
    assert other is not None
    with pytest.raises(LifeRefusedError) as refusal:
        request_mail(certificate_id=other.pk, by=None)
    assert refusal.value.code == "no_address"
    with pytest.raises(LifeRefusedError) as refusal:
        request_mail(certificate_id=999_999, by=None)
    assert refusal.value.code == "not_found"


def test_corrected_certificate_is_sent_instead_of_the_old_one(
    enrolment: Enrolment, settings: Any, mailoutbox: Mailbox
) -> None:
    settings.CERTIFICATE_MAIL = "link"
    old = issue_certificate(enrolment_id=enrolment.pk)
    assert old is not None
    new = reissue_certificate(certificate_id=old.pk, name="Ann Abel", note="", by=None)
    for certificate in (old, new):
        render_file(certificate_id=certificate.pk)
    assert send_pending_mails() == 1
    assert new.number in mailoutbox[0].body


def test_failure_is_noted_tried_again_later_and_given_up_in_the_end(
    drawn: Certificate, mailoutbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Any, messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        mail = request_mail(certificate_id=drawn.pk, by=None)
        assert [send_pending_mails(), send_pending_mails()] == [0, 0]
        mail.refresh_from_db()
        assert (mail.failures, mail.claimed_until) == (1, None)
        assert describe_mail(drawn) == "Tried 1 times, waits for the next: SMTPServerDisconnected: gone"
    CertificateMail.objects.update(retry_at=timezone.now())
    assert (send_pending_mails(), len(mailoutbox), len(sent_events(drawn))) == (1, 1, 1)
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    last = request_mail(certificate_id=drawn.pk, by=None)
    CertificateMail.objects.filter(pk=last.pk).update(failures=MOST_FAILURES - 1)
    assert not send_mail(mail_id=last.pk)
    last.refresh_from_db()
    assert last.dropped_at is not None


def test_lease_keeps_others_off_and_runs_out_with_a_killed_sender(drawn: Certificate, mailoutbox: Mailbox) -> None:
    mail = request_mail(certificate_id=drawn.pk, by=None)
    CertificateMail.objects.update(claimed_until=timezone.now() + timedelta(minutes=4))
    assert (send_pending_mails(), send_mail(mail_id=mail.pk)) == (0, False)
    CertificateMail.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert (send_pending_mails(), len(mailoutbox)) == (1, 1)


def test_mail_sent_twice_after_a_kill_has_one_message_id(drawn: Certificate) -> None:
    mail = request_mail(certificate_id=drawn.pk, by=None)
    assert make_message(mail).message()["Message-ID"] == make_message(mail).message()["Message-ID"]


@pytest.mark.parametrize(
    "name", ["<b>Bobby</b> {{ number }}", "محمد عبد الرحمن", "Nguyễn Thị Ánh 🎓", "A\nBcc: x@y.zz"]
)
def test_names_of_any_kind_are_text(db: None, mailoutbox: Mailbox, name: str) -> None:
    certificate = issue_certificate(enrolment_id=EnrolmentFactory(completed=True, user__name=name).pk)
    assert certificate is not None
    render_file(certificate_id=certificate.pk)
    request_mail(certificate_id=certificate.pk, by=None)
    assert send_pending_mails() == 1
    message = mailoutbox[0].message()
    assert (message["Bcc"], "<b>Bobby" in mailoutbox[0].alternatives[0][0]) == (None, False)
    assert certificate.facts["name"] in mailoutbox[0].body


def test_describing_takes_one_query_and_tells_every_state(drawn: Certificate, django_assert_num_queries: Any) -> None:
    assert describe_mail(drawn) == ""
    request_mail(certificate_id=drawn.pk, by=None)
    assert describe_mail(drawn) == "Waits for the scheduler"
    send_pending_mails()
    with django_assert_num_queries(1):
        assert describe_mail(drawn).startswith("Sent ")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_senders_at_once_send_it_once(transactional_catalogue: CataloguePage, mailoutbox: Mailbox) -> None:
    certificate = issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk)
    assert certificate is not None
    CertificateFile.objects.filter(certificate=certificate).update(pdf=b"%PDF-", sha256="0" * 64)
    request_mail(certificate_id=certificate.pk, by=None)
    start = threading.Barrier(8)

    def send(_number: int) -> int:
        start.wait()
        try:
            return send_pending_mails()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(send, range(8))) == 1
    assert (len(mailoutbox), len(sent_events(certificate))) == (1, 1)
