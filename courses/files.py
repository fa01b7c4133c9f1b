"""Serves files: private ones by signed address or to editors, public images, all with byte ranges and sandboxed."""

import mimetypes
import re
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import Storage, default_storage, storages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.models.files import CourseDocument, CourseMedia
from courses.signing import BadTokenError, ExpiredTokenError, read_token

CHUNK = 256 * 1024

# No file has more than 18 digits of bytes; longer numbers are not worth reading.
_range = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})\Z")


def _find_signed(token: str) -> tuple[Storage, str]:
    """Where the file of a token is. Raises ``Http404`` for forged or expired tokens and for files that are gone."""
    try:
        kind, pk = read_token(token)
    except BadTokenError:
        raise Http404(_("This file address is not valid.")) from None
    except ExpiredTokenError:
        raise Http404(_("This file address has expired. Reload the lesson to get a new one.")) from None
    models: dict[str, Any] = {"media": CourseMedia, "document": CourseDocument}
    row = models[kind].objects.filter(pk=pk).first()
    if row is None or not row.file:
        raise Http404(_("This file no longer exists."))
    return row.file.storage, row.file.name


@require_safe
def serve_file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """A signed file. Documents download, media plays; byte ranges make seeking possible."""
    return _respond(request, *_find_signed(token))


@require_safe
@login_required
@permission_required("wagtailadmin.access_admin", raise_exception=True)
def serve_private(request: HttpRequest, path: str) -> HttpResponseBase:
    """The same files by storage name, for the admin's own previews."""
    return _respond(request, storages["private"], path)


@require_safe
def serve_public(request: HttpRequest, path: str) -> HttpResponseBase:
    """Public media (images) from local storage. In front of many readers, let the proxy or a bucket serve these."""
    response = _respond(request, default_storage, path)
    response["Cache-Control"] = "public, max-age=86400"
    if response.headers.get("Content-Type", "").startswith("image/"):
        response["Content-Disposition"] = "inline"
    return response


def _respond(request: HttpRequest, storage: Storage, name: str) -> HttpResponseBase:
    try:
        storage.path(name)
    except NotImplementedError:  # a remote storage signs addresses itself
        return HttpResponseRedirect(storage.url(name))
    except SuspiciousFileOperation:
        raise Http404 from None
    try:
        size = storage.size(name)
        handle = storage.open(name, "rb")
    except OSError:  # gone, a folder, or a name no file can have
        raise Http404(_("This file no longer exists.")) from None
    response = _ranged_response(request.headers.get("Range", ""), handle, size)
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    is_media = content_type.startswith(("video/", "audio/")) or content_type == "text/vtt"
    filename = quote(name.rsplit("/", 1)[-1])
    response["Content-Type"] = content_type
    response["Content-Disposition"] = f"{'inline' if is_media else 'attachment'}; filename*=UTF-8''{filename}"
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, max-age=3600"
    # An uploaded file must never run as a page of this site.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _ranged_response(header: str, handle: IO[bytes], size: int) -> HttpResponseBase:
    span = parse_range(header, size)
    if span is None:
        handle.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = span
    response = StreamingHttpResponse(_read(handle, start, end - start), status=206 if header else 200)
    response["Content-Length"] = str(end - start)
    if header:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """``bytes=a-b`` as a half-open span of a file of that size; the whole file without a header, ``None`` if
    unsatisfiable. Several ranges in one request are answered as unsatisfiable: players do not send them."""
    if not header:
        return 0, size
    match = _range.match(header.strip())
    if not match or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if first == "":
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    return (start, end) if start < end else None


def _read(handle: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    with handle:
        handle.seek(start)
        while length > 0:
            chunk = handle.read(min(CHUNK, length))
            if not chunk:
                return
            length -= len(chunk)
            yield chunk
