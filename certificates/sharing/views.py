"""The public link of a certificate, the switch its owner has for it, and the owner's gallery."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from certificates.access import is_shared_by, may_share
from certificates.guessing import count_miss, is_guessing
from certificates.life import switch_sharing
from certificates.models import Certificate
from certificates.queries import NO_PROOF, get_certificate, list_certificates, make_card, make_proof
from certificates.sharing.links import make_share_url
from certificates.sharing.picture import HEIGHT, WIDTH, get_picture
from certificates.views import send_pdf, too_many
from learners.views.cards import Pagination
from learners.views.personal import personal

PAGE_SIZE = 24


@require_safe
@login_required
@personal
def show_gallery(request: HttpRequest) -> HttpResponse:
    """One's own certificates, newest first. Two queries, however many there are; no PDF is read or drawn."""
    page = Paginator(list_certificates(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    pagination = Pagination(
        number=page.number,
        pages=page.paginator.num_pages,
        previous_url=f"?page={page.previous_page_number()}" if page.has_previous() else None,
        next_url=f"?page={page.next_page_number()}" if page.has_next() else None,
        links=[
            {"number": number, "url": f"?page={number}", "is_current": number == page.number}
            for number in page.paginator.page_range
        ],
    )
    cards = [make_card(certificate) for certificate in page.object_list]
    return render(request, "certificates/gallery.html", {"certificates": cards, "pagination": pagination})


@require_POST
@login_required
def switch(request: HttpRequest, number: str) -> HttpResponseBase:
    """Switch the public link on (``is_on=1``) or off. Nobody but the owner learns whether the number exists."""
    certificate = get_certificate(number)
    if certificate is None or not may_share(request.user, certificate):
        raise Http404(_("There is no certificate with this number."))
    switch_sharing(certificate_id=certificate.pk, is_on=request.POST.get("is_on") == "1", by=request.user)  # type: ignore[arg-type]
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("certificate", args=[certificate.number])
    return redirect(f"{target}#share-{certificate.number}")


@require_safe
@cache_control(private=True, no_store=True)
def show_shared(request: HttpRequest, number: str, token: str) -> HttpResponseBase:
    """The certificate's page as its owner shows it around: with a picture for link previews, and the PDF."""
    if is_guessing(request):
        return too_many(request)
    certificate = _find_shared(request, number, token)
    proof = make_proof(certificate)
    share_url = make_share_url(certificate)
    pdf_url = reverse("certificate-shared-pdf", args=[number, token]) if _is_proof(certificate) else ""
    picture = {"url": f"{share_url}picture.png", "width": WIDTH, "height": HEIGHT}
    context = {
        "certificate": proof,
        "state": proof.status,
        "pdf_url": pdf_url,
        "share_url": share_url,
        "picture": picture,
    }
    response = render(request, "certificates/verify.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def show_picture(request: HttpRequest, number: str, token: str) -> HttpResponseBase:
    if is_guessing(request):
        return too_many(request)
    proof = make_proof(_find_shared(request, number, token))
    picture = get_picture(number=proof.number, facts=proof.facts, status=proof.status)
    response = HttpResponse(picture, content_type="image/png")
    response["X-Robots-Tag"] = "noindex"
    # Not longer: the owner may switch the link off.
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def download_shared(request: HttpRequest, number: str, token: str) -> HttpResponseBase:
    """The PDF through the link; not of a certificate that no longer proves anything."""
    if is_guessing(request):
        return too_many(request)
    certificate = _find_shared(request, number, token)
    if not _is_proof(certificate):
        raise Http404(_("This certificate no longer holds, so its PDF is not handed out."))
    response = send_pdf(request, certificate)
    response["X-Robots-Tag"] = "noindex"
    return response


def _find_shared(request: HttpRequest, number: str, token: str) -> Certificate:
    """Raises ``Http404``, the same for a link switched off, a wrong token and a number we never gave out."""
    certificate = get_certificate(number)
    if certificate is None or certificate.number != number or not is_shared_by(certificate, token):
        count_miss(request)
        raise Http404(_("This link is not valid, or its owner has switched it off."))
    return certificate


def _is_proof(certificate: Certificate) -> bool:
    return certificate.status not in NO_PROOF
