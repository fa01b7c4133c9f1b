"""A learner's calendar address: secret, revocable, and off until they switch it on."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.editions.queries import find_path, get_versions
from learners.accounts.queries import get_zone
from learners.enrolments.calendars import Entry, make_calendar
from learners.enrolments.models import CalendarFeed, Enrolment
from learners.enrolments.queries import enrolments_with_edition
from learners.enrolments.reasons import DueView, describe_open_dues

if TYPE_CHECKING:
    from learners.accounts.models import User

MOST_ENTRIES = 200
_signer = Signer(sep=".", salt="learners.enrolments.feeds")


def get_feed(user: "User") -> CalendarFeed | None:
    """The feed if it is switched on."""
    return CalendarFeed.objects.filter(user_id=user.pk, is_active=True).first()


def renew_feed(*, user: "User") -> CalendarFeed:
    """Switch the feed on under a new address; every earlier address is dead from now on."""
    with transaction.atomic():
        feed, is_new = CalendarFeed.objects.get_or_create(user=user)
        if not is_new:
            feed = CalendarFeed.objects.select_for_update().get(pk=feed.pk)
            feed.serial += 1
            feed.is_active = True
            feed.save()
    return feed


def switch_off_feed(*, user: "User") -> None:
    """Its address leads nowhere from now on. Switching off twice is switching off once."""
    feed = CalendarFeed.objects.filter(user_id=user.pk, is_active=True).first()
    if feed is not None:
        feed.is_active = False
        feed.save(update_fields=["is_active", "changed_at"])


def make_token(feed: CalendarFeed) -> str:
    return _signer.sign_object([feed.user_id, feed.serial])


def find_feed(token: str) -> CalendarFeed | None:
    """The feed this secret opens: signed by us, not revoked, of somebody who may log in. No query for a forgery."""
    try:
        user_id, serial = _signer.unsign_object(token)
    except (BadSignature, ValueError, TypeError):
        return None
    rows = CalendarFeed.objects.filter(user_id=user_id, serial=serial, is_active=True, user__is_active=True)
    return rows.select_related("user").first()


def feed_url(feed: CalendarFeed) -> str:
    return f"{settings.SITE_BASE_URL}{reverse('calendar-feed', args=[make_token(feed)])}"


def webcal_url(feed: CalendarFeed) -> str:
    """The same for calendar programs that subscribe when they are sent there."""
    return f"webcal://{feed_url(feed).split('://', 1)[1]}"


def render_feed(feed: CalendarFeed) -> bytes:
    """What the person has to finish by when. What is completed or closed is not in it. Six queries at most."""
    user = feed.user
    rows = list(
        enrolments_with_edition()
        .filter(user=user, completed_at__isnull=True, expired_at__isnull=True, due_at__isnull=False)
        .order_by("due_at", "pk")[:MOST_ENTRIES]
    )
    dues = describe_open_dues(rows, learner=user)
    states = get_versions(row.edition for row in rows)
    entries = [
        _make_entry(row, due, find_path(states, row.edition)) for row in rows if (due := dues.get(row.pk)) is not None
    ]
    return make_calendar(
        entries, name=_("Deadlines · %(site)s") % {"site": settings.WAGTAIL_SITE_NAME}, zone=get_zone(user)
    )


def _make_entry(enrolment: Enrolment, due: DueView, path: str) -> Entry:
    url = f"{settings.SITE_BASE_URL}{path}"
    host = urlsplit(settings.SITE_BASE_URL).hostname or "coursewright"
    return Entry(
        uid=f"enrolment-{enrolment.pk}-cycle-{enrolment.cycle}@{host}",
        due_at=due.due_at,
        title=_("Due: %(course)s") % {"course": enrolment.edition.title},
        description="\n".join([*(reason.text for reason in due.reasons), url]),
        url=url,
        sequence=enrolment.due_sequence,
        changed_at=enrolment.due_changed_at or enrolment.enrolled_at,
    )
