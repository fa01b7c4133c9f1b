"""Opening a timed block again, in the admin: for staff who may change enrolments, from the page of an enrolment."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import enrolments_with_edition
from learners.forms import ReopeningForm
from learners.progress.reopening import EndedBlock, ReopeningRefusedError, find_ended_block, reopen_block

REGISTER_URL = "registers_enrolments_modeladmin_index"
INSPECT_URL = "registers_enrolments_modeladmin_inspect"


class ReopenView(WagtailAdminTemplateMixin, FormView):
    page_title = _("Open a part again")
    header_icon = "time"
    template_name = "admin/registers/reopen.html"
    form_class = ReopeningForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("learners.change_enrolment"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def enrolment(self) -> Enrolment:
        return get_object_or_404(enrolments_with_edition().select_related("user"), pk=self.kwargs["enrolment_id"])

    @cached_property
    def block(self) -> EndedBlock | None:
        return find_ended_block(self.enrolment, self.kwargs["lesson_id"], self.kwargs["block_id"])

    def get_page_subtitle(self) -> str:
        return str(self.enrolment.user)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listing = {"url": reverse(REGISTER_URL), "label": _("Enrolments")}
        one = {"url": self.get_success_url(), "label": f"{self.enrolment.user}, {self.enrolment.edition.title}"}
        return [*self.breadcrumbs_items, listing, one, {"url": "", "label": self.get_page_title()}]

    def get_success_url(self) -> str:
        return reverse(INSPECT_URL, args=[self.enrolment.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"enrolment": self.enrolment, "ended": self.block, "back_url": self.get_success_url()}
        return super().get_context_data(**kwargs) | facts

    def form_valid(self, form: ReopeningForm) -> HttpResponse:
        try:
            reopen_block(
                enrolment_id=self.enrolment.pk,
                lesson_key=self.kwargs["lesson_id"],
                block_id=self.kwargs["block_id"],
                by=cast(User, self.request.user),
                note=form.cleaned_data["note"],
            )
        except ReopeningRefusedError as refusal:
            if refusal.code == "not_found":
                raise Http404 from refusal
            form.add_error("note" if refusal.code.startswith("note") else None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, _("%(person)s can start this part again.") % {"person": self.enrolment.user})
        return redirect(self.get_success_url())


def reopening_urls() -> list[URLPattern]:
    return [
        path(
            "registers/enrolments/<int:enrolment_id>/lessons/<uuid:lesson_id>/blocks/<uuid:block_id>/reopen/",
            ReopenView.as_view(),
            name="enrolment-reopen",
        )
    ]
