"""Signing in as an app does it: allauth's headless API gives a token, the token works here until it is given up."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from learners.accounts.models import User
from tests.api.conftest import make_session_token

LOGIN, SESSION = "/_allauth/app/v1/auth/login", "/_allauth/app/v1/auth/session"


@pytest.fixture
def verified(learner: User) -> User:
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    return learner


def sign_in(password: str) -> Any:
    body = {"email": "learner@example.com", "password": password}
    return Client().post(LOGIN, body, content_type="application/json").json()


def test_app_signs_in_and_reads_its_own(verified: User) -> None:
    token = sign_in("pass-word-1")["meta"]["session_token"]
    me = Client().get("/api/v1/me/", headers={"X-Session-Token": token})
    assert (me.status_code, me.json()["email"]) == (200, "learner@example.com")


def test_app_writes_without_csrf_token(verified: User) -> None:
    token = sign_in("pass-word-1")["meta"]["session_token"]
    client = Client(enforce_csrf_checks=True)
    response = client.patch(
        "/api/v1/me/", {"name": "New Name"}, content_type="application/json", headers={"X-Session-Token": token}
    )
    assert (response.status_code, response.json()["name"]) == (200, "New Name")


def test_token_ends_with_the_session(verified: User) -> None:
    token = {"X-Session-Token": sign_in("pass-word-1")["meta"]["session_token"]}
    assert Client().delete(SESSION, headers=token).status_code == 401
    assert Client().get("/api/v1/me/", headers=token).status_code == 401


def test_wrong_password_gives_no_token(verified: User) -> None:
    assert "session_token" not in sign_in("wrong-word-1").get("meta", {})


def test_token_of_somebody_locked_out_is_nobody(learner: User) -> None:
    token = {"X-Session-Token": make_session_token(learner)}
    assert Client().get("/api/v1/me/", headers=token).status_code == 200
    User.objects.update(is_active=False)
    assert Client().get("/api/v1/me/", headers=token).status_code == 401


def test_other_origins_may_ask_only_if_allowed(settings: Any, db: None) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://frontend.example"]
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-session-token"}
    allowed = Client().options("/api/v1/me/", headers=asked | {"Origin": "https://frontend.example"})
    assert allowed["Access-Control-Allow-Origin"] == "https://frontend.example"
    assert "x-session-token" in allowed["Access-Control-Allow-Headers"]
    refused = Client().options("/api/v1/me/", headers=asked | {"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in refused
