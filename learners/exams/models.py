"""Attempts: exam sittings with the paper that was frozen for them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptState(models.TextChoices):
    OPEN = "open", _("Open")
    SUBMITTED = "submitted", _("Submitted")
    EXPIRED = "expired", _("Time ran out")


class Attempt(models.Model):
    """One sitting of a quiz. ``paper`` holds what the learner sees (no key); ``results`` what was graded."""

    wagtail_reference_index_ignore = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey("learners.Enrolment", on_delete=models.CASCADE, related_name="attempts")
    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    lesson_key = models.UUIDField()
    block_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=AttemptState, default=AttemptState.OPEN)
    seed = models.BigIntegerField()
    paper = models.JSONField()
    answers = models.JSONField(default=dict, help_text="question id -> {answer..., seq, saved_at}")
    results = models.JSONField(null=True, blank=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)
    opened_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "block_id", "number"], name="one_attempt_a_number"),
            models.UniqueConstraint(
                fields=["enrolment", "block_id"], condition=models.Q(state="open"), name="one_open_attempt"
            ),
        ]
        ordering = ["number"]
