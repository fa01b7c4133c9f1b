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


class CourseAccess(TextChoices):
    OPEN = "open", _("Open: anyone may read; enrol to keep progress")
    ENROLLED = "enrolled", _("Enrolled: free, after enrolling")
    INVITATION = "invitation", _("Invitation: only people who were invited")
    PAID = "paid", _("Paid: after a purchase, subscription or seat")
