"""What a person needs to be assessed fairly: more time, more attempts, no clock."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Accommodation(models.Model):
    """One at a time a person; an earlier one is ended, never changed, so that evidence can name what was in force."""

    wagtail_reference_index_ignore = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="accommodations")
    time_factor = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(10))],
        help_text=_("1.5 gives half as much time again."),
    )
    extra_attempts = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    is_untimed = models.BooleanField(default=False, help_text=_("No time limits at all."))
    note = models.TextField(blank=True, help_text=_("Why; seen by staff and in the evidence, never by colleagues."))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(ended_at__isnull=True), name="one_accommodation_in_force"
            ),
            models.CheckConstraint(condition=models.Q(time_factor__gte=1), name="accommodation_never_shortens"),
        ]
        ordering = ["-granted_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user}"
