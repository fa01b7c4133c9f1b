"""Opening a timed block again for somebody whose time ran out: one page, for their managers and for staff."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from learners.accounts.models import User
from learners.forms import ReopeningForm
from learners.progress.reopening import ReopeningRefusedError, find_ended_block, reopen_block
from learners.views.personal import personal
from learners.views.team import find_followed_enrolment


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@personal
def reopen(request: HttpRequest, enrolment_id: int, lesson_id: uuid.UUID, block_id: uuid.UUID) -> HttpResponse:
    """What had run, and why it may run again; afterwards back to the person. 404 for who may not give more time."""
    enrolment = find_followed_enrolment(request, enrolment_id)
    form = ReopeningForm(request.POST or None)
    ended = find_ended_block(enrolment, lesson_id, block_id)
    if request.method == "POST" and form.is_valid():
        try:
            reopen_block(
                enrolment_id=enrolment.pk,
                lesson_key=lesson_id,
                block_id=block_id,
                by=cast(User, request.user),
                note=form.cleaned_data["note"],
            )
        except ReopeningRefusedError as refusal:
            if refusal.code == "not_found":
                raise Http404 from refusal
            form.add_error("note" if refusal.code.startswith("note") else None, refusal.message)
        else:
            messages.success(request, _("%(person)s can start this part again.") % {"person": enrolment.user})
            return redirect("team-person", person_id=enrolment.user_id)
    context = {"form": form, "enrolment": enrolment, "person": enrolment.user, "ended": ended}
    return render(request, "team/reopen.html", context, status=422 if form.is_bound else 200)
