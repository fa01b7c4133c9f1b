"""What every learner view shares: pages in the reader's time zone that no cache keeps, and JSON in and out."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from learners.accounts.queries import get_zone

MAX_BODY = 512 * 1024


class BadBodyError(Exception):
    """The body is not the JSON object we asked for."""


def personal(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Times in the reader's zone; what a signed-in person sees is never stored by a cache."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(get_zone(request.user)):
            response = view(request, *args, **kwargs)
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapped


def wants_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def read_json(request: HttpRequest) -> Any:
    """The JSON body. Raises ``BadBodyError``."""
    if len(request.body) > MAX_BODY:
        raise BadBodyError
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadBodyError from error


def json_error(status: int, code: str, detail: str) -> HttpResponse:
    response = JsonResponse({"status": status, "code": code, "detail": detail}, status=status)
    patch_cache_control(response, private=True, no_store=True)
    return response
