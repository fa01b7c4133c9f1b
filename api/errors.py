"""Every error the API answers: problem details (RFC 9457) with a code a program can switch on."""

import logging
import math
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from api.problems import PROBLEMS, problem_type
from api.refusals import as_api_exception

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
MAX_MESSAGE = 500

Problem = dict[str, Any]


class NotReadyError(exceptions.APIException):
    """What was asked for is being made; the client may come back in ``wait`` seconds."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "not_ready"
    default_detail = "This is being prepared. Try again shortly."
    wait = 5


def build_problem(
    request: Any, *, status_code: int, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> Problem:
    """The body of every error. ``errors`` point into the request body (``#/a/0/b``) or at a parameter (``?limit``)."""
    return {
        "type": problem_type(code),
        "title": PROBLEMS.get(code) or PROBLEMS["refused"],
        "status": status_code,
        "detail": detail,
        "code": code,
        "errors": errors or [],
        "request_id": str(getattr(request, "request_id", "") or ""),
    }


def problem_response(request: HttpRequest, *, status_code: int, code: str, detail: str) -> JsonResponse:
    """A problem outside the reach of REST framework: light views and the site's error handlers."""
    body = build_problem(request, status_code=status_code, code=code, detail=detail)
    return JsonResponse(body, status=status_code, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """For ``handler404`` of a path under ``/api/``."""
    return problem_response(request, status_code=404, code="not_found", detail="Nothing is at this address.")


def server_error(request: HttpRequest) -> JsonResponse:
    """For ``handler500`` of a path under ``/api/``. Says nothing about what went wrong inside."""
    return problem_response(request, status_code=500, code="server_error", detail="Something went wrong on our side.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """For ``handler400`` of a path under ``/api/``."""
    return problem_response(request, status_code=400, code="invalid", detail="The request could not be read.")


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response:
    """REST framework's ``EXCEPTION_HANDLER``. Whatever was raised, the client gets a problem, never a stack."""
    request = context["request"]
    set_rollback()
    error = _as_api_exception(exc)
    if error is None:
        # Told to everyone who listens for failures (error reporting, the test client), as if it had escaped.
        got_request_exception.send(sender=problem_handler, request=request._request)
        logger.error("Unhandled error at %s", request.path, exc_info=exc)
        error = exceptions.APIException("Something went wrong on our side.", code="server_error")
    errors = list(_flatten(error.detail, "")) if isinstance(error, exceptions.ValidationError) else []
    code = _code_of(error)
    body = build_problem(
        request._request, status_code=error.status_code, code=code, detail=_detail_of(error, errors), errors=errors
    )
    body |= getattr(error, "members", {})
    return Response(body, status=error.status_code, headers=_headers(error), content_type=CONTENT_TYPE)


def _as_api_exception(exc: Exception) -> exceptions.APIException | None:
    if isinstance(exc, exceptions.APIException):
        return exc
    if isinstance(exc, Http404):
        return exceptions.NotFound("Nothing is at this address.")
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(exc, RequestDataTooBig):
        error = exceptions.APIException("The body is larger than the server accepts.", code="too_large")
        error.status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
        return error
    if isinstance(exc, SuspiciousOperation | RecursionError):  # the latter from JSON nested thousands of times
        return exceptions.ParseError("The request could not be read.")
    return as_api_exception(exc)


def _code_of(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "invalid"
    if isinstance(error, exceptions.PermissionDenied) and str(error.detail).startswith("CSRF"):
        return "csrf_failed"
    codes = error.get_codes()
    return codes if isinstance(codes, str) else "invalid"


def _detail_of(error: exceptions.APIException, errors: list[dict[str, str]]) -> str:
    if not isinstance(error, exceptions.ValidationError):
        return str(error.detail)
    return errors[0]["message"] if len(errors) == 1 else f"{len(errors)} values are not valid."


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {"Cache-Control": "private, no-store"}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(error.wait))  # type: ignore[attr-defined]
    return headers


def _flatten(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """REST framework's nested error detail as a flat list with JSON pointers (RFC 6901)."""
    if isinstance(detail, dict):
        for name, value in detail.items():
            step = "" if name == "non_field_errors" else f"/{_escape(name)}"
            yield from _flatten(value, pointer + step if not str(name).startswith("?") else str(name))
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            yield from _flatten(value, f"{pointer}/{index}" if isinstance(value, dict | list) else pointer)
    else:
        where = pointer if pointer.startswith("?") else f"#{pointer}"
        yield {"pointer": _printable(where), "code": getattr(detail, "code", "invalid"), "message": _printable(detail)}


def _escape(name: Any) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def _printable(text: Any) -> str:
    """Messages may quote what was sent: no lone surrogates, which no response can carry, and not at full length."""
    return str(text)[:MAX_MESSAGE].encode("utf-8", "replace").decode()
