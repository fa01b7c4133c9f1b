"""Courses that are being translated in the background: which tree into which language, until every page is there."""

from django.conf import settings
from django.db import models


class TreeTranslation(models.Model):
    """Kept until the last page below ``page`` has its draft in ``locale``; a lost task only delays it."""

    wagtail_reference_index_ignore = True

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    locale = models.ForeignKey("wagtailcore.Locale", on_delete=models.CASCADE, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    failed_pages = models.PositiveIntegerField(default=0, help_text="Pages that could not be translated; see the log.")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="A worker is at it until then.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "locale"], condition=models.Q(finished_at__isnull=True), name="one_running_translation"
            )
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.page_id} · {self.locale_id}"
