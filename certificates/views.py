"""Public verification by number, and the download for those who may."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from certificates.access import may_download
from certificates.guessing import count_miss, is_guessing
from certificates.models import Certificate
from certificates.numbering import normalise
from certificates.queries import get_certificate
from certificates.services import render_file


@require_safe
def look_up(request: HttpRequest) -> HttpResponseBase:
    """The form; with ``?number=`` on to the certificate's page."""
    typed = request.GET.get("number", "").strip()
    if not typed:
        return render(request, "certificates/lookup.html")
    number = normalise(typed)
    return redirect("certificate", number) if number else _not_ours(request, typed)


@require_safe
@cache_control(private=True, no_store=True)
def show_certificate(request: HttpRequest, number: str) -> HttpResponseBase:
    """What the certificate itself shows, and whether it holds today. 404 for a number we never gave out."""
    if is_guessing(request):
        response = HttpResponse(_("Too many unknown numbers. Try again in ten minutes."), status=429)
        response["Retry-After"] = "600"
        return response
    certificate = get_certificate(number)
    if certificate is None:
        return _not_ours(request, number)
    if certificate.number != number:
        return redirect("certificate", certificate.number)
    response = render(request, "certificates/verify.html", _context(request, certificate))
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def download_pdf(request: HttpRequest, number: str) -> HttpResponseBase:
    """The stored bytes, byte for byte, for the owner and staff. Nobody else learns whether the number exists."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    certificate = get_certificate(number)
    if certificate is None or not may_download(request.user, certificate):
        raise Http404(_("There is no certificate with this number."))
    file = certificate.file
    if file.pdf is None:
        file = render_file(certificate_id=certificate.pk, is_waited_for=True)
    if file.pdf is None:
        return _not_drawn_yet(request)
    return pdf_response(request, certificate.number, bytes(file.pdf), file.sha256)


def pdf_response(request: HttpRequest, number: str, pdf: bytes, sha256: str) -> HttpResponse:
    """The file as an attachment; its SHA-256 is the ETag."""
    etag = f'"{sha256}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-store"
    return response


def _not_drawn_yet(request: HttpRequest) -> HttpResponse:
    message = _("Your certificate is being drawn. Please come back in a minute: it is safe and will not be lost.")
    response = HttpResponse(message, status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = "60"
    return response


def _not_ours(request: HttpRequest, typed: str) -> HttpResponse:
    count_miss(request)
    context = {"certificate": None, "not_found_number": typed[:60]}
    return render(request, "certificates/verify.html", context, status=404)


def _context(request: HttpRequest, certificate: Certificate) -> dict[str, Any]:
    is_allowed = may_download(request.user, certificate)
    return {
        "certificate": {
            "number": certificate.number,
            "status": certificate.status_at(timezone.now()),
            "facts": certificate.facts,
            "issued_at": certificate.issued_at,
            "expires_at": certificate.expires_at,
            "pdf_url": reverse("certificate-pdf", args=[certificate.number]) if is_allowed else "",
        },
        "may_download": is_allowed,
    }
