"""States that several learner packages share."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProgressState(TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")


class GrantSource(TextChoices):
    SELF = "self", _("Enrolled themselves")
    INVITATION = "invitation", _("Invitation")
    PURCHASE = "purchase", _("Purchase")
    SUBSCRIPTION = "subscription", _("Subscription")
    SEAT = "seat", _("Company seat")
    STAFF = "staff", _("Given by staff")
