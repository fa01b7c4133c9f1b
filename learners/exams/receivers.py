"""What sittings do when accommodations are granted."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from learners.accommodations.models import Accommodation
from learners.exams.extending import extend_running_attempts
from learners.signals import accommodation_granted


@receiver(accommodation_granted)
def extend_on_grant(sender: object, accommodation: Accommodation, now: datetime, **kwargs: Any) -> None:
    extend_running_attempts(accommodation=accommodation, now=now)
