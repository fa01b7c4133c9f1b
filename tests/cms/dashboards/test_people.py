"""Users in the admin: the one name we know is asked for, kept, and found; addresses are changed on the site only."""

import pytest
from django.test import Client

from courses.models import CataloguePage
from learners.accounts.models import User
from tests.factories.learners import UserFactory, make_editor

PERSON = {"email": "ann@example.com", "name": " Ann  Example ", "password1": "Zk38!kdkdk", "password2": "Zk38!kdkdk"}
# What Wagtail's account page posts beside the name.
REST = {"locale-preferred_language": "", "locale-current_time_zone": "", "theme-theme": "system"}
REST |= {"theme-contrast": "system", "theme-density": "default", "theme-keyboard_shortcuts": "on"}


@pytest.fixture
def admin(client: Client, catalogue: CataloguePage) -> Client:
    client.force_login(UserFactory(admin=True, name="Ada Admin"))
    return client


def test_new_user_gets_the_name_that_was_typed(admin: Client) -> None:
    admin.post("/admin/users/new/", PERSON)
    assert User.objects.get(email="ann@example.com").name == "Ann Example"


def test_new_user_needs_a_name(admin: Client) -> None:
    response = admin.post("/admin/users/new/", PERSON | {"name": " \u200b "})
    assert response.context["form"].errors == {"name": ["Enter a name."]}


def test_changed_name_is_kept(admin: Client) -> None:
    user = UserFactory(name="Cher", email="cher@example.com")
    page = admin.get(f"/admin/users/edit/{user.pk}/").content.decode()
    assert 'value="Cher"' in page
    admin.post(f"/admin/users/edit/{user.pk}/", {"email": user.email, "name": "Cher Sarkisian", "is_active": "on"})
    user.refresh_from_db()
    assert (user.name, user.is_active) == ("Cher Sarkisian", True)


def test_users_are_found_by_name(admin: Client) -> None:
    UserFactory(name="Lucas Berger", email="lb@example.com")
    UserFactory(name="Somebody Else", email="other@example.com")
    page = admin.get("/admin/users/", {"q": "berger"}).content.decode()
    assert ("lb@example.com" in page, "other@example.com" in page) == (True, False)


def test_account_page_opens_and_keeps_the_name(client: Client, catalogue: CataloguePage) -> None:
    editor = make_editor(name="Cher", email="cher@example.com")
    client.force_login(editor)
    assert client.get("/admin/account/").status_code == 200
    response = client.post("/admin/account/", REST | {"own_name-name": "Cher S.", "name_email-email": "x@example.com"})
    assert (response.status_code, response["Location"]) == (302, "/admin/account/")
    editor.refresh_from_db()
    assert (editor.name, editor.email) == ("Cher S.", "cher@example.com")


def test_account_page_is_closed_to_learners(client: Client, catalogue: CataloguePage) -> None:
    client.force_login(UserFactory())
    assert client.get("/admin/account/", follow=True).status_code == 403


def test_account_page_offers_time_zones_that_browsers_know(admin: Client) -> None:
    page = admin.get("/admin/account/").content.decode()
    assert ('value="Europe/Berlin"' in page, 'value="localtime"' in page) == (True, False)
