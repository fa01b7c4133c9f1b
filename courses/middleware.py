"""Turns a refused publication anywhere in the admin into a message and a way back, instead of an error page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.admin import messages

from courses.publishing import PublishRefusedError


class PublishRefusedMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, PublishRefusedError) and request.path.startswith(reverse("wagtailadmin_home")):
            return explain_refusal(request, exception)
        return None


def explain_refusal(request: HttpRequest, refused: PublishRefusedError) -> HttpResponse:
    """Name every problem and lead to the editor of the page that has them."""
    edit_url = reverse("wagtailadmin_pages:edit", args=[refused.page.pk])
    message = format_html(
        "{} <ul>{}</ul>",
        _("“%(title)s” was not published. The draft is kept; mend this and publish again:")
        % {"title": refused.page.get_admin_display_title()},
        format_html_join("", "<li>{}</li>", ((problem.message,) for problem in refused.problems)),
    )
    messages.error(request, message)
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        # Workflow actions run in a modal that follows this address.
        return JsonResponse({"step": "success", "redirect": edit_url})
    return HttpResponseRedirect(edit_url)
