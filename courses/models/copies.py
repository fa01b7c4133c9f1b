"""Copies of courses and lessons in the making: a row says what is to be copied where, and how far it is."""

import uuid

from django.conf import settings
from django.db import models


class TreeCopy(models.Model):
    """Made page by page; ``pages`` maps the keys of what was copied to those of the copies, so that a worker goes on
    where another was killed. Pages are kept by key: deleting one must not delete what is known of the copy."""

    wagtail_reference_index_ignore = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.PositiveIntegerField()
    parent = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    pages = models.JSONField(default=dict)
    total = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title

    @property
    def done(self) -> int:
        return len(self.pages)

    @property
    def page_id(self) -> int | None:
        """The copy of the page itself, as soon as there is one."""
        return self.pages.get(str(self.source))

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None or self.failed_at is not None
