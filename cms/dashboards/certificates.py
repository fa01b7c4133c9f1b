"""The register of certificates: filters on top, one page each with the chain and everything that was done."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.access import may_change, may_view_register
from certificates.mailing import describe_mail
from certificates.models import Certificate, CertificateStatus
from certificates.queries import make_credential_path
from certificates.selection import EXPIRED, Selection, list_certified_courses, select_certificates
from cms.dashboards.registers import ReadOnlyPermissions, Register, RegisterIndexView, RegisterInspectView, column
from learners.accounts.models import User
from learners.companies.models import Company

STATUS_CHOICES = [*CertificateStatus.choices, (EXPIRED, _("Expired"))]
STATUS_LABELS = dict(STATUS_CHOICES)


class SelectionForm(forms.Form):
    """What the filters mean; the same form selects for the register, its export and the zip."""

    template_name = "admin/registers/certificate_filters.html"

    status = forms.ChoiceField(label=_("Status"), required=False)
    course = forms.UUIDField(label=_("Course"), required=False)
    company = forms.ModelChoiceField(
        label=_("Company"), queryset=Company.objects.none(), required=False, empty_label=_("All")
    )
    issued_from = forms.DateField(
        label=_("Issued from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    issued_to = forms.DateField(
        label=_("Issued until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    q = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", _("All")), *STATUS_CHOICES]  # type: ignore[attr-defined]
        self.fields["company"].queryset = Company.objects.all()  # type: ignore[attr-defined]
        self.fields["course"].widget = forms.Select(choices=[("", _("All")), *list_certified_courses()])

    def read(self) -> Selection:
        """Raises ``IncorrectLookupParameters``."""
        if not self.is_valid():
            raise IncorrectLookupParameters(", ".join(self.errors))
        data = self.cleaned_data
        return Selection(
            text=data["q"],
            status=data["status"],
            course=data["course"],
            company=data["company"].pk if data["company"] else None,
            issued_from=data["issued_from"],
            issued_to=data["issued_to"],
        )


FILTERS = ("status", "course", "company", "issued_from", "issued_to")


class CertificateIndexView(RegisterIndexView):
    page_title = _("Certificates")
    IGNORED_PARAMS = (*RegisterIndexView.IGNORED_PARAMS, *FILTERS)

    def get_queryset(self, request: HttpRequest | None = None) -> "QuerySet[Certificate]":
        request = request or self.request
        if not hasattr(self, "selection"):  # asked for twice: by modeladmin and by Django
            self.selection_form = SelectionForm(request.GET)
            self.selection = self.selection_form.read()
        chosen = select_certificates(self.selection)
        listed: QuerySet[Certificate] = super().get_queryset(request)
        return listed.filter(pk__in=chosen.order_by().values("pk"))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """The selection has searched already: by facts too, and by numbers however they are typed."""
        return queryset

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.params.items() if name in (*FILTERS, "q") and value}
        return super().get_context_data(*args, **kwargs) | {
            "selection_form": self.selection_form,
            "is_filtered": any(name in given for name in FILTERS),
            "may_change": may_change(self.request.user),
            "archive_url": f"{reverse('certificate-archive-new')}?{urlencode(given)}",
            "clear_url": f"?{urlencode({'q': self.query})}" if self.query else self.index_url,
        }


class CertificateInspectView(RegisterInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Fixed queries, whatever happened to it: the row, its file, the chain, the events."""
        certificate: Certificate = self.instance
        return super().get_context_data(**kwargs) | {
            "chain": Certificate.objects.filter(enrolment_id=certificate.enrolment_id).order_by("pk"),
            "events": certificate.events.select_related("by"),
            "may_change": may_change(self.request.user),
            "inspect_url_name": self.url_helper.get_action_url_name("inspect"),
        }


class CertificatePermissions(ReadOnlyPermissions):
    def user_can_list(self, user: User) -> bool:
        return may_view_register(user)


