"""Keeps the files of packs in the media library, each once by its SHA-256."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

from django.core.files import File
from django.core.files.images import ImageFile
from django.db.models import Model

from courses.models.files import CourseDocument, CourseImage, CourseMedia
from courses.packs.definition import MediaFile, MediaKind, Pack
from courses.packs.media import open_media

MODELS: dict[MediaKind, type[Model]] = {"image": CourseImage, "media": CourseMedia, "document": CourseDocument}

# (kind, SHA-256) of a file in the library -> primary key of its oldest row.
Library = dict[tuple[MediaKind, str], int]


def find_stored(pack: Pack) -> Library:
    """Which files of the pack the library has already; one query a kind."""
    stored: Library = {}
    for kind, model in MODELS.items():
        digests = {file.sha256 for file in pack.media if file.kind == kind and file.state == "found"}
        if digests:
            rows = model._default_manager.filter(sha256__in=digests).order_by("-pk").values_list("sha256", "pk")
            stored |= {(kind, digest): pk for digest, pk in rows}
    return stored


@contextmanager
def stored_files() -> Iterator[list[Any]]:
    """Collects the field files written in the block, and removes them again if it fails: storage has no rollback."""
    written: list[Any] = []
    try:
        yield written
    except BaseException:
        for file in written:
            file.storage.delete(file.name)
        raise


def store_media(pack: Pack, stored: Library, user: Any, written: list[Any]) -> int:
    """Add the files that the library lacks, and add them to ``stored``. Returns how many were added."""
    added = 0
    for file in pack.media:
        if file.state == "found" and (file.kind, file.sha256) not in stored:
            row = _create(file, user)
            written.append(row.file)
            stored[file.kind, file.sha256] = row.pk
            added += 1
    return added


def _create(media: MediaFile, user: Any) -> Any:
    name = PurePosixPath(media.path).name
    common = {"title": (media.title or name)[:255], "sha256": media.sha256, "uploaded_by_user": user}
    with open_media(media) as opened:
        if media.kind == "image":
            row: Any = CourseImage(file=ImageFile(opened, name=name), file_size=media.size, **common)
        elif media.kind == "document":
            row = CourseDocument(file=File(opened, name=name), file_size=media.size, **common)
        else:
            row = CourseMedia(
                file=File(opened, name=name), type=media.media_type, duration=media.duration or 0, **common
            )
        row.save()
    return row
