"""The OpenAPI document, Swagger UI from our own static files, and the register of problems."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import PUBLIC
from api.problems import PROBLEMS


class OpenApiView(SpectacularJSONAPIView):
    authentication_classes = ()
    throttle_classes = ()

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)
        response.headers["Cache-Control"] = PUBLIC
        return response


class DocsView(SpectacularSwaggerSplitView):
    """No inline script, no inline style, nothing from elsewhere: it runs under the site's strict policy."""

    authentication_classes = ()
    throttle_classes = ()
    template_name = "api/docs.html"


def list_problems(request: HttpRequest) -> HttpResponse:
    return render(request, "api/problems.html", {"problems": sorted(PROBLEMS.items())})
