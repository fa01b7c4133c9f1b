"""Downloading many certificates: ask, watch the progress, fetch the zip. Each sees their own."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from certificates.access import may_fetch_archive, may_view_register
from certificates.archives.services import ArchiveRefusedError, open_archive, request_archive, retry_archive
from certificates.models import CertificateArchive
from certificates.selection import select_certificates
from cms.dashboards.certificate_actions import REGISTER_URL
from cms.dashboards.certificates import SelectionForm
from cms.dashboards.registers import ReadOnlyPermissions, Register, column
from learners.accounts.models import User

ARCHIVES_URL = "registers_archives_modeladmin_index"


class ArchivePermissions(ReadOnlyPermissions):
    def user_can_list(self, user: User) -> bool:
        return may_view_register(user)

    def user_can_inspect_obj(self, user: User, obj: Any) -> bool:
        return False  # it has a page of its own


class ArchiveRegister(Register):
    model = CertificateArchive
    base_url_path = "registers/archives"
    menu_label = _("Downloads")
    menu_icon = "download"
    permission_helper_class = ArchivePermissions
    inspect_view_enabled = False
    list_display = ("asked_at", "asked_by", "total", "state", "kept_until", "open_link")
    list_select_related = ("requested_by",)
    ordering = ("-created_at",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[CertificateArchive]":
        rows = super().get_queryset(request).defer("selection")
        return rows if request.user.is_superuser else rows.filter(requested_by_id=request.user.pk)

    @column(_("Asked for"), "created_at")
    def asked_at(self, archive: CertificateArchive) -> datetime:
        return archive.created_at

    @column(_("By"), "requested_by__name")
    def asked_by(self, archive: CertificateArchive) -> str:
        return str(archive.requested_by)

    @column(_("State"), "finished_at")
    def state(self, archive: CertificateArchive) -> str:
        return describe(archive)

    @column(_("Kept until"), "expires_at")
    def kept_until(self, archive: CertificateArchive) -> datetime:
        return archive.expires_at

    @column(_("Open"), "created_at")
    def open_link(self, archive: CertificateArchive) -> str:
        url = reverse("certificate-archive", args=[archive.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Open"))


def describe(archive: CertificateArchive) -> str:
    if archive.finished_at:
        return gettext("Ready") if archive.file_name else gettext("File deleted")
    if archive.failed_at:
        return gettext("Failed")
    return gettext("%(done)s of %(total)s") % {"done": archive.done, "total": archive.total}


class ArchiveView(WagtailAdminTemplateMixin, TemplateView):
    """Base of both pages: open to those who see the register."""

    header_icon = "download"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_view_register(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listing = {"url": reverse(REGISTER_URL), "label": _("Certificates")}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.get_page_title()}]


class NewArchiveView(ArchiveView):
    """How many certificates the filters select; then the request for the zip of these."""

    page_title = _("Download certificates")
    template_name = "admin/registers/archive_new.html"

    def select(self, values: Any) -> list[int]:
        """Raises ``IncorrectLookupParameters``."""
        return list(select_certificates(SelectionForm(values).read()).values_list("pk", flat=True))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            count = len(self.select(request.GET))
        except IncorrectLookupParameters:
            return redirect(REGISTER_URL)
        context = {"count": count, "values": request.GET.items(), "back_url": reverse(REGISTER_URL)}
        return self.render_to_response(self.get_context_data(**context))

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            archive = request_archive(certificate_ids=self.select(request.POST), by=cast(User, request.user))
        except IncorrectLookupParameters:
            return redirect(REGISTER_URL)
        except ArchiveRefusedError as refusal:
            messages.error(request, refusal.message)
            return redirect(REGISTER_URL)
        return redirect("certificate-archive", archive.pk)


class ArchiveProgressView(ArchiveView):
    """How far it is. Reloads itself without a script; with one it only asks for the numbers."""

    page_title = _("Your download")
    template_name = "admin/registers/archive.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        archive = find_archive(self.request, self.kwargs["pk"])
        state = describe(archive)
        return super().get_context_data(**kwargs) | {"archive": archive, "state": state, "archives_url": ARCHIVES_URL}

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        archive = find_archive(request, pk)
        try:
            retry_archive(archive_id=archive.pk)
        except ArchiveRefusedError as refusal:
            messages.error(request, refusal.message)
        return redirect("certificate-archive", archive.pk)


def find_archive(request: HttpRequest, pk: UUID) -> CertificateArchive:
    """Raises ``Http404`` for the archives of others: nobody learns that there are any."""
    archive = get_object_or_404(CertificateArchive.objects.defer("selection"), pk=pk)
    if not may_fetch_archive(request.user, archive):
        raise Http404
    return archive


def show_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    archive = find_archive(request, pk)
    is_over = archive.finished_at is not None or archive.failed_at is not None
    answer = {"done": archive.done, "total": archive.total, "text": describe(archive), "is_over": is_over}
    return JsonResponse(answer)


def download_archive(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The zip, streamed."""
    archive = find_archive(request, pk)
    if archive.finished_at is None:
        raise Http404
    try:
        file = open_archive(archive)
    except FileNotFoundError:
        raise Http404 from None
    name = f"certificates-{archive.created_at:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def archive_urls() -> list[URLPattern]:
    base = "registers/certificates/archives"
    return [
        path(f"{base}/new/", NewArchiveView.as_view(), name="certificate-archive-new"),
        path(f"{base}/<uuid:pk>/", ArchiveProgressView.as_view(), name="certificate-archive"),
        path(f"{base}/<uuid:pk>/state/", show_state, name="certificate-archive-state"),
        path(f"{base}/<uuid:pk>/file/", download_archive, name="certificate-archive-file"),
    ]
