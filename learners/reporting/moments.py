"""How evidence writes moments, numbers and names, so that the same rows always give the same text."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


def iso(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds")


def moment(value: datetime | None) -> str | None:
    return iso(value) if value else None


def in_utc(text: str | None) -> str | None:
    return iso(datetime.fromisoformat(text)) if text else None


def number(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def name_of(user: Any) -> str:
    return str(user) if user is not None else ""
