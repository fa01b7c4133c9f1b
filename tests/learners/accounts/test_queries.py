"""Time zones of people."""

import pytest
from django.contrib.auth.models import AnonymousUser

from learners.accounts.models import User
from learners.accounts.queries import get_zone, time_zone_names


@pytest.mark.parametrize(
    ("name", "zone"),
    [("Asia/Tokyo", "Asia/Tokyo"), ("", "UTC"), ("Mars/Base", "UTC"), ("../etc/passwd", "UTC"), ("a\x00b", "UTC")],
)
def test_get_zone_falls_back_to_the_site(name, zone):
    assert str(get_zone(User(time_zone=name))) == zone


def test_get_zone_of_visitors_is_the_site():
    assert str(get_zone(AnonymousUser())) == "UTC"


def test_time_zone_names_are_areas_and_cities():
    names = time_zone_names()
    assert {"UTC", "Europe/Berlin", "Asia/Ho_Chi_Minh"} <= set(names)
    assert [name for name in names if name.startswith("Etc/")] == []
