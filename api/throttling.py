"""How often one caller may ask. Refusals carry ``Retry-After``.

The public documents (course list, detail, outline) are not counted: they are one or two indexed reads with an ETag,
meant to be served from a cache, and counting a request costs more than answering it.
"""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class AnonymousThrottle(SimpleRateThrottle):
    """Callers who are not signed in, by address."""

    scope = "anonymous"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if request.user and request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class LearnerThrottle(SimpleRateThrottle):
    """Signed-in people, by person."""

    scope = "learner"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not (request.user and request.user.is_authenticated):
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}
