"""Reading facts about people."""

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.utils import timezone

if TYPE_CHECKING:
    from datetime import tzinfo

    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User


@cache
def time_zone_names() -> tuple[str, ...]:
    """The names a person may choose from: "Area/City" and UTC, without the old aliases."""
    return tuple(
        sorted(
            name
            for name in available_timezones()
            if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/")))
        )
    )


def get_zone(user: "User | AnonymousUser") -> "tzinfo":
    """The person's own time zone, or the site's."""
    return find_zone(getattr(user, "time_zone", ""))


def find_zone(name: str) -> "tzinfo":
    """The zone of this name; the site's for an empty or unknown one."""
    if not name:
        return timezone.get_default_timezone()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()
