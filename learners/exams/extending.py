"""More time for a sitting that is running, when its learner is granted it."""

from datetime import datetime, timedelta

from learners.accommodations.models import Accommodation
from learners.exams.locking import is_over
from learners.exams.models import Attempt, AttemptState
from learners.exams.opening import describe_accommodation, limit_for


def extend_running_attempts(*, accommodation: Accommodation, now: datetime) -> int:
    """Move the end of the learner's running attempts to what is granted now, never to an earlier moment; how many.

    What is over stays over. The caller holds the lock of the accommodation, so that no attempt starts meanwhile.
    """
    running = Attempt.objects.filter(
        enrolment__user_id=accommodation.user_id, state=AttemptState.OPEN, deadline_at__isnull=False
    )
    extended = 0
    for attempt in running.select_for_update(of=("self",)).order_by("pk"):
        limit = limit_for(attempt.base_time_limit, accommodation)
        deadline_at = None if limit is None else attempt.opened_at + timedelta(seconds=limit)
        is_longer = attempt.deadline_at is not None and (deadline_at is None or deadline_at > attempt.deadline_at)
        if is_over(attempt, now) or not is_longer:
            continue
        attempt.deadline_at, attempt.time_limit = deadline_at, limit
        attempt.accommodation = describe_accommodation(accommodation) | {"extended_at": now.isoformat()}
        attempt.save(update_fields=["deadline_at", "time_limit", "accommodation"])
        extended += 1
    return extended
