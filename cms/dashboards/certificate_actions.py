"""What the staff does with certificates: revoke, reinstate, issue anew, issue what is missing. Each asks first."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from certificates.access import may_change
from certificates.awarding import count_missing_certificates
from certificates.life import (
    MAX_NAME,
    MAX_NOTE,
    LifeRefusedError,
    reinstate_certificate,
    reissue_certificate,
    revoke_certificate,
)
from certificates.mailing import request_mail
from certificates.models import Certificate, RevocationReason
from certificates.tasks import issue_missing
from learners.accounts.models import User

REGISTER_URL = "registers_certificates_modeladmin_index"
INSPECT_URL = "registers_certificates_modeladmin_inspect"
FIELD_OF = {"bad_reason": "reason", "bad_name": "name", "nothing_to_correct": "name", "bad_note": "note"}


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the record. Seen by staff only, never on the public page."),
    )


class RevokeForm(NoteForm):
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "---------"), *RevocationReason.choices],
        help_text=_("This class of reason is public: the verification page shows it."),
    )
    field_order = ["reason", "note"]


class ReissueForm(NoteForm):
    name = forms.CharField(
        label=_("Name as it should be"), max_length=MAX_NAME, help_text=_("At first the name in the person's profile.")
    )
    field_order = ["name", "note"]


class ActionView(WagtailAdminTemplateMixin, FormView):
    """Base of all: open to those who may change certificates, and to nobody else."""

    header_icon = "award"
    template_name = "admin/registers/certificate_action.html"
    explanation: Any = ""
    submit_label: Any = ""
    is_serious = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_change(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse(REGISTER_URL)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listing = {"url": reverse(REGISTER_URL), "label": _("Certificates")}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "explanation": self.explanation,
            "submit_label": self.submit_label,
            "is_serious": self.is_serious,
            "back_url": self.get_success_url(),
        }


class CertificateActionView(ActionView):
    """Base of those about one certificate. Subclasses say what is ``done`` and do it in ``act``."""

    done: Any = ""

    def get_certificate(self) -> Certificate:
        if not hasattr(self, "_certificate"):
            rows = Certificate.objects.select_related("user")
            self._certificate = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._certificate

    def act(self, certificate: Certificate, by: User, values: dict[str, Any]) -> Certificate:
        """Raises ``LifeRefusedError``."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        return reverse(INSPECT_URL, args=[self.get_certificate().pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"certificate": self.get_certificate()}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            changed = self.act(self.get_certificate(), cast(User, self.request.user), form.cleaned_data)
        except LifeRefusedError as refusal:
            field = FIELD_OF.get(refusal.code)
            form.add_error(field if field in form.fields else None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, self.done % {"number": changed.number})
        return redirect(INSPECT_URL, changed.pk)


class RevokeView(CertificateActionView):
    page_title = _("Revoke a certificate")
    form_class = RevokeForm
    explanation = _("From now on it does not hold. Its page says so with the day and the class of reason.")
    submit_label = _("Revoke")
    is_serious = True
    done = _("%(number)s is revoked.")

    def act(self, certificate: Certificate, by: User, values: dict[str, Any]) -> Certificate:
        return revoke_certificate(certificate_id=certificate.pk, reason=values["reason"], note=values["note"], by=by)


class ReinstateView(CertificateActionView):
    page_title = _("Reinstate a certificate")
    form_class = NoteForm
    explanation = _("It will hold again, as if it had never been revoked. The record keeps both.")
    submit_label = _("Reinstate")
    done = _("%(number)s holds again.")

    def act(self, certificate: Certificate, by: User, values: dict[str, Any]) -> Certificate:
        return reinstate_certificate(certificate_id=certificate.pk, note=values["note"], by=by)


class ReissueView(CertificateActionView):
    page_title = _("Issue a certificate anew")
    form_class = ReissueForm
    explanation = _(
        "Makes a certificate with the name put right, a number of its own and today as its day of issue. Everything "
        "else is copied. The old one leads to the new one, and no longer proves anything."
    )
    submit_label = _("Issue anew")
    done = _("%(number)s takes its place.")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.get_certificate().user.name}

    def act(self, certificate: Certificate, by: User, values: dict[str, Any]) -> Certificate:
        return reissue_certificate(certificate_id=certificate.pk, name=values["name"], note=values["note"], by=by)


class SendView(CertificateActionView):
    page_title = _("Send a certificate by e-mail")
    form_class = forms.Form
    submit_label = _("Send it")
    explanation = _("To the address of its owner's account, with a link to its page. The scheduler sends it.")
    done = _("%(number)s is on its way. The record will say when it was sent.")

    def act(self, certificate: Certificate, by: User, values: dict[str, Any]) -> Certificate:
        return request_mail(certificate_id=certificate.pk, by=by).certificate


class IssueMissingView(ActionView):
    """The sweeper's work, now and in the background; the count it shows is what it would issue."""

    page_title = _("Issue missing certificates")
    form_class = forms.Form
    submit_label = _("Issue them")
    explanation = _(
        "For courses that were completed before they had a certificate, or while the scheduler stood still. Usually "
        "nothing is missing: certificates are issued at once, and the scheduler looks again at every tick."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"missing": count_missing_certificates()}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        issue_missing.enqueue(by_id=self.request.user.pk)
        messages.success(self.request, _("They are being issued. Reload the register in a moment."))
        return redirect(self.get_success_url())


def certificate_urls() -> list[URLPattern]:
    base = "registers/certificates"
    return [
        path(f"{base}/<int:pk>/revoke/", RevokeView.as_view(), name="certificate-revoke"),
        path(f"{base}/<int:pk>/reinstate/", ReinstateView.as_view(), name="certificate-reinstate"),
        path(f"{base}/<int:pk>/reissue/", ReissueView.as_view(), name="certificate-reissue"),
        path(f"{base}/<int:pk>/send/", SendView.as_view(), name="certificate-send"),
        path(f"{base}/missing/", IssueMissingView.as_view(), name="certificates-missing"),
    ]
