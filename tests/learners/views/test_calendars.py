"""The feed over HTTP, and the page where its owner gets and revokes the address."""

import pytest
from icalendar import Calendar

from learners.enrolments.feeds import feed_url, get_feed, make_token, renew_feed, switch_off_feed
from learners.enrolments.services import enrol
from learners.views.guessing import MISSES_ALLOWED
from tests.factories.courses import SECRET, make_edition
from tests.factories.learners import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    user = UserFactory(time_zone="Europe/Madrid")
    enrol(user=user, state=make_edition(quiz=True, completion_days=7))
    return user


def address(user) -> str:
    return f"/learn/calendar/{make_token(get_feed(user) or renew_feed(user=user))}.ics"


def test_feed_is_read_without_logging_in(client, user):
    response = client.get(address(user))
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, max-age=300", "noindex")
    assert len(Calendar.from_ical(response.content).walk("VEVENT")) == 1
    text = response.content.decode()
    assert (SECRET in text, user.email in text, response.cookies.get("sessionid")) == (False, False, None)


def test_feed_that_did_not_change_is_not_sent_again(client, user):
    etag = client.get(address(user))["ETag"]
    again = client.get(address(user), headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


def test_revoked_and_wrong_addresses_are_not_found_at_once(client, user):
    url = address(user)
    switch_off_feed(user=user)
    assert [client.get(path).status_code for path in (url, "/learn/calendar/x.y.ics")] == [404, 404]


def test_guessing_is_stopped_even_for_the_right_address(client, user):
    for _number in range(MISSES_ALLOWED):
        client.get("/learn/calendar/wrong.ics")
    response = client.get(address(user))
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert client.get(address(user), REMOTE_ADDR="192.0.2.7").status_code == 200


def test_page_makes_renews_and_revokes(client, user):
    client.force_login(user)
    assert "url" not in client.get("/learn/calendar/").context
    client.post("/learn/calendar/", {"action": "renew"})
    first = client.get("/learn/calendar/")
    assert first.context["url"] == feed_url(get_feed(user))
    assert first["Cache-Control"] == "private, no-store"
    client.post("/learn/calendar/", {"action": "renew"})
    assert client.get("/learn/calendar/").context["url"] != first.context["url"]
    client.post("/learn/calendar/", {"action": "off"})
    assert "url" not in client.get("/learn/calendar/").context


def test_page_asks_visitors_to_log_in(client):
    assert client.get("/learn/calendar/")["Location"] == "/accounts/login/?next=/learn/calendar/"
