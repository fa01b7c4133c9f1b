"""Companies in the admin: making one, who is in it and as what. What it asks of its people is set on its own page."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.dashboards.registers import Register, column
from learners.accounts.models import User
from learners.companies.models import Company, Membership, Role
from learners.companies.services import (
    CompanyRefusedError,
    add_member,
    change_role,
    create_company,
    remove_member,
)
from learners.forms import CompanyForm

COMPANIES_URL = "registers_companies_modeladmin_index"
MEMBERS_URL = "registers_memberships_modeladmin_index"
CHANGE = "companies.change_company"


class CompanyRegister(Register):
    model = Company
    base_url_path = "registers/companies"
    menu_label = _("Companies")
    menu_icon = "group"
    index_template_name = "admin/registers/companies.html"
    list_display = ("name", "zone", "people_count", "leaders_count")
    list_export = ("name", "zone", "people_count", "leaders_count", "rules_count", "created_at")
    search_fields = ("name",)
    ordering = ("name",)
    inspect_view_fields = ("name", "zone", "people_count", "leaders_count", "rules_count", "created_at")
    export_filename = "companies"

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.list_display, "links") if request.user.has_perm(CHANGE) else self.list_display

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Company]":
        leaders = Q(memberships__role__in=(Role.OWNER, Role.MANAGER))
        return (
            super()
            .get_queryset(request)
            .annotate(
                people_n=Count("memberships", distinct=True),
                leaders_n=Count("memberships", filter=leaders, distinct=True),
                rules_n=Count("deadline_rules", distinct=True),
            )
        )

    @column(_("Time zone"), "time_zone")
    def zone(self, company: Company) -> str:
        return company.time_zone or gettext("Same as the site")

    @column(_("People"), "people_n")
    def people_count(self, company: Any) -> int:
        return company.people_n

    @column(_("Owners and managers"), "leaders_n")
    def leaders_count(self, company: Any) -> int:
        return company.leaders_n

    @column(_("Deadlines"), "rules_n")
    def rules_count(self, company: Any) -> int:
        return company.rules_n

    @column(_("Manage"))
    def links(self, company: Company) -> str:
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a> · <a href="{}">{}</a>',
            f"{reverse(MEMBERS_URL)}?company__id__exact={company.pk}",
            gettext("People"),
            reverse("company-add-person", args=[company.pk]),
            gettext("Add a person"),
            reverse("team-company", args=[company.slug]),
            gettext("Deadlines"),
        )


class MembershipRegister(Register):
    model = Membership
    base_url_path = "registers/memberships"
    menu_label = _("Memberships")
    menu_icon = "user"
    list_display = ("person", "email", "company", "role", "joined_on")
    list_export = ("person", "email", "company", "role", "joined_at")
    list_filter = ("role", "company")
    list_select_related = ("user", "company")
    search_fields = ("user__name", "user__email", "company__name")
    ordering = ("company__name", "user__name")
    inspect_view_fields = ("person", "email", "company", "role", "joined_at")
    export_filename = "memberships"

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.list_display, "change_link") if request.user.has_perm(CHANGE) else self.list_display

    @column(_("Person"), "user__name")
    def person(self, membership: Membership) -> str:
        return str(membership.user)

    @column(_("E-mail"), "user__email")
    def email(self, membership: Membership) -> str:
        return membership.user.email

    @column(_("Joined"), "joined_at")
    def joined_on(self, membership: Membership) -> date:
        return localdate(membership.joined_at)

    @column(_("Change"))
    def change_link(self, membership: Membership) -> str:
        label = gettext("Change the role of %(person)s") % {"person": membership.user}
        url = reverse("company-change-person", args=[membership.pk])
        return format_html('<a href="{}" aria-label="{}">{}</a>', url, label, gettext("Change"))


class PersonForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of the person"), help_text=_("They need an account already."))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        initial=Role.MEMBER,
        help_text=_("Owners and managers follow everybody in the company and set its deadlines."),
    )

    def clean_email(self) -> User:
        person = User.objects.filter(email__iexact=self.cleaned_data["email"]).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has an account with this address."), code="unknown")
        return person


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=[*Role.choices, ("remove", _("Remove from the company"))])


class CompanyView(WagtailAdminTemplateMixin, FormView):
    """Base of the forms: open to those who may change companies."""

    header_icon = "group"
    template_name = "wagtailadmin/generic/form.html"
    submit_label: Any = _("Save")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listing = {"url": reverse(COMPANIES_URL), "label": _("Companies")}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        labels = {"submit_button_label": self.submit_label, "action_url": self.request.path}
        return super().get_context_data(**kwargs) | labels

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            message, url = self.apply(form.cleaned_data)
        except CompanyRefusedError as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, message)
        return redirect(url)

    def apply(self, facts: dict[str, Any]) -> tuple[str, str]:
        """Call the service; what to say, and where to go."""
        raise NotImplementedError


class CreateCompanyView(CompanyView):
    page_title = _("New company")
    form_class = CompanyForm
    submit_label = _("Create")

    def apply(self, facts: dict[str, Any]) -> tuple[str, str]:
        company = create_company(**facts)
        message = gettext("“%(company)s” is made. Add its people.") % {"company": company}
        return message, reverse("company-add-person", args=[company.pk])


class AddPersonView(CompanyView):
    page_title = _("Add a person")
    form_class = PersonForm
    submit_label = _("Add")

    @cached_property
    def company(self) -> Company:
        return get_object_or_404(Company, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.company.name

    def apply(self, facts: dict[str, Any]) -> tuple[str, str]:
        membership = add_member(company=self.company, user=facts["email"], role=facts["role"])
        said = gettext("%(person)s is in “%(company)s” as %(role)s.")
        names = {"person": membership.user, "company": self.company, "role": membership.get_role_display().lower()}
        return said % names, self.request.path


class ChangePersonView(CompanyView):
    page_title = _("Change a membership")
    form_class = RoleForm

    @cached_property
    def membership(self) -> Membership:
        return get_object_or_404(Membership.objects.select_related("user", "company"), pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"role": self.membership.role}

    def get_page_subtitle(self) -> str:
        return str(self.membership)

    def apply(self, facts: dict[str, Any]) -> tuple[str, str]:
        if facts["role"] == "remove":
            remove_member(membership=self.membership)
            message = gettext("%(person)s is no longer in “%(company)s”.")
        else:
            change_role(membership=self.membership, role=facts["role"])
            message = gettext("The role of %(person)s in “%(company)s” is changed.")
        names = {"person": self.membership.user, "company": self.membership.company}
        return message % names, f"{reverse(MEMBERS_URL)}?company__id__exact={self.membership.company_id}"


def company_urls() -> list[URLPattern]:
    return [
        path("registers/companies/new/", CreateCompanyView.as_view(), name="company-new"),
        path("registers/companies/<int:pk>/add/", AddPersonView.as_view(), name="company-add-person"),
        path("registers/memberships/<int:pk>/change/", ChangePersonView.as_view(), name="company-change-person"),
    ]
