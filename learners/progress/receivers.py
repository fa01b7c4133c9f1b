"""What progress does when accommodations are granted and when courses are released."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from courses.signals import release_made
from learners.accommodations.models import Accommodation
from learners.progress.carrying import begin_carry_over
from learners.progress.tasks import work_on_carry_overs
from learners.progress.timed import extend_running_blocks
from learners.signals import accommodation_granted


@receiver(accommodation_granted)
def extend_on_grant(sender: object, accommodation: Accommodation, now: datetime, **kwargs: Any) -> None:
    extend_running_blocks(accommodation=accommodation, now=now)


@receiver(release_made, dispatch_uid="progress.carry_over")
def carry_over_on_release(sender: object, release_id: int, **kwargs: Any) -> None:
    if begin_carry_over(release_id):
        work_on_carry_overs.enqueue()
