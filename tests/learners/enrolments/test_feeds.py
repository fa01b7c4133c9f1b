"""The secret address: one person's, revocable, unforgeable; and what is in the feed."""

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.utils import timezone
from icalendar import Calendar

from learners.enrolments.feeds import (
    feed_url,
    find_feed,
    get_feed,
    make_token,
    render_feed,
    renew_feed,
    switch_off_feed,
    webcal_url,
)
from learners.enrolments.models import CalendarFeed, Enrolment
from learners.enrolments.scheduling import refresh_stale_deadlines
from learners.enrolments.services import enrol, give_grant
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def events(feed: CalendarFeed):
    return Calendar.from_ical(render_feed(feed)).walk("VEVENT")


def test_a_feed_is_off_until_it_is_switched_on():
    user = UserFactory()
    assert get_feed(user) is None
    feed = renew_feed(user=user)
    assert (get_feed(user), find_feed(make_token(feed))) == (feed, feed)


def test_renewing_and_switching_off_revoke_at_once():
    user = UserFactory()
    old = make_token(renew_feed(user=user))
    new = make_token(renew_feed(user=user))
    assert (find_feed(old), find_feed(new).user) == (None, user)
    switch_off_feed(user=user)
    switch_off_feed(user=user)
    assert find_feed(new) is None
    newest = make_token(renew_feed(user=user))
    assert (find_feed(new), find_feed(newest).user) == (None, user)


def test_the_feed_of_somebody_locked_out_is_dead():
    user = UserFactory()
    token = make_token(renew_feed(user=user))
    user.is_active = False
    user.save()
    assert find_feed(token) is None


def test_a_token_is_stable_and_fits_an_address():
    feed = renew_feed(user=UserFactory())
    assert make_token(feed) == make_token(CalendarFeed.objects.get())
    assert feed_url(feed).endswith(f"/learn/calendar/{make_token(feed)}.ics")
    assert webcal_url(feed).split("://")[1] == feed_url(feed).split("://")[1]


@pytest.mark.parametrize("forge", [lambda token: token[:-1], lambda token: "", lambda token: "x.y", str.upper])
def test_forged_tokens_open_nothing_and_ask_nothing(forge, django_assert_num_queries):
    token = make_token(renew_feed(user=UserFactory()))
    with django_assert_num_queries(0):
        assert find_feed(forge(token)) is None


def test_tokens_signed_for_something_else_open_nothing():
    feed = renew_feed(user=UserFactory())
    assert find_feed(Signer(sep=".", salt="other").sign_object([feed.user_id, feed.serial])) is None
    assert find_feed(Signer(sep=".", salt="learners.enrolments.feeds").sign_object("x")) is None


def test_the_feed_has_what_is_to_be_finished_and_nothing_of_others():
    user = UserFactory()
    enrolment, _is_new = enrol(user=user, state=make_edition(title="Selling", slug="selling", completion_days=7))
    closed, _is_new = enrol(user=user, state=make_edition(title="Closed", completion_days=7))
    Enrolment.objects.filter(pk=closed.pk).update(expired_at=timezone.now())
    done, _is_new = enrol(user=user, state=make_edition(title="Done", completion_days=7))
    Enrolment.objects.filter(pk=done.pk).update(completed_at=timezone.now(), state="completed")
    enrol(user=user, state=make_edition(title="Endless"))
    enrol(user=UserFactory(), state=make_edition(title="Of somebody else", completion_days=7))
    listed = events(renew_feed(user=user))
    assert [(str(event["UID"]).split("@")[0], str(event["SUMMARY"])) for event in listed] == [
        (f"enrolment-{enrolment.pk}-cycle-1", "Due: Selling")
    ]
    assert str(listed[0]["URL"]).endswith("/courses/selling/")
    assert str(listed[0]["DESCRIPTION"]).startswith("Within 7 days of enrolling: by ")


def test_an_event_keeps_its_id_and_counts_up_when_the_date_moves():
    user = UserFactory()
    enrolment, _is_new = enrol(user=user, state=make_edition(completion_days=30))
    feed = renew_feed(user=user)
    before = events(feed)[0]
    give_grant(user=user, course_key=enrolment.course_key, source="invitation", due_days=3)
    for _again in range(2):
        refresh_stale_deadlines()
    after = events(feed)[0]
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt
    assert before["DTSTART"].dt - after["DTSTART"].dt == timedelta(days=27)


@pytest.mark.parametrize("count", [1, 3])
def test_a_feed_needs_six_queries(django_assert_num_queries, count):
    user = UserFactory()
    for _number in range(count):
        EnrolmentFactory(user=user, course=make_edition(completion_days=7), due_at=timezone.now())
    feed = renew_feed(user=user)
    with django_assert_num_queries(6):
        render_feed(feed)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_renewing_in_parallel_leaves_one_address_that_works(run_together):
    user = UserFactory()
    feeds = run_together(8, lambda _number: renew_feed(user=user))
    assert [feed for feed in feeds if isinstance(feed, Exception)] == []
    assert sum(find_feed(make_token(feed)) is not None for feed in feeds) == 1
