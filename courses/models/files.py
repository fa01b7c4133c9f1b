"""Images, documents and media with the SHA-256 that imports and editions recognise them by."""

import hashlib
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage
from wagtailmedia.models import AbstractMedia

from courses.uploads import (
    MAX_SVG_BYTES,
    extension,
    find_document_problem,
    find_media_problem,
    find_svg_problem,
    is_new_upload,
    read_head,
    refuse,
)


def private_storage() -> Storage:
    """Files that only signed, expiring addresses open (see ``courses.files``)."""
    return storages["private"]


def file_sha256(file: File) -> str:
    """Hex SHA-256 of the file's bytes; leaves the file rewound."""
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


class Sha256Mixin(models.Model):
    """Keeps ``sha256`` true to ``file``: computed on the first save and whenever a new file was uploaded."""

    sha256 = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    file: Any
    file_size: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        # _committed is False exactly while an upload has not been written to storage yet.
        if self.file and (not self.sha256 or not self.file._committed):
            self.sha256 = file_sha256(self.file)
            self.file_size = self.file.size
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "sha256", "file_size"}
        super().save(*args, **kwargs)


class CourseImage(Sha256Mixin, AbstractImage):
    admin_form_fields = WagtailImage.admin_form_fields

    def clean(self) -> None:
        """Refuse drawings that run or load anything."""
        super().clean()
        if is_new_upload(self.file) and extension(self.file.name) == "svg":
            refuse(find_svg_problem(read_head(self.file, MAX_SVG_BYTES + 1)))


class CourseRendition(AbstractRendition):
    image = models.ForeignKey(CourseImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_a_spec")
        ]


class CourseDocument(Sha256Mixin, AbstractDocument):
    file = models.FileField(upload_to="documents", storage=private_storage, verbose_name=_("file"))
    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def clean(self) -> None:
        """Refuse programs and web pages."""
        super().clean()
        if is_new_upload(self.file):
            refuse(find_document_problem(self.file.name or "", read_head(self.file), self.file.size))


class CourseMedia(Sha256Mixin, AbstractMedia):
    file = models.FileField(upload_to="media", storage=private_storage, verbose_name=_("file"))
    file_size = models.PositiveBigIntegerField(null=True, editable=False)
    admin_form_fields = ("title", "file", "collection", "duration", "width", "height", "thumbnail", "tags")

    def clean(self, *args: Any, **kwargs: Any) -> None:
        """Refuse files that are not what their name says."""
        if is_new_upload(self.file):
            refuse(find_media_problem(self.file.name or "", read_head(self.file), self.file.size, self.type))
        super().clean(*args, **kwargs)
