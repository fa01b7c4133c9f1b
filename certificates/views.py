"""Public verification by number or by file, and the download for those who may."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from certificates.access import may_download, may_share
from certificates.guessing import WINDOW, count_miss, is_guessing, may_upload
from certificates.models import Certificate
from certificates.numbering import normalise
from certificates.queries import get_certificate, make_card, make_proof
from certificates.services import render_file
from certificates.uploads import MAX_BYTES, NoFileError, UploadTooLargeError, read_upload
from certificates.verification import verify_file


@require_safe
def look_up(request: HttpRequest) -> HttpResponseBase:
    """The forms; with ``?number=`` on to the certificate's page."""
    typed = request.GET.get("number", "").strip()
    if not typed:
        return render(request, "certificates/lookup.html")
    if is_guessing(request):
        return too_many(request)
    number = normalise(typed)
    return redirect("certificate", number) if number else _not_ours(request, typed)


@require_safe
@cache_control(private=True, no_store=True)
def show_certificate(request: HttpRequest, number: str) -> HttpResponseBase:
    """What the certificate itself shows, and whether it holds today. 404 for a number we never gave out."""
    if is_guessing(request):
        return too_many(request)
    certificate = get_certificate(number)
    if certificate is None:
        return _not_ours(request, number)
    if certificate.number != number:
        return redirect("certificate", certificate.number)
    response = render(request, "certificates/verify.html", _context(request, certificate))
    response["X-Robots-Tag"] = "noindex"
    return response


# No CSRF token: it changes nothing, and looking for one would read the whole file before its size is known.
@csrf_exempt
@require_POST
@cache_control(private=True, no_store=True)
def check_file(request: HttpRequest) -> HttpResponseBase:
    """Whether a PDF is one of ours, unchanged, and holds today. The file is not kept."""
    if not may_upload(request):
        return too_many(request)
    try:
        verdict = verify_file(read_upload(request))
    except UploadTooLargeError:
        most = {"most": MAX_BYTES // 2**20}
        return _no_file(request, 413, _("This file is too large for a certificate: at most %(most)s MB.") % most)
    except NoFileError:
        return _no_file(request, 400, _("Choose the PDF of a certificate first."))
    if not verdict.is_genuine:
        count_miss(request)
    certificate = get_certificate(verdict.number) if verdict.is_genuine else None
    context = {
        "state": verdict.state,
        "reason": verdict.reason,
        "certificate": make_proof(certificate) if certificate else None,
        "is_file": True,
    }
    return render(request, "certificates/verify.html", context)


@require_safe
def download_pdf(request: HttpRequest, number: str) -> HttpResponseBase:
    """The stored bytes, byte for byte, for owner, managers and staff. Nobody else learns whether the number exists."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    certificate = get_certificate(number)
    if certificate is None or not may_download(request.user, certificate):
        raise Http404(_("There is no certificate with this number."))
    return send_pdf(request, certificate)


def send_pdf(request: HttpRequest, certificate: Certificate) -> HttpResponseBase:
    """The file, drawn now if it has not been drawn yet; without asking who may have it."""
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


def too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "certificates/too_many.html", {"minutes": WINDOW // 60}, status=429)
    response["Retry-After"] = str(WINDOW)
    return response


def _not_drawn_yet(request: HttpRequest) -> HttpResponse:
    response = render(request, "certificates/not_drawn.html", status=503)
    response["Retry-After"] = "60"
    return response


def _not_ours(request: HttpRequest, typed: str) -> HttpResponse:
    count_miss(request)
    return render(request, "certificates/verify.html", {"state": "unknown", "not_found_number": typed[:60]}, status=404)


def _no_file(request: HttpRequest, status: int, message: str) -> HttpResponse:
    return render(request, "certificates/lookup.html", {"file_error": message}, status=status)


def _context(request: HttpRequest, certificate: Certificate) -> dict[str, Any]:
    proof = make_proof(certificate)
    pdf_url = reverse("certificate-pdf", args=[certificate.number]) if may_download(request.user, certificate) else ""
    own = make_card(certificate) if may_share(request.user, certificate) else None
    return {"certificate": proof, "state": proof.status, "pdf_url": pdf_url, "own": own}
