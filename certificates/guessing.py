"""Slows down whoever tries numbers: misses are counted by address, hits are not; files are counted in any case."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

MISSES_ALLOWED = 30
UPLOADS_ALLOWED = 20  # checking a file costs more than reading a row
WINDOW = 10 * 60


def client_address(request: HttpRequest) -> str:
    """The caller's address; ``X-Forwarded-For`` counts only as far as the operator declared proxies."""
    proxies = settings.REST_FRAMEWORK["NUM_PROXIES"]
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and forwarded:
        return forwarded[-min(proxies, len(forwarded))]
    return str(request.META.get("REMOTE_ADDR", ""))


def is_guessing(request: HttpRequest) -> bool:
    return int(cache.get(_key("misses", request), 0)) >= MISSES_ALLOWED


def count_miss(request: HttpRequest) -> None:
    _count("misses", request)


def may_upload(request: HttpRequest) -> bool:
    """Counts this file. False for whoever tried too many unknown numbers, or sent too many files."""
    return not is_guessing(request) and _count("uploads", request) <= UPLOADS_ALLOWED


def _count(what: str, request: HttpRequest) -> int:
    """How often in this window, this time included."""
    key = _key(what, request)
    if cache.add(key, 1, WINDOW):
        return 1
    try:
        return int(cache.incr(key) or 0)
    except ValueError:  # it expired in between
        cache.set(key, 1, WINDOW)
        return 1


def _key(what: str, request: HttpRequest) -> str:
    return f"certificates:{what}:{client_address(request)}"
