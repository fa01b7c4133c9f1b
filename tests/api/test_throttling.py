"""Throttling: who is counted, what a refusal carries, and what is not counted at all."""

from collections.abc import Iterator

import pytest
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from api.throttling import WindowThrottle
from tests.api.editions import Published, publish


@pytest.fixture
def two_a_minute(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rates = {"anonymous": "2/min", "learner": "2/min"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)
    # Twenty seconds into a window, so that no test runs across its end.
    monkeypatch.setattr(WindowThrottle, "timer", lambda self: 6_000_020.0)
    yield


def test_learners_are_told_when_to_come_back(as_learner: APIClient, two_a_minute: None) -> None:
    responses = [as_learner.get("/api/v1/me/") for _ in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert responses[2].json()["code"] == "throttled"
    assert responses[2]["Retry-After"] == "40"


def test_learners_are_counted_one_by_one(as_learner: APIClient, as_charlie: APIClient, two_a_minute: None) -> None:
    statuses = [client.get("/api/v1/me/").status_code for client in (as_learner, as_charlie) for _ in range(2)]
    assert statuses == [200] * 4


def test_visitors_are_counted_by_address(api: APIClient, db: None, two_a_minute: None) -> None:
    lesson = publish("free-for-all", access="open").lesson_ids[0]
    path = f"/api/v1/lessons/{lesson}/"
    # A forged header does not make a new address: no proxy is declared.
    statuses = [api.get(path, headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code for number in range(3)]
    assert statuses == [200, 200, 429]


def test_public_documents_are_not_counted(api: APIClient, course: Published, two_a_minute: None) -> None:
    paths = ["courses/", "courses/selling-well/", "courses/selling-well/outline/"] * 3
    assert {api.get(f"/api/v1/{path}").status_code for path in paths} == {200}


def test_the_next_window_starts_anew(
    as_learner: APIClient, two_a_minute: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        as_learner.get("/api/v1/me/")
    monkeypatch.setattr(WindowThrottle, "timer", lambda self: 6_000_060.0)
    assert as_learner.get("/api/v1/me/").status_code == 200


class DeadCache:
    """Redis with its exceptions ignored: nothing is stored, nothing is raised."""

    def incr(self, key: str) -> None:
        return None


def test_a_dead_cache_stops_nobody(as_learner: APIClient, two_a_minute: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.throttling.cache", DeadCache())
    assert {as_learner.get("/api/v1/me/").status_code for _ in range(4)} == {200}
