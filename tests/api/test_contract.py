"""The running API against its own OpenAPI document: generated requests, no failure, answers as described.

Each operation gets a bounded, always equal set of generated requests: as generated, and again with addresses that
exist, by a signed-in learner and by a visitor.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from learners.accounts.models import User
from learners.enrolments.services import enrol
from learners.exams.services import open_attempt
from tests.api.conftest import make_session_token
from tests.api.editions import publish
from tests.api.test_openapi import SNAPSHOT

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


schema = schemathesis.openapi.from_dict(json.loads(SNAPSHOT.read_text()))
schema.app = get_wsgi_application()


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests come in by WSGI; like Django's own test client, they leave the test's transaction open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def existing(learner: User) -> dict[str, Any]:
    """Values for path parameters behind which there is something of the learner's."""
    course = publish("selling-well")
    enrolment, _is_new = enrol(user=learner, state=course.state)
    lesson, block = course.lesson_ids[0], course.block_id("quiz")
    attempt = open_attempt(user=learner, enrolment=enrolment, lesson_key=lesson, block_id=block)
    return {
        "slug": course.slug,
        "lesson_id": lesson,
        "enrolment_id": enrolment.pk,
        "attempt_id": str(attempt.pk),
        "number": "CW-0000-0000-0000",
    }


@schema.parametrize()
@settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_described(
    case: schemathesis.Case, one_connection: None, learner: User, existing: dict[str, Any]
) -> None:
    token = {"X-Session-Token": make_session_token(learner)}
    case.call_and_validate(headers=token, checks=CHECKS)
    if case.path_parameters:
        case.path_parameters = {name: existing[name] for name in case.path_parameters}
        case.call_and_validate(headers=token, checks=CHECKS)
    case.call_and_validate(checks=CHECKS)
