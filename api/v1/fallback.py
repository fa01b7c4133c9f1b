"""Everything under ``/api/v1/`` that is not an endpoint: the same address without its slash, or a problem."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from api.errors import not_found


@csrf_exempt
def answer_unknown(request: HttpRequest) -> HttpResponseBase:
    """Serves an address that only lacks its trailing slash, whatever the method (a redirect would lose bodies, and
    frontends that strip slashes would loop); anything else is a 404 problem. Endpoints check CSRF themselves."""
    if not request.path_info.endswith("/"):
        try:
            match = resolve(request.path_info + "/")
        except Resolver404:
            return not_found(request)
        if match.func is not answer_unknown:
            call: Any = match.func
            return call(request, *match.args, **match.kwargs)
    return not_found(request)
