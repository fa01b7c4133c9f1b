"""Progress batches: once per event, one result an event, hostile batches."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from api.v1.progress import BatchResultSerializer
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from learners.progress.models import BlockProgress
from learners.progress.services import record_progress
from tests.api.editions import Published, make_id


@pytest.fixture
def enrolment(learner: User, course: Published) -> Enrolment:
    return enrol(user=learner, state=course.state)[0]


def make_event(course: Published, name: str = "one", **fields: Any) -> dict[str, Any]:
    event = {"id": make_id("event", name), "lesson": course.lesson_ids[0], "block": course.block_id("text")}
    return event | (fields or {"state": "completed"})


def test_batch_applies_each_event_once(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    path, body = f"/api/v1/enrolments/{enrolment.pk}/progress/", {"events": [make_event(course)]}
    first, again = as_learner.post(path, body, format="json"), as_learner.post(path, body, format="json")
    assert [event["status"] for event in first.json()["events"]] == ["applied"]
    assert [event["status"] for event in again.json()["events"]] == ["duplicate"]
    assert first.json()["blocks"] == [
        {
            "lesson": course.lesson_ids[0],
            "block": course.block_id("text"),
            "state": "completed",
            "position": 0.0,
            "deadline_at": None,
        }
    ]
    assert first.json()["enrolment"]["id"] == enrolment.pk


def test_batch_answers_in_the_shape_that_is_documented(
    as_learner: APIClient, learner: User, enrolment: Enrolment, course: Published
) -> None:
    Enrolment.objects.update(completed_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC), score="87.50")
    path = f"/api/v1/enrolments/{enrolment.pk}/progress/"
    answer = as_learner.post(path, {"events": [make_event(course), {"id": 7}]}, format="json").json()
    result = record_progress(user=learner, enrolment_id=enrolment.pk, events=[make_event(course), {"id": 7}])
    described = json.loads(JSONRenderer().render(BatchResultSerializer(result).data))
    assert answer["enrolment"] == described["enrolment"]
    assert answer["enrolment"]["completed_at"] == "2026-03-01T09:30:00Z"
    assert sorted(answer) == sorted(described)
    assert [sorted(event) for event in answer["events"]] == [sorted(event) for event in described["events"]]
    assert answer["events"][1] == described["events"][1]
    assert answer["blocks"] == described["blocks"]


def test_batch_takes_a_bare_list(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    response = as_learner.post(f"/api/v1/enrolments/{enrolment.pk}/progress/", [make_event(course)], format="json")
    assert [event["status"] for event in response.json()["events"]] == ["applied"]


def test_a_bad_event_harms_no_other(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    events = [
        make_event(course, "good"),
        make_event(course, "elsewhere", state="completed", block=make_id("no-such-block")),
        make_event(course, "cheat", state="completed", block=course.block_id("quiz")),
        {"id": "x"},
        None,
        ["\ud800", 1e400],
    ]
    response = as_learner.post(f"/api/v1/enrolments/{enrolment.pk}/progress/", {"events": events[:5]}, format="json")
    assert [event["status"] for event in response.json()["events"]] == ["applied", *["refused"] * 4]
    assert BlockProgress.objects.filter(state="completed").count() == 1


@pytest.mark.parametrize("body", [{}, {"events": None}, {"events": {}}, {"events": "all"}, 7, "x", None])
def test_a_malformed_batch_is_refused(as_learner: APIClient, enrolment: Enrolment, body: Any) -> None:
    response = as_learner.post(f"/api/v1/enrolments/{enrolment.pk}/progress/", body, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "malformed")


def test_ten_thousand_events_are_too_many(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    events = [make_event(course, str(number)) for number in range(10_000)]
    response = as_learner.post(f"/api/v1/enrolments/{enrolment.pk}/progress/", {"events": events}, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "too_many_events")
    assert BlockProgress.objects.count() == 0


def test_progress_of_somebody_else_is_not_found(as_charlie: APIClient, enrolment: Enrolment, course: Published) -> None:
    path = f"/api/v1/enrolments/{enrolment.pk}/progress/"
    assert as_charlie.post(path, {"events": [make_event(course)]}, format="json").status_code == 404
    assert BlockProgress.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_needs_the_same_queries(
    as_learner: APIClient, enrolment: Enrolment, course: Published, django_assert_num_queries: Any, count: int
) -> None:
    kinds = ("text", "code", "table")[:count]
    events = [make_event(course, kind, state="completed", block=course.block_id(kind)) for kind in kinds]
    as_learner.get(f"/api/v1/enrolments/{enrolment.pk}/")
    # Session and person; savepoint, enrolment, blocks, two writes, release.
    with django_assert_num_queries(8):
        as_learner.post(f"/api/v1/enrolments/{enrolment.pk}/progress/", {"events": events}, format="json")


def send_beacon(client: APIClient, enrolment: Enrolment, body: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(f"/api/v1/enrolments/{enrolment.pk}/progress/", text, content_type="text/plain;charset=UTF-8")


@pytest.fixture
def browser(api: APIClient, learner: User) -> APIClient:
    """Signed in by session cookie, with a CSRF cookie, on a server that checks it."""
    api.force_login(learner, backend=settings.AUTHENTICATION_BACKENDS[0])
    api.cookies[settings.CSRF_COOKIE_NAME] = "b" * 32
    return api


def test_beacon_carries_its_csrf_token_in_the_body(browser: APIClient, enrolment: Enrolment, course: Published) -> None:
    body = {"events": [make_event(course)], "csrfmiddlewaretoken": "b" * 32}
    first, again = send_beacon(browser, enrolment, body), send_beacon(browser, enrolment, body)
    assert [event["status"] for event in first.json()["events"]] == ["applied"]
    assert [event["status"] for event in again.json()["events"]] == ["duplicate"]


@pytest.mark.parametrize("token", [None, "c" * 32, 7])
def test_beacon_without_the_right_token_is_refused(
    browser: APIClient, enrolment: Enrolment, course: Published, token: Any
) -> None:
    response = send_beacon(browser, enrolment, {"events": [make_event(course)], "csrfmiddlewaretoken": token})
    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")
    assert BlockProgress.objects.count() == 0


@pytest.mark.parametrize(("body", "status"), [("", 403), ("{", 400), ("[" * 100_000, 400), ("7", 403)])
def test_beacon_that_is_no_json_is_refused(browser: APIClient, enrolment: Enrolment, body: str, status: int) -> None:
    assert send_beacon(browser, enrolment, body).status_code == status


def test_heartbeats_are_credited_by_the_clock(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    Enrolment.objects.update(last_accessed_at=timezone.now() - timedelta(seconds=30))
    events = [make_event(course, active=20, at="2026-01-01T00:00:00Z"), make_event(course, "two", active=3600)]
    path = f"/api/v1/enrolments/{enrolment.pk}/progress/"
    answer = as_learner.post(path, {"events": events}, format="json").json()
    assert answer["enrolment"]["seconds_spent"] == 30
