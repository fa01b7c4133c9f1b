"""Everything under ``/api/v1/`` that is not an endpoint: an endpoint but for its slash, or a problem."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from api.errors import not_found


@csrf_exempt
def answer_unknown(request: HttpRequest) -> HttpResponseBase:
    """Serves an address whose trailing slash is missing or too much, whatever the method (a redirect would lose
    bodies, and frontends that strip slashes would loop); the rest is a 404 problem. Endpoints check CSRF themselves."""
    path = request.path_info
    try:
        match = resolve(path.removesuffix("/") if path.endswith("/") else f"{path}/")
    except Resolver404:
        return not_found(request)
    if match.func is answer_unknown:
        return not_found(request)
    call: Any = match.func
    return call(request, *match.args, **match.kwargs)
