"""Profiles."""

import pytest

from learners.accounts.services import ProfileRefusedError, tidy_name, update_profile
from tests.factories.learners import UserFactory


@pytest.mark.parametrize(
    ("given", "kept"),
    [("  Ann   Lee ", "Ann Lee"), ("Ann\x00\nLee", "Ann Lee"), ("Zoë Nguyễn-O’Neil", "Zoë Nguyễn-O’Neil"), ("\t", "")],
)
def test_tidy_name_keeps_what_can_be_printed(given, kept):
    assert tidy_name(given) == kept


@pytest.mark.django_db
def test_update_profile_stores_name_and_zone():
    user = update_profile(user=UserFactory(), name=" Ann  Lee", time_zone="Europe/Berlin")
    user.refresh_from_db()
    assert (user.name, user.time_zone) == ("Ann Lee", "Europe/Berlin")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "zone", "field", "code"),
    [("", "", "name", "required"), ("a" * 151, "", "name", "too_long"), ("A", "Mars/Base", "time_zone", "unknown")],
)
def test_update_profile_refuses_what_cannot_be(name, zone, field, code):
    with pytest.raises(ProfileRefusedError) as caught:
        update_profile(user=UserFactory(), name=name, time_zone=zone)
    assert (caught.value.field, caught.value.code) == (field, code)
