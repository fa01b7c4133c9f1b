"""One way in: no second login page without a lock-out, and nobody is sent in circles."""

import pytest
from django.test import Client

from courses.models import CataloguePage
from tests.factories.learners import PASSWORD, UserFactory, make_editor

DOORS = ["/admin/login/", "/_util/login/"]


@pytest.mark.parametrize("door", DOORS)
def test_strangers_are_led_to_the_sites_login_and_keep_their_aim(client: Client, db: None, door: str) -> None:
    response = client.get(f"{door}?next=/admin/pages/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/admin/pages/")


@pytest.mark.parametrize("door", DOORS)
def test_a_good_password_opens_no_other_door(client: Client, db: None, door: str) -> None:
    user = UserFactory()
    client.post(door, {"username": user.email, "password": PASSWORD})
    assert client.session.get("_auth_user_id") is None


@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/files/private/media/talk.mp4"])
def test_learner_is_told_and_not_sent_in_circles(client: Client, catalogue: CataloguePage, address: str) -> None:
    client.force_login(UserFactory())
    assert client.get(address, follow=True).status_code == 403


def test_staff_who_are_signed_in_go_to_the_admin(client: Client, catalogue: CataloguePage) -> None:
    client.force_login(make_editor())
    assert client.get("/admin/login/")["Location"] == "/admin/"
