"""Makes the addresses of images and files in delivered documents absolute, for frontends on another origin."""

from typing import Any

from django.http import HttpRequest


def make_absolute(value: Any, origin: str) -> Any:
    """A copy in which ``src``, ``srcset`` and ``url`` start with the origin. Paths and links in texts stay."""
    if isinstance(value, list):
        return [make_absolute(item, origin) for item in value]
    if isinstance(value, dict):
        return {key: _address(key, item, origin) for key, item in value.items()}
    return value


def origin_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _address(key: str, value: Any, origin: str) -> Any:
    if not isinstance(value, str):
        return make_absolute(value, origin)
    if key in ("src", "url") and value.startswith("/"):
        return origin + value
    if key == "srcset":
        return ", ".join(origin + part if part.startswith("/") else part for part in value.split(", "))
    return value
