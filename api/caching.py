"""HTTP caching: what a shared cache may keep, what nobody may keep, and answering 304."""

import hashlib
from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

Response = TypeVar("Response", bound=HttpResponseBase)

PUBLIC = "public, max-age=60, stale-while-revalidate=300"
PRIVATE = "private, no-store"


def make_etag(*parts: object) -> str:
    """A strong ETag over everything a response is made of."""
    joined = "\x1f".join(str(part) for part in parts)
    return f'"{hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()}"'


def is_current(if_none_match: str, etag: str) -> bool:
    """Whether the client's copy is the one we would send. Proxies that compress mark theirs weak (``W/``)."""
    if if_none_match == etag:
        return True
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or "*" in tags


def not_modified(etag: str) -> HttpResponse:
    response = HttpResponse(status=304, headers={"ETag": etag, "Cache-Control": PUBLIC, "Vary": "Accept-Encoding"})
    del response.headers["Content-Type"]
    return response


def mark_public(response: Response, etag: str) -> Response:
    """The same for everyone: caches may keep it a minute and show it five more while they ask again."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = PUBLIC
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
