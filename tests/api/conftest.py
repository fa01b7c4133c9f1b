"""Fixtures of the API tests: clients that behave like frontends, people, and a published course."""

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from learners.accounts.models import User
from tests.api.editions import Published, publish


@pytest.fixture
def api() -> APIClient:
    """Nobody signed in; checks CSRF like a server does."""
    return APIClient(enforce_csrf_checks=True)


@pytest.fixture
def learner(db: None) -> User:
    return User.objects.create_user("learner@example.com", "pass-word-1", name="Lee Learner")


@pytest.fixture
def charlie(db: None) -> User:
    """Must not have access to anything of the learner's."""
    return User.objects.create_user("charlie@example.com", "pass-word-1", name="Charlie")


@pytest.fixture
def as_learner(learner: User) -> APIClient:
    client = APIClient()
    client.force_login(learner, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def as_charlie(charlie: User) -> APIClient:
    client = APIClient()
    client.force_login(charlie, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def course(db: None) -> Published:
    return publish("selling-well")


def make_session_token(user: User) -> str:
    """What an app gets from allauth when the person signs in."""
    client = APIClient()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.session.session_key or ""
