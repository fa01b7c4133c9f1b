"""The two kinds of API view: public documents that caches may keep, and personal data that nobody may keep."""

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PRIVATE


class ApiView(APIView):
    """Refuses NUL in the query string, which databases answer with an error of their own."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        for name, value in request.query_params.items():
            if "\x00" in value or "\x00" in name:
                raise ValidationError({"?" + name.replace("\x00", ""): ["NUL is not allowed."]})
        super().initial(request, *args, **kwargs)


class PublicView(ApiView):
    """The same answer for everyone, so nobody is asked who they are, and nothing is counted (see ``throttling``)."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()


class PersonalView(ApiView):
    """Needs somebody signed in unless the view says otherwise; the answer is theirs and is never stored."""

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> Response | HttpResponseBase:
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished.headers["Cache-Control"] = PRIVATE
        return finished
