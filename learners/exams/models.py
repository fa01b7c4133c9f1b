"""Attempts: exam sittings with the paper that was frozen for them."""

import uuid

from django.conf import settings
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
    late_answers = models.JSONField(default=dict, help_text="What came after the end: kept as evidence, never scored.")
    accommodation = models.JSONField(default=dict, help_text="What was in force when it was opened; empty for nothing.")
    base_time_limit = models.PositiveIntegerField(null=True, blank=True, help_text="Seconds, before accommodations.")
    time_limit = models.PositiveIntegerField(null=True, blank=True, help_text="Seconds this learner was given.")
    results = models.JSONField(null=True, blank=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)
    is_graded = models.BooleanField(default=False, help_text="Closed, and no essay is waiting to be marked.")
    is_counted = models.BooleanField(default=False, help_text="The question analysis knows the result it has now.")
    counted_number = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Which of its results the question analysis holds; empty for none."
    )
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
        indexes = [
            models.Index(fields=["edition", "block_id"]),
            models.Index(fields=["deadline_at"], name="attempts_running", condition=models.Q(state="open")),
            models.Index(
                fields=["submitted_at"],
                name="attempts_to_mark",
                condition=models.Q(is_graded=False, submitted_at__isnull=False),
            ),
            models.Index(
                fields=["edition", "block_id"],
                name="attempts_to_count",
                condition=models.Q(is_graded=True, is_counted=False),
            ),
        ]
        ordering = ["number"]


class ResultKind(models.TextChoices):
    SUBMISSION = "submission", _("Graded when handed in")
    MARKING = "marking", _("Marked by hand")
    REGRADE = "regrade", _("Graded again after the key was corrected")


class Regrade(models.Model):
    """One decision to grade a quiz again with the key of another edition. Its results stand beside the old ones."""

    wagtail_reference_index_ignore = True

    course_key = models.UUIDField()
    lesson_key = models.UUIDField()
    block_id = models.UUIDField()
    key_edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    is_in_favour_only = models.BooleanField(default=True, help_text="Nobody loses points by it.")
    attempts_total = models.PositiveIntegerField(default=0, help_text="How many there were when it began.")
    attempts_done = models.PositiveIntegerField(default=0)
    attempts_changed = models.PositiveIntegerField(default=0, help_text="Those that got a new result.")
    attempts_failed = models.PositiveIntegerField(default=0, help_text="Those that could not be read; see the log.")
    cursor = models.UUIDField(null=True, blank=True, help_text="The last attempt that is done, in the order of keys.")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="Empty while the sweeper still has work to do.")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="A worker is at it until then.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course_key", "block_id"],
                condition=models.Q(finished_at__isnull=True),
                name="one_running_regrade",
            ),
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.block_id}"


class AttemptResult(models.Model):
    """One grading of an attempt. The attempt itself carries the latest; none is ever changed."""

    wagtail_reference_index_ignore = True

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="gradings")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=ResultKind)
    key_edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    passed = models.BooleanField(null=True)
    results = models.JSONField()
    reason = models.CharField(max_length=500, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    regrade = models.ForeignKey(Regrade, null=True, on_delete=models.PROTECT, related_name="results")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="one_result_a_number"),
            models.UniqueConstraint(fields=["attempt", "regrade"], name="one_result_a_regrade"),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.attempt_id} · {self.number}"


class EssayMark(models.Model):
    """The points a person gave one essay. Changed only by the marker who holds the attempt's lock."""

    wagtail_reference_index_ignore = True

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="marks")
    question_id = models.CharField(max_length=64)
    points = models.DecimalField(max_digits=7, decimal_places=2)
    criteria = models.JSONField(default=dict, help_text="criterion id -> points, as text")
    comment = models.TextField(blank=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "question_id"], name="one_mark_a_question")]

    def __str__(self) -> str:
        return f"{self.attempt_id} · {self.question_id}"


class ItemStatistics(models.Model):
    """How the questions of one quiz have worked in one edition, counted in the background from its attempts."""

    wagtail_reference_index_ignore = True

    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    lesson_key = models.UUIDField()
    block_id = models.UUIDField()
    attempts = models.PositiveIntegerField(default=0)
    body = models.JSONField(default=dict, help_text="question id -> what learners.exams.items counts")
    counted_until = models.DateTimeField(
        null=True, blank=True, help_text="When the last of them was handed in. What is counted, the attempts say."
    )
    computed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "block_id"], name="one_statistics_a_quiz")]

    def __str__(self) -> str:
        return f"{self.edition_id} · {self.block_id}"
