"""Keeps stored due dates what the rules say, and finds what has fallen overdue or run out: each once, however often."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import LONG_TEXTS
from learners.enrolments.rules import Due, read_dues
from learners.signals import enrolment_expired, enrolment_overdue

PEOPLE_AT_ONCE = 100
ROWS_AT_ONCE = 500
STORED = ("due_at", "due_changed_at", "due_sequence", "closes_at", "overdue_at", "expired_at")


def refresh_stale_deadlines(limit: int = 5_000) -> int:
    """Work out anew the deadlines of people whose rules changed; how many people. Safe to stop and to run twice.

    A batch is one transaction. Whoever is marked again meanwhile stays marked, and comes again.
    """
    done = 0
    while done < limit:
        stale = User.objects.filter(deadlines_stale_since__isnull=False).order_by("deadlines_stale_since", "pk")
        batch = list(stale.values_list("pk", "deadlines_stale_since")[:PEOPLE_AT_ONCE])
        if not batch:
            break
        with transaction.atomic():
            _refresh([pk for pk, _since in batch])
            for since in {since for _pk, since in batch}:
                people = [pk for pk, moment in batch if moment == since]
                User.objects.filter(pk__in=people, deadlines_stale_since=since).update(deadlines_stale_since=None)
        done += len(batch)
    return done


def mark_all_deadlines_stale() -> int:
    """Once a day everybody with something unfinished, so that no deadline stays wrong whatever was lost; how many."""
    unfinished = Enrolment.objects.filter(completed_at__isnull=True).values("user_id")
    people = User.objects.filter(pk__in=unfinished, deadlines_stale_since__isnull=True)
    return people.update(deadlines_stale_since=timezone.now())


def mark_overdue() -> int:
    """Note unfinished enrolments whose due date has passed; how many.

    ``enrolment_overdue`` is sent once for a due date, after commit.
    """
    return _each_once("overdue_at", "due_at", enrolment_overdue)


def close_expired() -> int:
    """Close unfinished enrolments whose deadline lies further back than their course allows; how many.

    ``enrolment_expired`` is sent once for a due date, after commit.
    """
    return _each_once("expired_at", "closes_at", enrolment_expired)


def store_due(enrolment: Enrolment, due: Due, now: datetime) -> bool:
    """Put the deadline on the row, which the caller holds and saves; whether anything changed.

    A due date that lies ahead again is overdue no longer, and an enrolment that its deadline had closed is open again.
    """
    before = [getattr(enrolment, name) for name in STORED]
    if due.closes_at is None or due.closes_at > now:
        enrolment.expired_at = None
    if enrolment.due_at != due.deadline.due_at:
        enrolment.due_changed_at = now
        enrolment.due_sequence += 1
    enrolment.due_at, enrolment.closes_at = due.deadline.due_at, due.closes_at
    if enrolment.due_at is None or enrolment.due_at > now:
        enrolment.overdue_at = None
    return before != [getattr(enrolment, name) for name in STORED]


def _refresh(user_ids: list[int]) -> None:
    now = timezone.now()
    rows = list(
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("user", "edition")
        .defer(*LONG_TEXTS)
        .filter(user__in=user_ids, completed_at__isnull=True)
        .order_by("pk")
    )
    dues = read_dues(rows)
    changed = [row for row in rows if store_due(row, dues[row.pk], now)]
    Enrolment.objects.bulk_update(changed, STORED, batch_size=ROWS_AT_ONCE)


def _each_once(noted: str, due: str, signal: Signal) -> int:
    """Set ``noted`` on every open row whose ``due`` has passed. The row itself says that it was noted, so nobody does
    it twice: rows are locked first, and what another scheduler holds is left to that one."""
    count = 0
    while True:
        now = timezone.now()
        with transaction.atomic():
            open_rows = Enrolment.objects.filter(completed_at__isnull=True, expired_at__isnull=True).filter(
                **{f"{due}__lte": now, f"{noted}__isnull": True}
            )
            rows = open_rows.select_for_update(skip_locked=True).order_by(due, "pk")
            claimed = list(rows.values_list("pk", "due_at")[:ROWS_AT_ONCE])
            open_rows.filter(pk__in=[pk for pk, _due_at in claimed]).update(**{noted: now})
            for pk, due_at in claimed:
                send = partial(signal.send_robust, sender=Enrolment, enrolment_id=pk, due_at=due_at)
                transaction.on_commit(send, robust=True)
        count += len(claimed)
        if len(claimed) < ROWS_AT_ONCE:
            return count
