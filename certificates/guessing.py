"""Slows down whoever tries certificate numbers."""

from django.http import HttpRequest

from learners.views import guessing
from learners.views.guessing import MISSES_ALLOWED as MISSES_ALLOWED
from learners.views.guessing import WINDOW as WINDOW

SUBJECT = "certificates"


def is_guessing(request: HttpRequest) -> bool:
    return guessing.is_guessing(request, SUBJECT)


def count_miss(request: HttpRequest) -> None:
    guessing.count_miss(request, SUBJECT)
