"""Changing facts about people."""

from learners.accounts.models import User
from learners.accounts.queries import time_zone_names


class ProfileRefusedError(Exception):
    """``field`` names what is wrong, ``code`` how."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


def tidy_name(name: str) -> str:
    """One line, single spaces, no control characters: what can be printed on a certificate."""
    return " ".join("".join(character if character.isprintable() else " " for character in name).split())


def update_profile(*, user: User, name: str, time_zone: str = "") -> User:
    """Set the printed name and the time zone ("" for the site's). Raises ``ProfileRefusedError``."""
    name = tidy_name(name)
    if not name:
        raise ProfileRefusedError("name", "required")
    if len(name) > 150:
        raise ProfileRefusedError("name", "too_long")
    if time_zone and time_zone not in time_zone_names():
        raise ProfileRefusedError("time_zone", "unknown")
    user.name, user.time_zone = name, time_zone
    user.save(update_fields=["name", "time_zone"])
    return user
