"""The learner's own facts: printed name and time zone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from learners.accounts.services import update_profile
from learners.forms import ProfileForm
from learners.views.personal import personal


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@personal
def edit_profile(request: HttpRequest) -> HttpResponse:
    user = request.user
    form = ProfileForm(request.POST or None, initial={"name": user.name, "time_zone": user.time_zone})  # type: ignore[union-attr]
    if request.method == "POST" and form.is_valid():
        update_profile(user=user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    return render(request, "learning/profile.html", {"form": form}, status=422 if form.is_bound else 200)
