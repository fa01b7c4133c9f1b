"""How often one caller may ask. Refusals carry ``Retry-After``.

The public documents (course list, detail, outline) are not counted: they are one or two indexed reads with an ETag,
meant to be served from a cache, and counting a request costs more than answering it.
"""

from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class WindowThrottle(SimpleRateThrottle):
    """Counts requests per caller in fixed windows: one small number that the cache counts up by itself.

    REST framework's own keeps a list of moments and writes it back on every request, which costs more than a progress
    write and lets parallel calls slip through. A cache that is down counts nobody.
    """

    duration: int
    num_requests: int
    seconds_left = 0.0

    def identify(self, request: Request) -> str | None:
        """Who is counted; None for callers that this throttle does not concern."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: Any) -> bool:
        ident = self.identify(request)
        if ident is None or not self.rate:
            return True
        now = self.timer()
        window = int(now // self.duration)
        self.seconds_left = (window + 1) * self.duration - now
        return _count(f"api:{self.scope}:{ident}:{window}", self.duration) <= self.num_requests

    def wait(self) -> float:
        return self.seconds_left


class AnonymousThrottle(WindowThrottle):
    """Callers who are not signed in, by address."""

    scope = "anonymous"

    def identify(self, request: Request) -> str | None:
        return None if request.user.is_authenticated else self.get_ident(request)


class LearnerThrottle(WindowThrottle):
    """Signed-in people, by person."""

    scope = "learner"

    def identify(self, request: Request) -> str | None:
        return str(request.user.pk) if request.user.is_authenticated else None


def _count(key: str, seconds: int) -> int:
    """How often this key was counted, this time included."""
    try:
        return int(cache.incr(key) or 0)
    except ValueError:  # not there yet
        if cache.add(key, 1, seconds):
            return 1
    try:
        return int(cache.incr(key) or 0)
    except ValueError:  # it expired in between
        return 1
