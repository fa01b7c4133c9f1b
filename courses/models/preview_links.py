"""Preview links: who gave out which draft until when, and whether the link was taken back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class PreviewLink(models.Model):
    """One link to the draft of a page and, below a course, of everything in it. The signed token names this row, so
    that revoking the row ends the link."""

    wagtail_reference_index_ignore = True

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.CASCADE, related_name="+",
        help_text="The very draft it shows; empty: always the latest.",
    )  # fmt: skip
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["page"], name="preview_links_in_force", condition=Q(revoked_at__isnull=True))]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.page_id} · {self.expires_at}"

    @property
    def is_in_force(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
