"""The OpenAPI document, Swagger UI from our own static files, and the register of problems."""

import json
from functools import cache
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView

from api.caching import is_current, make_etag, mark_public, not_modified
from api.errors import problem_response
from api.problems import PROBLEMS

_drawing = Lock()


def render_schema() -> str:
    """Made once a process: it depends on the code alone. One thread at a time, for drf-spectacular finds the classes
    it extends on its first run and two runs at once fail there."""
    with _drawing:
        return _render_schema()


@cache
def _render_schema() -> str:
    return json.dumps(SchemaGenerator().get_schema(request=None, public=True))


@csrf_exempt
def show_schema(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return problem_response(request, status_code=405, code="method_not_allowed", detail="Only GET and HEAD.")
    text = render_schema()
    etag = make_etag(text)
    if is_current(request.headers.get("If-None-Match", ""), etag):
        return not_modified(etag)
    return mark_public(HttpResponse(text, content_type="application/json"), etag)


class DocsView(SpectacularSwaggerSplitView):
    """No inline script, no inline style, nothing from elsewhere: it runs under the site's strict policy."""

    authentication_classes = ()
    throttle_classes = ()
    template_name = "api/docs.html"


def list_problems(request: HttpRequest) -> HttpResponse:
    return render(request, "api/problems.html", {"problems": sorted(PROBLEMS.items())})
