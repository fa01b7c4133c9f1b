"""Profiles."""

import pytest

from learners.accounts.models import User
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


@pytest.mark.django_db
def test_another_time_zone_marks_ones_deadlines_and_tells(django_capture_on_commit_callbacks):
    user, other = UserFactory(time_zone="Europe/Berlin"), UserFactory()

    def stale() -> list[User]:
        return list(User.objects.filter(deadlines_stale_since__isnull=False))

    with django_capture_on_commit_callbacks() as same:
        update_profile(user=user, name="Ann", time_zone="Europe/Berlin")
    assert (stale(), len(same)) == ([], 0)
    with django_capture_on_commit_callbacks() as moved:
        update_profile(user=user, name="Ann", time_zone="")
    assert (stale(), len(moved), other in stale()) == ([user], 1, False)
