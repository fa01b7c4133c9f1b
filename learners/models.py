"""The models of the app, re-exported for Django; each lives in the package of its subject."""

from learners.accommodations.models import Accommodation
from learners.enrolments.models import CalendarFeed, DeadlineExtension, Enrolment, Grant
from learners.exams.models import Attempt, AttemptResult, EssayMark, ItemStatistics, Regrade
from learners.progress.models import BlockProgress, CarryOver, Reopening

__all__ = [
    "Accommodation",
    "Attempt",
    "AttemptResult",
    "BlockProgress",
    "CalendarFeed",
    "CarryOver",
    "DeadlineExtension",
    "Enrolment",
    "EssayMark",
    "Grant",
    "ItemStatistics",
    "Regrade",
    "Reopening",
]
