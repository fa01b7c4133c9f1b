"""The calendar feed that programs fetch, and the page where its owner gets, renews and revokes the address."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from learners.accounts.queries import get_zone
from learners.enrolments.feeds import (
    feed_url,
    find_feed,
    get_feed,
    render_feed,
    renew_feed,
    switch_off_feed,
    webcal_url,
)
from learners.views.guessing import count_miss, is_guessing
from learners.views.personal import personal

SUBJECT = "calendars"
MAX_AGE = 5 * 60


@require_safe
def serve_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the address reads it: no cookie is asked for. A wrong or revoked one is a 404, thirty are a 429."""
    if is_guessing(request, SUBJECT):
        return HttpResponse(_("Too many unknown addresses."), status=429, headers={"Retry-After": "600"})
    feed = find_feed(token)
    if feed is None:
        count_miss(request, SUBJECT)
        raise Http404
    with timezone.override(get_zone(feed.user)):
        body = render_feed(feed)
    etag = f'"{hashlib.sha256(body).hexdigest()[:40]}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    response["ETag"] = etag
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, max_age=MAX_AGE)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@personal
def edit_calendar(request: HttpRequest) -> HttpResponse:
    """POST with ``action`` "renew" or "off"."""
    if request.method == "POST":
        if request.POST.get("action") == "off":
            switch_off_feed(user=request.user)  # type: ignore[arg-type]
            messages.success(request, _("Your calendar address is switched off. It leads nowhere any more."))
        else:
            renew_feed(user=request.user)  # type: ignore[arg-type]
            messages.success(request, _("This is your new calendar address. Any earlier one leads nowhere any more."))
        return redirect("calendar")
    feed = get_feed(request.user)  # type: ignore[arg-type]
    context = {"url": feed_url(feed), "webcal_url": webcal_url(feed)} if feed else {}
    return render(request, "learning/calendar.html", context)
