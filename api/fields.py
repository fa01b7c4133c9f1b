"""Serializer fields that hold everywhere in the API: moments are in UTC."""

from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers


class MomentField(serializers.DateTimeField):
    """A moment in UTC, whatever time zone the site or the learner is in: ``2026-03-01T09:30:00Z``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


def format_moment(moment: datetime) -> str:
    """The same without a serializer."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
