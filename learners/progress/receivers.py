"""What timed blocks do when accommodations are granted."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from learners.accommodations.models import Accommodation
from learners.progress.timed import extend_running_blocks
from learners.signals import accommodation_granted


@receiver(accommodation_granted)
def extend_on_grant(sender: object, accommodation: Accommodation, now: datetime, **kwargs: Any) -> None:
    extend_running_blocks(accommodation=accommodation, now=now)
