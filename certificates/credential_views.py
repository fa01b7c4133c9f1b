"""Credentials for other people's software: public, readable from any origin, and no more than the certificate shows."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates.credentials.services import (
    STATUS_TTL,
    ensure_credential,
    make_did_document,
    make_status_list,
    sign_with_key_as_issuer,
)
from certificates.guessing import count_miss, is_guessing
from certificates.key_files import KeyFileError
from certificates.queries import get_certificate

CREDENTIAL_TYPE = "application/vc"
CREDENTIAL_TYPES = (CREDENTIAL_TYPE, "application/vc+ld+json", "application/ld+json", "application/json")
JWT_TYPE = "application/vc+jwt"


@require_safe
def show_credential(request: HttpRequest, number: str) -> HttpResponseBase:
    """The Open Badges credential: JSON with its proof, or a JWT for ``?format=jwt`` or by ``Accept``.

    ``?issuer=key`` gives the one issued by the key itself. Unknown numbers count as guesses.
    """
    if is_guessing(request):
        return _refuse(_("Too many unknown numbers. Try again in ten minutes."), 429, retry_after=600)
    certificate = get_certificate(number)
    if certificate is None:
        count_miss(request)
        return _refuse(_("There is no certificate with this number."), 404)
    try:
        if request.GET.get("issuer") == "key":
            body, token = sign_with_key_as_issuer(certificate)
        else:
            stored = ensure_credential(certificate)
            body, token = stored.body, stored.jwt
    except KeyFileError:
        return _key_missing()
    is_jwt = request.GET.get("format") == "jwt" or request.get_preferred_type([*CREDENTIAL_TYPES, JWT_TYPE]) == JWT_TYPE
    content_type = JWT_TYPE if is_jwt else request.get_preferred_type(CREDENTIAL_TYPES) or CREDENTIAL_TYPE
    response = _answer(request, token if is_jwt else body, content_type, "public, no-cache")
    response["X-Robots-Tag"] = "noindex"
    response["Vary"] = "Accept"
    return response


@require_safe
def show_status_list(request: HttpRequest, number: int) -> HttpResponseBase:
    """Which credentials of this list are revoked, signed; true now, and to be kept for a minute."""
    try:
        body = make_status_list(number)
    except KeyFileError:
        return _key_missing()
    if body is None:
        return _refuse(_("There is no such list."), 404)
    return _answer(request, body, CREDENTIAL_TYPE, f"public, max-age={int(STATUS_TTL.total_seconds())}")


@require_safe
def show_did(request: HttpRequest) -> HttpResponseBase:
    """Who we are and with which keys we sign or ever signed (``did:web``)."""
    try:
        document = make_did_document()
    except KeyFileError:
        return _key_missing()
    response = JsonResponse(document, content_type="application/did+json")
    return _answer(request, response.content.decode(), "application/did+json", "public, max-age=300")


def _answer(request: HttpRequest, body: str, content_type: str, caching: str) -> HttpResponse:
    digest = hashlib.sha256(f"{content_type} {body}".encode()).hexdigest()
    etag = f'"{digest[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = caching
    return _open(response)


def _refuse(message: str, status: int, *, retry_after: int = 0) -> HttpResponse:
    response = JsonResponse({"detail": message}, status=status)
    response["Cache-Control"] = "no-store"
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return _open(response)


def _key_missing() -> HttpResponse:
    """What exactly is missing is for the operator: ``manage.py certificate_keys list``."""
    return _refuse(_("This cannot be signed right now. Please try again later."), 503, retry_after=60)


def _open(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    return response
