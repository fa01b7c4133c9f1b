"""Changing facts about people."""

from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from learners.accounts.models import User
from learners.accounts.queries import time_zone_names
from learners.signals import deadlines_stale


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
    has_moved = user.time_zone != time_zone
    user.name, user.time_zone = name, time_zone
    with transaction.atomic():
        user.save(update_fields=["name", "time_zone"])
        if has_moved:
            mark_deadlines_stale(people=User.objects.filter(pk=user.pk))
    return user


def mark_deadlines_stale(*, people: QuerySet[User]) -> None:
    """Something that decides the deadlines of these people changes in this transaction.

    The mark on the row is the truth, and the scheduler clears it; the signal after commit only makes haste.
    """
    people = User.objects.filter(pk__in=list(people.values_list("pk", flat=True)))
    if people.update(deadlines_stale_since=timezone.now()):
        transaction.on_commit(partial(deadlines_stale.send_robust, sender=User), robust=True)
