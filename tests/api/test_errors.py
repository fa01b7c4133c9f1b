"""Problems: the shape of every kind of error, and that nothing hostile gets past as a 500."""

import json
import logging
from typing import Any

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from api.errors import build_problem, server_error
from api.problems import PROBLEMS
from api.views import PublicView
from tests.api.editions import Published

PROBLEM = "application/problem+json"


class FailingView(PublicView):
    def get(self, request: Request) -> Response:
        raise ZeroDivisionError("the secret inside")


urlpatterns = [path("api/v1/failing/", FailingView.as_view())]


def test_unknown_path_is_a_problem(api: APIClient, db: None) -> None:
    response = api.get("/api/v1/nothing-here/", headers={"X-Request-ID": "request-12345"})
    assert (response.status_code, response["Content-Type"]) == (404, PROBLEM)
    assert response.json() == {
        "type": "/api/v1/docs/problems/#not_found",
        "title": "Nothing is here",
        "status": 404,
        "detail": "Nothing is at this address.",
        "code": "not_found",
        "errors": [],
        "request_id": "request-12345",
    }


@pytest.mark.parametrize("path", ["a%0Ab/", "%0A", "courses/%0A/", "x" * 3000, "courses/..%2f..%2f/", "%F0%9F%98%80"])
def test_hostile_paths_are_problems(api: APIClient, db: None, path: str) -> None:
    response = api.get(f"/api/v1/{path}")
    assert (response.status_code, response["Content-Type"]) == (404, PROBLEM)


def test_other_versions_do_not_exist(api: APIClient, db: None) -> None:
    response = api.get("/api/v2/courses/")
    assert (response.status_code, response["Content-Type"]) == (404, PROBLEM)


def test_missing_slash_is_served(api: APIClient, course: Published) -> None:
    assert api.get("/api/v1/courses").json()["count"] == 1
    assert api.get("/api/v1/courses/selling-well/outline").status_code == 200


def test_missing_slash_keeps_the_body(as_learner: APIClient, course: Published) -> None:
    assert as_learner.post("/api/v1/enrolments", {"course": "selling-well"}, format="json").status_code == 201


def test_wrong_method_names_the_right_ones(api: APIClient, db: None) -> None:
    response = api.delete("/api/v1/courses/")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_signing_in_is_asked_for_with_a_challenge(api: APIClient, db: None) -> None:
    response = api.get("/api/v1/me/")
    assert (response.status_code, response["Content-Type"]) == (401, PROBLEM)
    assert response["WWW-Authenticate"] == 'X-Session-Token realm="api"'
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("token", ["nonsense", "x" * 32, "a" * 5000, "../../etc", "", " ", "\x7f"])
def test_wrong_tokens_are_nobody(api: APIClient, db: None, token: str) -> None:
    response = api.get("/api/v1/me/", headers={"X-Session-Token": token})
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b"nul", b'{"course": NaN}', b"[" * 100_000, b'{"course":' + b"9" * 5000 + b"}", b"", b"\x00"],
)
def test_unreadable_json_is_a_400(as_learner: APIClient, db: None, body: bytes) -> None:
    response = as_learner.generic("POST", "/api/v1/enrolments/", body, content_type="application/json")
    assert (response.status_code, response["Content-Type"]) == (400, PROBLEM)


def test_forms_are_not_json(as_learner: APIClient, db: None) -> None:
    response = as_learner.generic(
        "POST", "/api/v1/enrolments/", b"course=x", content_type="application/x-www-form-urlencoded"
    )
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_a_body_that_is_too_large_is_a_413(as_learner: APIClient, db: None) -> None:
    body = json.dumps({"course": "x" * 2000})
    response = as_learner.generic("POST", "/api/v1/enrolments/", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_only_json_can_be_had(api: APIClient, course: Published) -> None:
    response = api.get("/api/v1/courses/", headers={"Accept": "text/csv"})
    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


def test_invalid_values_are_pointed_at(as_learner: APIClient, db: None) -> None:
    answer = as_learner.patch("/api/v1/me/", {"name": "", "time_zone": None}, format="json").json()
    assert answer["detail"] == "2 values are not valid."
    assert answer["errors"] == [
        {"pointer": "#/name", "code": "blank", "message": "This field may not be blank."},
        {"pointer": "#/time_zone", "code": "null", "message": "This field may not be null."},
    ]


@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_says_nothing_and_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.ERROR):
        response = client.get("/api/v1/failing/")
    assert (response.status_code, response["Content-Type"]) == (500, PROBLEM)
    assert response.json()["code"] == "server_error"
    assert "secret" not in response.content.decode()
    assert [record.exc_info[0] for record in caplog.records if record.name == "api.errors" and record.exc_info] == [
        ZeroDivisionError
    ]


@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_reaches_those_who_listen() -> None:
    with pytest.raises(ZeroDivisionError):
        Client().get("/api/v1/failing/")


def test_site_handlers_answer_problems() -> None:
    response = server_error(RequestFactory().get("/api/v2/"))
    assert (response.status_code, response["Content-Type"]) == (500, PROBLEM)


def test_a_code_that_is_not_registered_is_titled_like_a_refusal() -> None:
    problem = build_problem(None, status_code=409, code="brand_new", detail="No.")
    assert (problem["title"], problem["code"]) == (PROBLEMS["refused"], "brand_new")
    assert problem["type"] == "/api/v1/docs/problems/#refused"


def test_register_of_problems_is_a_page(api: APIClient, db: None) -> None:
    page: Any = api.get("/api/v1/docs/problems/")
    assert [code for code in PROBLEMS if f'id="{code}"' not in page.content.decode()] == []
