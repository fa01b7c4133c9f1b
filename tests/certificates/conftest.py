"""People who completed a course, for every test about their certificates."""

import pytest

from certificates.models import Certificate
from certificates.services import issue_certificate
from learners.enrolments.models import Enrolment
from tests.factories.learners import EnrolmentFactory


@pytest.fixture
def enrolment(db: None) -> Enrolment:
    return EnrolmentFactory(completed=True, user__name="Ann Able", user__email="ann@example.com", score="92.50")


@pytest.fixture
def certificate(enrolment: Enrolment) -> Certificate:
    issued = issue_certificate(enrolment_id=enrolment.pk)
    assert issued is not None
    return issued
