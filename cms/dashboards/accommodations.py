"""Accommodations in the admin: who has which, granting and ending them. Rows are never changed, only ended."""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.dashboards.registers import ReadOnlyPermissions, Register, column
from learners.accommodations.access import can_grant_accommodations, can_read_accommodations
from learners.accommodations.models import Accommodation
from learners.accommodations.services import (
    MAX_EXTRA_ATTEMPTS,
    MAX_FACTOR,
    MAX_NOTE,
    AccommodationRefusedError,
    end_accommodation,
    grant_accommodation,
)
from learners.accounts.models import User

REGISTER_URL = "registers_accommodations_modeladmin_index"
FIELD_OF = {"bad_factor": "time_factor", "bad_attempts": "extra_attempts", "bad_note": "note"}


class AccommodationPermissions(ReadOnlyPermissions):
    def user_can_list(self, user: User) -> bool:
        return can_read_accommodations(user)


class AccommodationRegister(Register):
    model = Accommodation
    base_url_path = "registers/accommodations"
    menu_label = _("Accommodations")
    menu_icon = "time"
    permission_helper_class = AccommodationPermissions
    index_template_name = "admin/registers/accommodations.html"
    list_display = ("person", "time", "extra_attempts", "granted_on", "granted_by_name", "in_force")
    list_export = ("person", "email", "time", "extra_attempts", "granted_at", "granted_by_name", "ended_at")
    list_filter = ("is_untimed", "granted_at", "ended_at")
    list_select_related = ("user", "granted_by", "ended_by")
    search_fields = ("user__name", "user__email")
    ordering = ("-granted_at",)
    inspect_view_fields = (
        "person",
        "email",
        "time",
        "extra_attempts",
        "note",
        "granted_at",
        "granted_by_name",
        "ended_at",
        "ended_by_name",
    )
    export_filename = "accommodations"

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.list_display, "end_link") if can_grant_accommodations(request.user) else self.list_display

    @column(_("Person"), "user__name")
    def person(self, accommodation: Accommodation) -> str:
        return str(accommodation.user)

    @column(_("E-mail"), "user__email")
    def email(self, accommodation: Accommodation) -> str:
        return accommodation.user.email

    @column(_("Time"), "time_factor")
    def time(self, accommodation: Accommodation) -> str:
        if accommodation.is_untimed:
            return gettext("No time limits")
        return f"× {accommodation.time_factor.normalize():f}"

    @column(_("Granted"), "granted_at")
    def granted_on(self, accommodation: Accommodation) -> date:
        return localdate(accommodation.granted_at)

    @column(_("Granted by"), "granted_by__name")
    def granted_by_name(self, accommodation: Accommodation) -> str:
        return str(accommodation.granted_by or "")

    @column(_("Ended by"), "ended_by__name")
    def ended_by_name(self, accommodation: Accommodation) -> str:
        return str(accommodation.ended_by or "")

    @column(_("In force"), "ended_at")
    def in_force(self, accommodation: Accommodation) -> str:
        if accommodation.ended_at is None:
            return gettext("Yes")
        return gettext("Ended on %(day)s") % {"day": localdate(accommodation.ended_at)}

    @column(_("End"))
    def end_link(self, accommodation: Accommodation) -> str:
        if accommodation.ended_at is not None:
            return ""
        label = gettext("End the accommodation of %(person)s") % {"person": accommodation.user}
        url = reverse("accommodation-end", args=[accommodation.pk])
        return format_html('<a href="{}" aria-label="{}">{}</a>', url, label, gettext("End"))


class GrantForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of the person"))
    time_factor = forms.DecimalField(
        label=_("Time factor"),
        min_value=1,
        max_value=MAX_FACTOR,
        max_digits=4,
        decimal_places=2,
        initial=1,
        help_text=_("1.5 turns 30 minutes into 45. Time limits are rounded up to the full minute."),
    )
    extra_attempts = forms.IntegerField(
        label=_("Extra attempts"), min_value=0, max_value=MAX_EXTRA_ATTEMPTS, initial=0, help_text=_("At every quiz.")
    )
    is_untimed = forms.BooleanField(label=_("No time limits at all"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why it is granted. Seen by staff and in the evidence, never by managers of a company."),
    )

    def clean_email(self) -> User:
        person = User.objects.filter(email__iexact=self.cleaned_data["email"]).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has an account with this address."), code="unknown")
        return person


class AccommodationView(WagtailAdminTemplateMixin, FormView):
    """Base of both forms: open to those who may grant."""

    header_icon = "time"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_grant_accommodations(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listing = {"url": reverse(REGISTER_URL), "label": _("Accommodations")}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.get_page_title()}]

    def get_success_url(self) -> str:
        return reverse(REGISTER_URL)


class GrantView(AccommodationView):
    page_title = _("Grant an accommodation")
    template_name = "wagtailadmin/generic/form.html"
    form_class = GrantForm

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.request.GET.get("email", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        labels = {"submit_button_label": _("Grant"), "submit_button_active_label": _("Granting…")}
        return super().get_context_data(**kwargs) | labels | {"action_url": self.request.path}

    def form_valid(self, form: GrantForm) -> HttpResponse:
        names = ("time_factor", "extra_attempts", "is_untimed", "note")
        facts = {name: form.cleaned_data[name] for name in names}
        person: User = form.cleaned_data["email"]
        try:
            grant_accommodation(user=person, granted_by=cast(User, self.request.user), **facts)
        except AccommodationRefusedError as refusal:
            form.add_error(FIELD_OF.get(refusal.code), refusal.message)
            return self.form_invalid(form)
        granted = _("Granted to %(person)s. It holds for exams that are running, too.")
        messages.success(self.request, granted % {"person": person})
        return redirect(self.get_success_url())


class EndView(AccommodationView):
    page_title = _("End an accommodation")
    template_name = "admin/registers/accommodation_end.html"
    form_class = forms.Form

    def get_accommodation(self) -> Accommodation:
        return get_object_or_404(Accommodation.objects.select_related("user"), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.get_accommodation().user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = self.get_accommodation()
        return super().get_context_data(**kwargs) | {"accommodation": held, "register_url": self.get_success_url()}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        held = self.get_accommodation()
        if held.ended_at is None:
            end_accommodation(user=held.user, ended_by=cast(User, self.request.user))
        messages.success(self.request, _("The accommodation of %(person)s has ended.") % {"person": held.user})
        return redirect(self.get_success_url())


def accommodation_urls() -> list[URLPattern]:
    return [
        path("registers/accommodations/grant/", GrantView.as_view(), name="accommodation-grant"),
        path("registers/accommodations/<int:pk>/end/", EndView.as_view(), name="accommodation-end"),
    ]
