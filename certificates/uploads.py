"""Files dropped on the verification page: read in memory, never stored, refused unread if they are too big."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

MAX_BYTES = 10 * 1024 * 1024
MULTIPART_EXTRA = 64 * 1024  # what surrounds the file in the body of a form
FIELD = "file"


class UploadTooLargeError(Exception):
    """More than ``MAX_BYTES``."""


class NoFileError(Exception):
    """The form came without a file."""


class MemoryOnly(MemoryFileUploadHandler):
    """Keeps the file in memory, where Django would write larger ones to the disk."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True


def read_upload(request: HttpRequest) -> bytes:
    """The bytes of the form's file. Raises ``UploadTooLargeError`` without reading what says it is too large."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BYTES + MULTIPART_EXTRA:
        raise UploadTooLargeError
    request.upload_handlers = [MemoryOnly(request)]
    file = request.FILES.get(FIELD)
    if file is None:
        raise NoFileError
    if file.size is None or file.size > MAX_BYTES:
        raise UploadTooLargeError
    return file.read()
