"""Profiles."""

import pytest

from learners.accounts.models import User
from learners.accounts.services import ProfileRefusedError, tidy_name, update_profile
from learners.signals import deadlines_stale
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
    user, other, told = UserFactory(time_zone="Europe/Berlin"), UserFactory(), []

    def listen(**kwargs):
        told.append(1)

    deadlines_stale.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        update_profile(user=user, name="Ann", time_zone="Europe/Berlin")
        assert User.objects.filter(deadlines_stale_since__isnull=False).count() == 0
        update_profile(user=user, name="Ann", time_zone="")
    other.refresh_from_db()
    user.refresh_from_db()
    assert (user.deadlines_stale_since is None, other.deadlines_stale_since, len(told)) == (False, None, 1)
