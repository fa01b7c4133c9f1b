"""Preview links in the admin: make one for a course or lesson, copy it, see until when it holds, take it back."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from cms.dashboards.screens import Screen
from courses.models import CoursePage
from courses.preview_links import (
    DEFAULT_HOURS,
    HOURS,
    REVOKED,
    SHARED,
    can_share,
    link_url,
    list_links,
    make_link,
    revoke_links,
)
from learners.accounts.models import User

LATEST, FIXED = "latest", "fixed"


def _hours_choices() -> list[tuple[int, str]]:
    return [
        (hours, ngettext("%d hour", "%d hours", hours) % hours)
        if hours <= DEFAULT_HOURS
        else (hours, gettext("%d days") % (hours // 24))
        for hours in HOURS
    ]


class PreviewLinkForm(forms.Form):
    hours = forms.TypedChoiceField(label=_("Holds for"), choices=_hours_choices, coerce=int, initial=DEFAULT_HOURS)
    shows = forms.ChoiceField(
        label=_("Shows"),
        choices=[(LATEST, _("always the latest draft")), (FIXED, _("the draft as it is now"))],
        initial=LATEST,
    )

    def __init__(self, page: Page, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if page.specific_class is CoursePage:  # a course is shown with every draft in it, which change one by one
            del self.fields["shows"]


class PreviewLinksView(Screen):
    page_title = _("Preview links")
    header_icon = "view"
    template_name = "admin/courses/preview_links.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_share(self.page, request.user):
            raise PermissionDenied
        return super(Screen, self).dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> Page:
        return get_object_or_404(Page.objects.select_related("locale"), pk=self.kwargs["page_id"]).specific

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    def get_trail(self) -> list[tuple[str, Any]]:
        return [(reverse("wagtailadmin_pages:edit", args=[self.page.pk]), self.page.get_admin_display_title())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = self.paginate(list_links(self.page))
        return {
            "form": PreviewLinkForm(self.page),
            "edited": self.page,
            "links": [(link, link_url(link)) for link in shown],
            "page": shown,
            "is_course": isinstance(self.page, CoursePage),
        } | super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "revoke" in request.POST:
            return self._revoke(request.POST["revoke"])
        form = PreviewLinkForm(self.page, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        link = make_link(
            page=self.page,
            by=self.person,
            hours=form.cleaned_data["hours"],
            is_fixed=form.cleaned_data.get("shows") == FIXED,
        )
        messages.success(request, gettext("The link is made. Whoever has it can read the draft until it expires."))
        return redirect(f"{reverse('preview-links', args=[self.page.pk])}#link-{link.pk}")

    def _revoke(self, wanted: str) -> HttpResponse:
        """One link by its number, or ``all`` of the page and what is below it."""
        only = None if wanted == "all" else [int(wanted)] if wanted.isascii() and wanted.isdigit() else []
        count = revoke_links(page=self.page, by=self.person, only=only)
        text = ngettext("%d link was taken back.", "%d links were taken back.", count)
        messages.success(self.request, text % count)
        return redirect("preview-links", page_id=self.page.pk)


def make_preview_buttons(page: Page, user: User) -> Iterator[Button]:
    """On courses and lessons, for those who may edit them."""
    if can_share(page, user):
        url = reverse("preview-links", args=[page.pk])
        yield Button(_("Preview links"), url, icon_name="view", priority=65)


def register_preview_actions(actions: LogActionRegistry) -> None:
    """In the history of the page: who gave the draft out, and who took it back."""
    actions.register_action(SHARED, _("Share preview"), _("Made a preview link"))
    actions.register_action(REVOKED, _("Revoke preview"), _("Took a preview link back"))


def preview_link_urls() -> list[URLPattern]:
    return [path("preview-links/<int:page_id>/", PreviewLinksView.as_view(), name="preview-links")]
