"""Progress of one learner on one block; lessons and courses are derived from it."""

from django.conf import settings
from django.db import models

from learners.enums import ProgressState


class BlockProgress(models.Model):
    """Keyed on enrolment + lesson key + block id, which survive edit, reorder and move. Completed never goes back."""

    wagtail_reference_index_ignore = True

    enrolment = models.ForeignKey("learners.Enrolment", on_delete=models.CASCADE, related_name="blocks")
    lesson_key = models.UUIDField()
    block_id = models.UUIDField()
    edition = models.ForeignKey(
        "courses.Edition",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="What was studied: the edition it was completed on, until then the one it was last touched on.",
    )
    state = models.CharField(max_length=12, choices=ProgressState, default=ProgressState.IN_PROGRESS)
    position = models.FloatField(default=0, help_text="Seconds into the media.")
    position_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was reached, as the client says: it only puts positions in order."
    )
    watched = models.JSONField(default=list, help_text="Union of watched intervals, [[start, end], ...] in seconds.")
    seconds_spent = models.PositiveIntegerField(default=0)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    started_at = models.DateTimeField()
    clock_started_at = models.DateTimeField(null=True, blank=True, help_text="When the learner started a timed block.")
    deadline_at = models.DateTimeField(
        null=True, blank=True, help_text="End of a timed block, from the server's clock."
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    last_accessed_at = models.DateTimeField()
    recent_events = models.JSONField(default=list, help_text="Ids of the last events applied; makes replays harmless.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson_key", "block_id"], name="one_progress_a_block"),
        ]


class Reopening(models.Model):
    """A timed block that may be started again: who allowed it and why, and the clock that had run."""

    wagtail_reference_index_ignore = True

    progress = models.ForeignKey(BlockProgress, on_delete=models.CASCADE, related_name="reopenings")
    clock_started_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.progress_id} · {self.created_at}"


class CarryOver(models.Model):
    """Taking a course's learners along with one release: how far it is. Learners keep what they have completed."""

    wagtail_reference_index_ignore = True

    release = models.OneToOneField("courses.Release", on_delete=models.PROTECT, related_name="carry_over")
    created_at = models.DateTimeField()
    cursor = models.BigIntegerField(default=0, help_text="The last enrolment that is done, in the order of keys.")
    seen = models.PositiveIntegerField(default=0, help_text="Enrolments looked at.")
    moved = models.PositiveIntegerField(default=0, help_text="Those that are on a newer edition now.")
    completed = models.PositiveIntegerField(default=0, help_text="Those of them that were complete with it.")
    gained_todos = models.PositiveIntegerField(default=0, help_text="Those of them with something new to do.")
    assigned = models.PositiveIntegerField(default=0, help_text="New cycles in which only what changed is to be done.")
    failed = models.PositiveIntegerField(default=0, help_text="Those that could not be moved; see the log.")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="Empty while the sweeper still has work to do.")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="A worker is at it until then.")

    class Meta:
        indexes = [
            models.Index(fields=["release"], name="carry_overs_to_do", condition=models.Q(finished_at__isnull=True))
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.release}"
