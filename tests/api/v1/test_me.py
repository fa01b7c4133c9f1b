"""The signed-in person: reading and changing name and time zone."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from learners.accounts.models import User


def test_me_says_who_is_signed_in(as_learner: APIClient, learner: User) -> None:
    answer = as_learner.get("/api/v1/me/").json()
    assert answer.pop("date_joined").endswith("Z")
    assert answer == {
        "id": learner.pk,
        "email": "learner@example.com",
        "name": "Lee Learner",
        "time_zone": "",
        "effective_time_zone": "UTC",
    }


def test_me_needs_a_person(api: APIClient, db: None) -> None:
    response = api.get("/api/v1/me/")
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_me_changes_what_is_sent(as_learner: APIClient, learner: User) -> None:
    answer = as_learner.patch("/api/v1/me/", {"time_zone": "Europe/Berlin"}, format="json").json()
    assert (answer["time_zone"], answer["effective_time_zone"]) == ("Europe/Berlin", "Europe/Berlin")
    assert answer["name"] == "Lee Learner"


def test_me_does_not_change_what_is_not_offered(as_learner: APIClient, learner: User) -> None:
    as_learner.patch("/api/v1/me/", {"is_staff": True, "email": "root@example.com", "name": "New Name"}, format="json")
    learner.refresh_from_db()
    assert (learner.name, learner.email, learner.is_staff) == ("New Name", "learner@example.com", False)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": ""}, "#/name"),
        ({"name": "\u200b\u202e"}, "#/name"),
        ({"name": "x" * 151}, "#/name"),
        ({"name": "a\x00b"}, "#/name"),
        ({"name": ["a"]}, "#/name"),
        ({"time_zone": "Mars/Olympus"}, "#/time_zone"),
        ({"time_zone": "../../etc/passwd"}, "#/time_zone"),
        ({"time_zone": None}, "#/time_zone"),
    ],
)
def test_me_refuses_with_a_pointer(as_learner: APIClient, learner: User, body: Any, pointer: str) -> None:
    response = as_learner.patch("/api/v1/me/", body, format="json")
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_calendar_is_made_renewed_and_switched_off(as_learner: APIClient, as_charlie: APIClient) -> None:
    path, nothing = "/api/v1/me/calendar/", {"url": None, "webcal_url": None}
    assert as_learner.get(path).json() == nothing
    made = as_learner.post(path)
    assert (made.status_code, as_learner.get(path).json()) == (201, made.json())
    assert made.json()["webcal_url"].split("://")[1] == made.json()["url"].split("://")[1]
    assert as_learner.post(path).json()["url"] != made.json()["url"]
    assert as_charlie.get(path).json() == nothing
    assert (as_learner.delete(path).status_code, as_learner.get(path).json()) == (204, nothing)
