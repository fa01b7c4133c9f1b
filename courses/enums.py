"""Choices that several content modules share."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# What the log of a course page calls it.
ARCHIVE = "courses.archive"
RESTORE = "courses.restore"


class Level(TextChoices):
    BEGINNER = "beginner", _("Beginner")
    INTERMEDIATE = "intermediate", _("Intermediate")
    ADVANCED = "advanced", _("Advanced")


class Progression(TextChoices):
    FREE = "free", _("Free: lessons in any order")
    IN_ORDER = "in_order", _("In order: a lesson opens when the one before is completed")


class ReleaseMode(TextChoices):
    AUTOMATIC = "automatic", _("Automatic: every publication reaches learners at once")
    MANUAL = "manual", _("Manual: publications wait until somebody releases them together")


class ReleasePolicy(TextChoices):
    """Who of those with an unfinished enrolment moves to the new edition. New enrolments always get it."""

    KEEP = "keep", _("Nobody: everyone finishes the edition they are on")
    NOT_STARTED = "not_started", _("Those who have not started")
    EVERYONE = "everyone", _("Everyone who has not finished")


class ChangeClass(TextChoices):
    """How much a release changes; ``courses.editions.diff`` says what is what."""

    COSMETIC = "cosmetic", _("Cosmetic: nothing to learn anew")
    MINOR = "minor", _("Minor: worth a look")
    MAJOR = "major", _("Major: required content, an answer key or a pass mark changed")


class PlanState(TextChoices):
    """Where a planned release stands. The last three are ends."""

    IN_REVIEW = "in_review", _("In review")
    SCHEDULED = "scheduled", _("Scheduled")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Released")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Cancelled")


class DeltaTraining(TextChoices):
    """What a major change means for those who have completed the course."""

    OFF = "off", _("Nothing")
    OFFERED = "offered", _("They may study what changed and renew their certificate")
    ASSIGNED = "assigned", _("They are assigned what changed")


class CourseAccess(TextChoices):
    OPEN = "open", _("Open: anyone may read; enrol to keep progress")
    ENROLLED = "enrolled", _("Enrolled: free, after enrolling")
    INVITATION = "invitation", _("Invitation: only people who were invited")
    PAID = "paid", _("Paid: after a purchase, subscription or seat")
