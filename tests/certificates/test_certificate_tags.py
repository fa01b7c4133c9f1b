"""Template tags: a person's certificates in one query, however many."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from certificates.models import Certificate
from certificates.services import issue_certificate
from certificates.templatetags.certificate_tags import certificate_for, my_certificates
from learners.enrolments.models import Enrolment
from tests.factories.learners import EnrolmentFactory, UserFactory


@pytest.mark.parametrize("count", [1, 3])
def test_my_certificates_takes_one_query(count: int, db: None, django_assert_num_queries: object) -> None:
    user = UserFactory()
    for enrolment in EnrolmentFactory.create_batch(count, completed=True, user=user):
        issue_certificate(enrolment_id=enrolment.pk)
    with django_assert_num_queries(1):
        cards = my_certificates(user)
    assert len(cards) == count


def test_my_certificates_are_mine(certificate: Certificate) -> None:
    assert [card.number for card in my_certificates(certificate.user)] == [certificate.number]
    assert my_certificates(UserFactory()) == []
    assert my_certificates(AnonymousUser()) == []


def test_certificate_for_shows_the_frozen_facts(certificate: Certificate, enrolment: Enrolment) -> None:
    card = certificate_for(enrolment.pk)
    assert card is not None
    assert (card.number, card.course, card.status) == (certificate.number, enrolment.edition.title, "valid")
    assert (card.issued_on, card.expires_on) == (timezone.localdate(), None)
    assert card.url == f"/certificates/{certificate.number}/"
    assert card.pdf_url == f"/certificates/{certificate.number}/pdf"


def test_certificate_for_nothing_is_nothing(certificate: Certificate) -> None:
    assert certificate_for(None) is None
    assert certificate_for(EnrolmentFactory(completed=True).pk) is None
