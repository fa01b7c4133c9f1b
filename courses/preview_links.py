"""Preview links: a signed, expiring address of a draft for people without an account, made by whoever may edit it.

A link opens one draft, or a course with every draft in it, for reading. It signs nobody in and can write nothing (see
``cms.middleware``). It ends when it expires, when it or the course's links are revoked, and when its maker's account is
closed.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, dumps, loads
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from courses.models.course import CoursePage
from courses.models.lesson import LessonPage
from courses.models.preview_links import PreviewLink
from courses.preview_tokens import PREFIX

SALT = "courses.preview"
PURPOSE = "preview"
SHARED, REVOKED = "courses.preview.share", "courses.preview.revoke"
DEFAULT_HOURS = 24
HOURS = (1, DEFAULT_HOURS, 24 * 7, 24 * 30)


class PreviewRefusedError(Exception):
    """``code``: preview_forged, preview_expired or preview_revoked."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def can_share(page: Page, user: Any) -> bool:
    """Courses and lessons, by whoever may edit them."""
    is_shareable = page.specific_class in (CoursePage, LessonPage)
    return is_shareable and bool(page.permissions_for_user(user).can_edit())


def make_link(*, page: Page, by: Any, hours: int = DEFAULT_HOURS, is_fixed: bool = False) -> PreviewLink:
    """A link to the draft of a course or lesson; ``is_fixed`` keeps it on the draft of a lesson as it is now.

    Raises ``PermissionDenied`` for whoever may not edit the page, ``ValueError`` for other ``hours`` than ``HOURS``.
    """
    if not can_share(page, by):
        raise PermissionDenied
    if hours not in HOURS:
        raise ValueError(f"A link holds for one of {HOURS} hours.")
    with transaction.atomic():
        link = PreviewLink.objects.create(
            page=page,
            revision=page.get_latest_revision() if is_fixed and page.specific_class is LessonPage else None,
            made_by=by,
            expires_at=timezone.now() + timedelta(hours=hours),
        )
        _note(link, SHARED, by)
    return link


def sign_link(link: PreviewLink) -> str:
    """Its token: what it opens, until when and whose it is, signed."""
    claims = {
        "purpose": PURPOSE,
        "link": link.pk,
        "page": link.page_id,
        "revision": link.revision_id or "latest",
        "expires": int(link.expires_at.timestamp()),
        "by": link.made_by_id,
    }
    return PREFIX + dumps(claims, salt=SALT)


def link_url(link: PreviewLink) -> str:
    return f"{settings.SITE_BASE_URL}/preview/?{urlencode({'token': sign_link(link)})}"


def open_link(token: str) -> PreviewLink:
    """The link of a token, in force, with its page. One query. Raises ``PreviewRefusedError``."""
    try:
        claims = loads(token.removeprefix(PREFIX), salt=SALT)
        is_ours = token.startswith(PREFIX) and claims["purpose"] == PURPOSE
        wanted = {"pk": int(claims["link"]), "page_id": int(claims["page"])}
        is_over = int(claims["expires"]) <= timezone.now().timestamp()
    except (BadSignature, KeyError, TypeError, ValueError):
        raise PreviewRefusedError("preview_forged") from None
    if not is_ours:
        raise PreviewRefusedError("preview_forged")
    if is_over:
        raise PreviewRefusedError("preview_expired")
    link = PreviewLink.objects.filter(**wanted).select_related("page__locale", "made_by").first()
    if link is None or link.revoked_at is not None or link.made_by is None or not link.made_by.is_active:
        raise PreviewRefusedError("preview_revoked")
    if not link.is_in_force:
        raise PreviewRefusedError("preview_expired")
    return link


def list_links(page: Page) -> "QuerySet[PreviewLink]":
    """Those in force to a page and to what is below it, the latest first. Slice it."""
    links = PreviewLink.objects.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())
    below = Page.objects.descendant_of(page, inclusive=True).values("pk")
    return links.filter(page_id__in=below).select_related("page", "made_by")


def revoke_links(*, page: Page, by: Any, only: Iterable[int] | None = None) -> int:
    """End links to a page and everything below it, all or those with the primary keys in ``only``; how many ended.

    Raises ``PermissionDenied`` for whoever may not edit the page.
    """
    if not can_share(page, by):
        raise PermissionDenied
    with transaction.atomic():
        links = list_links(page)
        found = list(links if only is None else links.filter(pk__in=list(only)))
        changed = PreviewLink.objects.filter(pk__in=[link.pk for link in found], revoked_at__isnull=True)
        count = changed.update(revoked_at=timezone.now(), revoked_by=by)
        for link in found:
            _note(link, REVOKED, by)
    return count


def _note(link: PreviewLink, action: str, by: Any) -> None:
    data = {"link": link.pk, "expires_at": link.expires_at.isoformat()}
    log(instance=link.page, action=action, user=by, data=data)