class CertificateRegister(Register):
    model = Certificate
    base_url_path = "registers/certificates"
    menu_label = _("Register")
    menu_icon = "award"
    index_view_class = CertificateIndexView
    inspect_view_class = CertificateInspectView
    permission_helper_class = CertificatePermissions
    index_template_name = "admin/registers/certificates.html"
    inspect_template_name = "admin/registers/certificate.html"
    list_display = ("number", "holder", "course", "status_now", "issued_on", "valid_until", "document")
    list_export = (
        "number",
        "holder",
        "email",
        "course",
        "score",
        "edition_number",
        "status_now",
        "issued_at",
        "expires_at",
        "revoked_at",
        "revocation_reason",
        "replaces",
    )
    list_select_related = ("user", "supersedes")
    search_fields = ("number", "user__name", "user__email")
    ordering = ("-issued_at",)
    inspect_view_fields = (
        "number",
        "holder",
        "email",
        "course",
        "edition_number",
        "content_digest",
        "score",
        "status_now",
        "issued_at",
        "valid_until",
        "revoked_at",
        "revocation_reason",
        "file_digest",
        "signed_by",
        "is_shared",
        "mail",
        "document",
        "open_badge",
        "evidence",
    )
    export_filename = "certificates"

    @column(_("Name on it"), "user__name")
    def holder(self, certificate: Certificate) -> str:
        return certificate.facts["name"]

    @column(_("E-mail"), "user__email")
    def email(self, certificate: Certificate) -> str:
        return certificate.user.email

    @column(_("Course"), "edition__title")
    def course(self, certificate: Certificate) -> str:
        return certificate.facts["course"]

    @column(_("Score"), "enrolment__score")
    def score(self, certificate: Certificate) -> str | None:
        return certificate.facts["score"]

    @column(_("Edition"), "edition__number")
    def edition_number(self, certificate: Certificate) -> int:
        return certificate.facts["edition"]

    @column(_("Fingerprint of the content"), "edition__digest")
    def content_digest(self, certificate: Certificate) -> str:
        return certificate.facts.get("edition_digest", "")

    @column(_("Status"), "status")
    def status_now(self, certificate: Certificate) -> str:
        return str(STATUS_LABELS[certificate.status_at(timezone.now())])

    @column(_("Issued"), "issued_at")
    def issued_on(self, certificate: Certificate) -> date:
        return localdate(certificate.issued_at)

    @column(_("Valid until"), "expires_at")
    def valid_until(self, certificate: Certificate) -> date | None:
        last_day = certificate.facts.get("expires_on")
        return date.fromisoformat(last_day) if last_day else None

    @column(_("Reason"), "revocation_reason")
    def revocation_reason(self, certificate: Certificate) -> str:
        return certificate.get_revocation_reason_display() if certificate.revocation_reason else ""

    @column(_("Revoked"), "revoked_at")
    def revoked_at(self, certificate: Certificate) -> Any:
        return certificate.revoked_at

    @column(_("Replaces"), "supersedes")
    def replaces(self, certificate: Certificate) -> str:
        return certificate.supersedes.number if certificate.supersedes else ""

    @column(_("SHA-256 of the PDF"), "number")
    def file_digest(self, certificate: Certificate) -> str:
        return certificate.file.sha256 or gettext("Not drawn yet")

    @column(_("Key of the signature"), "number")
    def signed_by(self, certificate: Certificate) -> str:
        return certificate.file.signed_by or gettext("Not signed")

    @column(_("Public link"), "share_token")
    def is_shared(self, certificate: Certificate) -> str:
        return gettext("Switched on by its owner") if certificate.share_token else gettext("Off")

    @column(_("E-mail to its owner"), "number")
    def mail(self, certificate: Certificate) -> str:
        return describe_mail(certificate)

    @column(_("PDF"), "number")
    def document(self, certificate: Certificate) -> str:
        url = reverse("certificate-pdf", args=[certificate.number])
        label = gettext("Download the PDF of %(number)s") % {"number": certificate.number}
        return format_html('<a href="{}" aria-label="{}">{}</a>', url, label, _("Download"))

    @column(_("Credential"), "number")
    def open_badge(self, certificate: Certificate) -> str:
        return format_html('<a href="{}">{}</a>', make_credential_path(certificate.number), _("Open Badge (JSON)"))

    @column(_("Evidence"), "enrolment")
    def evidence(self, certificate: Certificate) -> str:
        url = reverse("evidence", args=[certificate.enrolment_id])
        return format_html('<a href="{}">{}</a>', url, _("How it was earned"))
