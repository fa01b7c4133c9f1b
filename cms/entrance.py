"""One way in: Wagtail's own login addresses lead to the site's, which counts failures and knows second factors."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def lead_to_login(request: HttpRequest) -> HttpResponse:
    """Wagtail sends people here whom it does not let in. Whoever is signed in already would be sent in circles, so
    staff land on the admin's home page and others are told that they may not enter."""
    if not request.user.is_authenticated:
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{reverse('account_login')}?{query}" if query else "account_login")
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    raise PermissionDenied
