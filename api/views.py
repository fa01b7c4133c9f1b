"""The two kinds of API view: public documents that caches may keep, and personal data that nobody may keep."""

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from api.caching import PRIVATE


class PublicView(APIView):
    """The same answer for everyone, so nobody is asked who they are, and nothing is counted (see ``throttling``)."""

    authentication_classes = ()
    parser_classes = (JSONParser,)
    permission_classes = (AllowAny,)
    throttle_classes = ()


class PersonalView(APIView):
    """Needs somebody signed in unless the view says otherwise; the answer is theirs and is never stored."""

    parser_classes: tuple[type[BaseParser], ...] = (JSONParser,)

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        finished: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        finished.headers["Cache-Control"] = PRIVATE
        return finished
