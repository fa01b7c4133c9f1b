"""Bodies of ``navigator.sendBeacon``: JSON as plain text with the CSRF token inside, as a beacon has no headers."""

import json
from typing import Any

from drf_spectacular.authentication import SessionScheme
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

PLAIN = "text/plain"
TOKEN_FIELD = "csrfmiddlewaretoken"  # noqa: S105 -- the name of a field


class BeaconParser(JSONParser):
    """JSON that a beacon sent as a string, which makes it ``text/plain``."""

    media_type = PLAIN


class BeaconSessionAuthentication(SessionAuthentication):
    """A session whose CSRF token may stand in the body of a beacon. It is checked exactly as the header is."""

    def enforce_csrf(self, request: Request) -> None:
        if _is_beacon(request) and "HTTP_X_CSRFTOKEN" not in request.META:
            request.META["HTTP_X_CSRFTOKEN"] = _read_token(request)
        super().enforce_csrf(request)


class BeaconSessionScheme(SessionScheme):
    """The session cookie as everywhere else, under a name of its own: the CSRF token may stand elsewhere."""

    name = "beaconCookieAuth"
    target_class = "api.beacons.BeaconSessionAuthentication"


def _is_beacon(request: Any) -> bool:
    return str(request.META.get("CONTENT_TYPE", "")).split(";")[0].strip().lower() == PLAIN


def _read_token(request: Any) -> str:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return ""
    token = body.get(TOKEN_FIELD) if isinstance(body, dict) else None
    return token if isinstance(token, str) else ""
