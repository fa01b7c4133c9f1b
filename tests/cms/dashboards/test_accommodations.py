"""Accommodations in the admin: granted and ended by those who may, seen by no one else."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import CataloguePage
from learners.accommodations.models import Accommodation
from learners.accounts.models import User
from tests.factories.learners import AccommodationFactory, UserFactory, make_editor

REGISTER = "/admin/registers/accommodations/"
GRANT = f"{REGISTER}grant/"
FIELDS = {"email": "ann@example.com", "time_factor": "1.5", "extra_attempts": "1", "note": "Letter of 3 May"}


@pytest.fixture
def ann() -> User:
    return UserFactory(email="ann@example.com", name="Ann Archer")


@pytest.fixture
def signed_in(client: Client, catalogue: CataloguePage) -> Client:
    client.force_login(UserFactory(admin=True, name="Ada Admin"))
    return client


def sign_in(client: Client, *codenames: str) -> User:
    editor = make_editor()
    editor.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(editor)
    return editor


def test_granting_makes_a_row_that_says_who_and_why(signed_in: Client, ann: User) -> None:
    assert signed_in.get(f"{GRANT}?email=ann@example.com").context["form"]["email"].value() == "ann@example.com"
    response = signed_in.post(GRANT, FIELDS | {"email": "ANN@example.com"}, follow=True)
    held = Accommodation.objects.get()
    assert (held.user, held.time_factor, held.extra_attempts, held.is_untimed) == (ann, Decimal("1.5"), 1, False)
    assert (held.note, held.granted_by) == ("Letter of 3 May", User.objects.get(name="Ada Admin"))
    assert response.redirect_chain == [(REGISTER, 302)]
    text = response.content.decode()
    assert ("Ann Archer" in text, "× 1.5" in text, f"{REGISTER}{held.pk}/end/" in text) == (True, True, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nobody@example.com"}, "email"),
        ({"email": "a\x00@example.com"}, "email"),
        ({"time_factor": "0.5"}, "time_factor"),
        ({"time_factor": "1.255"}, "time_factor"),
        ({"extra_attempts": "1000"}, "extra_attempts"),
        ({"note": "n" * 2001}, "note"),
        ({"time_factor": "1", "extra_attempts": "0"}, "__all__"),
    ],
)
def test_granting_nonsense_is_explained(signed_in: Client, ann: User, changes: Any, field: str) -> None:
    response = signed_in.post(GRANT, FIELDS | changes)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert Accommodation.objects.count() == 0


def test_ending_asks_first_and_keeps_the_row(signed_in: Client) -> None:
    held = AccommodationFactory()
    assert signed_in.get(f"{REGISTER}{held.pk}/end/").status_code == 200
    for _time in range(2):
        assert signed_in.post(f"{REGISTER}{held.pk}/end/")["Location"] == REGISTER
    held.refresh_from_db()
    assert held.ended_by == User.objects.get(name="Ada Admin")
    assert signed_in.get(f"{REGISTER}999999/end/").status_code == 404


def test_ending_an_earlier_one_leaves_what_is_in_force(signed_in: Client) -> None:
    earlier = AccommodationFactory(ended=True)
    held = AccommodationFactory(user=earlier.user)
    signed_in.post(f"{REGISTER}{earlier.pk}/end/")
    held.refresh_from_db()
    assert held.ended_at is None


def test_the_note_is_on_the_page_of_one_row_only(signed_in: Client) -> None:
    held = AccommodationFactory(note="Dyslexia, letter of 3 May")
    assert "Dyslexia" in signed_in.get(f"{REGISTER}inspect/{held.pk}/").content.decode()
    assert "Dyslexia" not in signed_in.get(REGISTER).content.decode()


def test_whoever_may_only_view_sees_no_way_to_grant(client: Client, catalogue: CataloguePage) -> None:
    held = AccommodationFactory()
    sign_in(client, "view_accommodation")
    text = client.get(REGISTER).content.decode()
    assert (str(held.user) in text, GRANT in text, "/end/" in text) == (True, False, False)
    assert client.post(GRANT, FIELDS | {"email": held.user.email})["Location"] == "/admin/"
    client.post(f"{REGISTER}{held.pk}/end/")
    assert Accommodation.objects.get().ended_at is None


@pytest.mark.parametrize("path", ["", "grant/"])
def test_editors_and_strangers_stay_outside(client: Client, catalogue: CataloguePage, path: str) -> None:
    held = AccommodationFactory(note="Private")
    assert client.get(REGISTER + path).status_code == 302
    client.force_login(make_editor())
    for address in (REGISTER + path, f"{REGISTER}inspect/{held.pk}/"):
        response = client.get(address, follow=True)
        assert response.redirect_chain[-1][0] == "/admin/"
        assert "Private" not in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_takes_the_same_queries_for_any_number_of_rows(signed_in: Client, count: int) -> None:
    for _number in range(count):
        AccommodationFactory(granted_by=UserFactory())
    signed_in.get(REGISTER)
    with CaptureQueriesContext(connection) as captured:
        signed_in.get(REGISTER)
    assert len(captured) == 10
