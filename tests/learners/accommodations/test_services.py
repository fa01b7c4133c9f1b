"""Granting and ending: one in force, the earlier ones kept as they were."""

from decimal import Decimal

import pytest

from learners.accommodations.models import Accommodation
from learners.accommodations.queries import get_accommodation, list_accommodations
from learners.accommodations.services import AccommodationRefusedError, end_accommodation, grant_accommodation
from tests.factories.learners import AccommodationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_grant_accommodation_ends_the_one_in_force_and_keeps_it():
    user, staff = UserFactory(), UserFactory(admin=True)
    first = grant_accommodation(user=user, time_factor="1.25", note=" Letter of 3 May ", granted_by=staff)
    second = grant_accommodation(user=user, time_factor="1.5", extra_attempts=1, granted_by=staff)
    first.refresh_from_db()
    assert (first.time_factor, first.note, first.ended_by) == (Decimal("1.25"), "Letter of 3 May", staff)
    assert first.ended_at == second.granted_at
    assert get_accommodation(user.pk) == second
    assert list(list_accommodations(user_id=user.pk)) == [second, first]


def test_grant_accommodation_again_changes_nothing():
    user, staff = UserFactory(), UserFactory(admin=True)
    first = grant_accommodation(user=user, is_untimed=True, granted_by=staff)
    assert grant_accommodation(user=user, is_untimed=True, granted_by=staff) == first
    assert Accommodation.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"time_factor": "0.9"}, "bad_factor"),
        ({"time_factor": "10.01"}, "bad_factor"),
        ({"time_factor": "1.255"}, "bad_factor"),
        ({"time_factor": "NaN"}, "bad_factor"),
        ({"time_factor": "much"}, "bad_factor"),
        ({"extra_attempts": -1}, "bad_attempts"),
        ({"extra_attempts": 101}, "bad_attempts"),
        ({"time_factor": "2", "note": "a\x00b"}, "bad_note"),
        ({"time_factor": "2", "note": "n" * 2001}, "bad_note"),
        ({"note": "Only a note"}, "nothing_granted"),
    ],
)
def test_grant_accommodation_refuses_nonsense_and_changes_nothing(facts, code):
    held = AccommodationFactory()
    with pytest.raises(AccommodationRefusedError) as caught:
        grant_accommodation(user=held.user, granted_by=None, **facts)
    assert caught.value.code == code
    assert get_accommodation(held.user.pk) == held


def test_end_accommodation_ends_once():
    held, staff = AccommodationFactory(), UserFactory(admin=True)
    ended = end_accommodation(user=held.user, ended_by=staff)
    assert ended is not None
    assert (ended.ended_by, get_accommodation(held.user.pk)) == (staff, None)
    assert end_accommodation(user=held.user, ended_by=UserFactory()) is None
    held.refresh_from_db()
    assert held.ended_by == staff


def test_list_accommodations_is_one_query(django_assert_num_queries):
    for _number in range(3):
        AccommodationFactory(granted_by=UserFactory(), ended=True)
    with django_assert_num_queries(1):
        assert len({str(each.granted_by) + str(each.user) for each in list_accommodations()}) == 3
