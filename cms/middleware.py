"""What every request gets: an id, a refusal of NUL bytes, no caching of personal pages, and its part's CSP."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import has_vary_header, patch_cache_control
from django.views.defaults import bad_request as site_bad_request
from django.views.defaults import permission_denied

from api.errors import bad_request as api_bad_request
from api.errors import problem_response
from courses.preview_tokens import OPEN_PATHS, find_token

GetResponse = Callable[[HttpRequest], HttpResponse]

SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
READ_ONLY = "A preview is for reading: this address does not take preview tokens."
CSP_HEADER = "Content-Security-Policy"


class RequestIdMiddleware:
    """Names the request in every log line and in the ``X-Request-ID`` of the response.

    An id from a proxy is taken over if it looks like one; anything else could forge log lines.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if SANE_ID.fullmatch(given) else str(uuid.uuid4())
        request.request_id = request_id  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class RefuseNulBytesMiddleware:
    """Answers 400 to a NUL byte in path or query string; PostgreSQL would turn it into a 500 much later."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" not in request.path_info and "%00" not in query and "\x00" not in query:
            return self.get_response(request)
        refuse = api_bad_request if request.path_info.startswith("/api/") else site_bad_request
        return refuse(request, ValueError("NUL byte"))


class PreviewTokenMiddleware:
    """A preview token opens the preview and nothing else: any other request that brings one along is refused before
    anything is read or written, whoever is signed in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not find_token(request) or (
            request.path_info in OPEN_PATHS and request.method in ("GET", "HEAD", "OPTIONS")
        ):
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            return problem_response(request, status_code=403, code="preview_read_only", detail=READ_ONLY)
        return permission_denied(request, PermissionError(READ_ONLY))


class ContentSecurityPolicyMiddleware:
    """Sends the strict policy, or the looser one to the Wagtail admin; a view that set its own keeps it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.site_policy = build_policy(settings.CSP_SITE)
        self.admin_policy = build_policy(settings.CSP_ADMIN)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_admin = request.path_info.startswith(("/admin/", "/django-admin/"))
        response.headers.setdefault(CSP_HEADER, self.admin_policy if is_admin else self.site_policy)
        return response


class PrivatePagesMiddleware:
    """What was made for one signed-in person is kept by no cache, unless the view said otherwise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # The session middleware names the cookie in Vary exactly when the response depends on who is asking.
        is_signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and has_vary_header(response, "Cookie")
        if is_signed_in and "Cache-Control" not in response:
            patch_cache_control(response, private=True, no_store=True)
        return response


def build_policy(directives: Mapping[str, Sequence[str]]) -> str:
    """The header's value, in the order given."""
    return "; ".join(f"{name} {' '.join(sources)}".strip() for name, sources in directives.items())
