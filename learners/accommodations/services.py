"""Granting and ending accommodations. Rows are the audit: one is ended and another made, none is ever changed."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.accommodations.models import Accommodation
from learners.accounts.models import User
from learners.signals import accommodation_granted

MAX_FACTOR = Decimal(10)
MAX_EXTRA_ATTEMPTS = 100
MAX_NOTE = 2_000


class AccommodationRefusedError(Exception):
    """``code``: bad_factor, bad_attempts, bad_note or nothing_granted."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def lock_accommodation(user_id: int) -> None:
    """What is in force for the person stays so until the transaction ends.

    Whoever starts a clock takes this lock before that of the enrolment: a clock is then either started with what was
    granted a moment ago, or is there to be extended. Does not stop rows that only name the person.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk=user_id).values_list("pk"))


def grant_accommodation(
    *,
    user: User,
    time_factor: Decimal | str | int = Decimal(1),
    extra_attempts: int = 0,
    is_untimed: bool = False,
    note: str = "",
    granted_by: User | None,
) -> Accommodation:
    """Put this in force from now on, in place of what was. Granting the same again changes nothing.

    Clocks that are running are extended in the same transaction, and never shortened. Raises
    ``AccommodationRefusedError``.
    """
    factor = _read_factor(time_factor)
    note = _read_note(note)
    if not 0 <= extra_attempts <= MAX_EXTRA_ATTEMPTS:
        raise AccommodationRefusedError(
            "bad_attempts", _("Extra attempts are a number from 0 to %(most)s.") % {"most": MAX_EXTRA_ATTEMPTS}
        )
    if factor == 1 and extra_attempts == 0 and not is_untimed:
        raise AccommodationRefusedError("nothing_granted", _("Grant more time, more attempts, or no time limits."))
    facts = {"time_factor": factor, "extra_attempts": extra_attempts, "is_untimed": is_untimed, "note": note}
    with transaction.atomic():
        lock_accommodation(user.pk)
        now = timezone.now()
        last = Accommodation.objects.filter(user=user, ended_at__isnull=True).first()
        if last is not None and all(getattr(last, name) == value for name, value in facts.items()):
            return last
        if last is not None:
            _end(last, granted_by, now)
        granted = Accommodation.objects.create(user=user, granted_by=granted_by, granted_at=now, **facts)
        accommodation_granted.send(Accommodation, accommodation=granted, now=now)
    return granted


def end_accommodation(*, user: User, ended_by: User | None) -> Accommodation | None:
    """Nothing is in force any more; what was, or ``None``. Clocks that are running keep the time they were given."""
    with transaction.atomic():
        lock_accommodation(user.pk)
        last = Accommodation.objects.filter(user=user, ended_at__isnull=True).first()
        if last is not None:
            _end(last, ended_by, timezone.now())
    return last


def _end(accommodation: Accommodation, ended_by: User | None, now: datetime) -> None:
    accommodation.ended_at, accommodation.ended_by = now, ended_by
    accommodation.save(update_fields=["ended_at", "ended_by"])


def _read_factor(value: Decimal | str | int) -> Decimal:
    message = _("The time factor is a number from 1 to %(most)s, such as 1.25 for a quarter more time.")
    refused = AccommodationRefusedError("bad_factor", message % {"most": MAX_FACTOR})
    try:
        factor = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        raise refused from None
    if not factor.is_finite() or not 1 <= factor <= MAX_FACTOR or factor != round(factor, 2):
        raise refused
    return factor


def _read_note(note: str) -> str:
    note = note.strip()
    if len(note) > MAX_NOTE or "\x00" in note:
        message = _("The note has at most %(most)s characters, all of them printable.")
        raise AccommodationRefusedError("bad_note", message % {"most": MAX_NOTE})
    return note
