"""The profile page."""

import pytest

from tests.factories.learners import UserFactory

pytestmark = pytest.mark.django_db


def test_edit_profile_saves_name_and_time_zone(client):
    user = UserFactory(name="Old")
    client.force_login(user)
    assert client.get("/learn/profile/").context["form"].initial == {"name": "Old", "time_zone": ""}
    response = client.post("/learn/profile/", {"name": "  Ann   Lee ", "time_zone": "Asia/Tokyo"})
    user.refresh_from_db()
    assert (response["Location"], user.name, user.time_zone) == ("/learn/profile/", "Ann Lee", "Asia/Tokyo")


@pytest.mark.parametrize("fields", [{"name": " "}, {"name": "a" * 151}, {"name": "Ann", "time_zone": "Mars/Base"}])
def test_edit_profile_explains_what_is_wrong(client, fields):
    user = UserFactory(name="Old")
    client.force_login(user)
    response = client.post("/learn/profile/", fields)
    user.refresh_from_db()
    assert (response.status_code, user.name) == (422, "Old")
    assert response.context["form"].errors


def test_edit_profile_is_for_people_who_are_signed_in(client):
    assert client.get("/learn/profile/")["Location"] == "/accounts/login/?next=/learn/profile/"
