"""Slows down whoever tries certificate numbers, and whoever sends many files to be checked."""

from django.http import HttpRequest

from learners.views import guessing
from learners.views.guessing import MISSES_ALLOWED as MISSES_ALLOWED
from learners.views.guessing import WINDOW as WINDOW

SUBJECT, UPLOADS = "certificates", "certificate-files"
UPLOADS_ALLOWED = 20  # checking a file costs more than reading a row


def is_guessing(request: HttpRequest) -> bool:
    return guessing.is_guessing(request, SUBJECT)


def count_miss(request: HttpRequest) -> None:
    guessing.count_miss(request, SUBJECT)


def may_upload(request: HttpRequest) -> bool:
    """Counts this file. False for whoever tried too many unknown numbers, or sent too many files."""
    return not is_guessing(request) and guessing.count_miss(request, UPLOADS) <= UPLOADS_ALLOWED
