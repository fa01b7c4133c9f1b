"""Who is calling: a browser session with CSRF token, or an allauth session token in ``X-Session-Token``."""

from typing import Any

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.request import Request


class SessionTokenAuthentication(XSessionTokenAuthentication):
    """Comes first in the settings, so that a caller without credentials gets 401 with this challenge, not 403."""

    def authenticate(self, request: Request) -> Any:
        token = self.get_session_token(request)
        # A token is 32 lower-case letters and digits; anything else cannot be one and never reaches the session store.
        if token and token.isascii() and token.isalnum() and len(token) <= 64:
            return super().authenticate(request)
        return None

    def authenticate_header(self, request: Request) -> str:
        return 'X-Session-Token realm="api"'


class SessionTokenScheme(OpenApiAuthenticationExtension):
    target_class = SessionTokenAuthentication
    name = "sessionToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "The session token that POST /_allauth/app/v1/auth/login answers in meta.session_token.",
        }
