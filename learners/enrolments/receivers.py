"""Work out deadlines anew when what decides them has changed: at once for a few people, else in the background."""

from typing import Any

from django.dispatch import receiver

from learners.accounts.models import User
from learners.enrolments.scheduling import refresh_stale_deadlines
from learners.enrolments.tasks import refresh_deadlines
from learners.signals import deadlines_stale

AT_ONCE = 20


@receiver(deadlines_stale, dispatch_uid="enrolments.refresh_stale_deadlines")
def refresh_when_stale(sender: Any, **kwargs: Any) -> None:
    if User.objects.filter(deadlines_stale_since__isnull=False).count() <= AT_ONCE:
        refresh_stale_deadlines()
    else:
        refresh_deadlines.enqueue()
