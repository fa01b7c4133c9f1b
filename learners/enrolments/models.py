"""Enrolments and the grants that let a person open a course."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from learners.enums import GrantSource, ProgressState


class Grant(models.Model):
    """One reason why a person may open a course. Access is the union of the grants in force."""

    wagtail_reference_index_ignore = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    course_key = models.UUIDField()
    source = models.CharField(max_length=20, choices=GrantSource)
    reference = models.CharField(max_length=120, blank=True, help_text=_("Order, invitation or seat it comes from."))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True, help_text=_("The day by which whoever gave it wants it used."))
    due_days = models.PositiveIntegerField(null=True, blank=True, help_text=_("Or so many days after it was given."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course_key", "source", "reference"], name="one_grant_a_reason")
        ]
        indexes = [models.Index(fields=["user", "course_key"])]


class Enrolment(models.Model):
    """A person on a course, pinned to an edition. A new cycle is a new row; nothing is ever reset.

    ``required_done``, ``percent`` and ``score`` are kept under a lock on this row by ``learners.progress.services``.
    """

    wagtail_reference_index_ignore = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    course_key = models.UUIDField()
    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    cycle = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=ProgressState, default=ProgressState.NOT_STARTED)
    enrolled_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(
        null=True, blank=True, help_text=_("What the deadline resolver last said; see learners.enrolments.deadlines.")
    )
    due_changed_at = models.DateTimeField(null=True, blank=True, help_text=_("When the due date last moved."))
    due_sequence = models.PositiveIntegerField(default=0, help_text=_("How often it moved: calendars ask."))
    closes_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it closes if it stays unfinished; stored together with due_at.")
    )
    overdue_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was found overdue, once."))
    expired_at = models.DateTimeField(null=True, blank=True, help_text=_("When studying ended unfinished."))
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    last_accessed_at = models.DateTimeField(null=True, blank=True)
    last_lesson_key = models.UUIDField(null=True, blank=True)
    last_block_id = models.UUIDField(null=True, blank=True)
    required_done = models.PositiveIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(default=0, help_text=_("Required blocks completed, 0-100."))
    score = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text=_("Weighted quiz result, 0-100.")
    )
    seconds_spent = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course_key", "cycle"], name="one_enrolment_a_cycle"),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="percent_at_most_100"),
            models.CheckConstraint(
                condition=models.Q(overdue_at__isnull=True) | models.Q(due_at__isnull=False),
                name="overdue_enrolments_have_a_due_date",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-last_accessed_at"]),
            models.Index(fields=["course_key"]),
            # What the scheduler looks for every half minute.
            models.Index(
                fields=["due_at"],
                name="enrolments_falling_due",
                condition=models.Q(completed_at__isnull=True, due_at__isnull=False),
            ),
            models.Index(
                fields=["closes_at"],
                name="enrolments_closing",
                condition=models.Q(completed_at__isnull=True, expired_at__isnull=True, closes_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.course_key}"

    @property
    def is_expired(self) -> bool:
        """Ended unfinished. What was completed is a record and never expires."""
        return self.expired_at is not None and self.completed_at is None


class DeadlineExtension(models.Model):
    """More time for one enrolment, kept as an absolute moment: moving the course's deadline never changes a promise."""

    wagtail_reference_index_ignore = True

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="extensions")
    due_at = models.DateTimeField()
    note = models.CharField(max_length=500)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.due_at}"


class CalendarFeed(models.Model):
    """A learner's calendar address. ``serial`` is in the signed secret: raising it revokes every earlier address."""

    wagtail_reference_index_ignore = True

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    serial = models.PositiveIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.user}"
