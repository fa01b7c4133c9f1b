"""How a preview token is recognised, whatever it is worth: cheap enough to ask of every request."""

from django.http import HttpRequest

PREFIX = "preview."
HEADER = "X-Preview-Token"
# Where a token may be shown: the draft itself.
OPEN_PATHS = ("/preview/", "/api/v1/preview/")


def find_token(request: HttpRequest) -> str:
    """The preview token a request brings along, valid or not, in ``?token=`` or its header; "" without one."""
    for given in (request.GET.get("token", ""), request.headers.get(HEADER, "")):
        if given.startswith(PREFIX):
            return given
    return ""
