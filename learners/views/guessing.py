"""Slows down whoever tries secrets or numbers: misses are counted by address, hits are not."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

MISSES_ALLOWED = 30
WINDOW = 10 * 60


def client_address(request: HttpRequest) -> str:
    """The caller's address; ``X-Forwarded-For`` counts only as far as the operator declared proxies."""
    proxies = settings.REST_FRAMEWORK["NUM_PROXIES"]
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and forwarded:
        return forwarded[-min(proxies, len(forwarded))]
    return str(request.META.get("REMOTE_ADDR", ""))


def is_guessing(request: HttpRequest, subject: str) -> bool:
    """``subject`` keeps the counts of different secrets apart."""
    return int(cache.get(_key(request, subject), 0)) >= MISSES_ALLOWED


def count_miss(request: HttpRequest, subject: str) -> int:
    """How many there have been in this window, this one included."""
    key = _key(request, subject)
    if cache.add(key, 1, WINDOW):
        return 1
    try:
        return int(cache.incr(key) or 0)
    except ValueError:  # it expired in between
        cache.set(key, 1, WINDOW)
        return 1


def _key(request: HttpRequest, subject: str) -> str:
    return f"{subject}:misses:{client_address(request)}"
