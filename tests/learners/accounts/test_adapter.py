"""Signing up and in through allauth."""

import re

import pytest
from django.core import mail

from learners.accounts.models import User
from tests.factories.learners import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def sign_up(client, **changes):
    fields = {"email": "New.Person@Example.COM", "name": "  New   Person ", "password1": PASSWORD}
    return client.post("/accounts/signup/", fields | changes)


def verify(user):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_signing_up_folds_the_address_keeps_the_name_and_asks_to_verify(client):
    response = sign_up(client)
    user = User.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
    assert (user.email, user.name, user.is_staff) == ("new.person@example.com", "New Person", False)
    assert mail.outbox[0].to == ["new.person@example.com"]


def test_signing_up_then_following_the_mail_leads_to_my_learning(client):
    sign_up(client)
    link = re.search(r"https?://[^/\s]+(/accounts/confirm-email/\S+)", mail.outbox[0].body)
    assert link is not None
    response = client.post(link[1])
    assert response["Location"] == "/learn/"
    assert client.get("/learn/").status_code == 200


def test_signing_up_again_in_other_letters_makes_no_second_user(client):
    verify(UserFactory(email="new.person@example.com"))
    sign_up(client, email="NEW.person@EXAMPLE.com")
    assert User.objects.count() == 1


@pytest.mark.parametrize("changes", [{"name": ""}, {"name": " \t "}, {"password1": "short"}, {"email": "nonsense"}])
def test_signing_up_explains_what_is_wrong(client, changes):
    response = sign_up(client, **changes)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert User.objects.count() == 0


@pytest.mark.parametrize("email", ["test@example.com", "Test@Example.com", "TEST@EXAMPLE.COM"])
def test_signing_in_does_not_mind_capitals(client, email):
    verify(UserFactory(email="Test@Example.com"))
    response = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/learn/")


def test_signing_in_returns_to_where_one_was_going(client):
    verify(UserFactory(email="test@example.com", admin=True))
    fields = {"login": "test@example.com", "password": PASSWORD}
    assert client.post("/accounts/login/?next=/admin/", fields)["Location"] == "/admin/"
    client.post("/accounts/logout/")
    assert client.post("/accounts/login/?next=https://evil.example/", fields)["Location"] == "/learn/"
