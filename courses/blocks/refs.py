"""What blocks may know of images, files and pages while they become documents: rows fetched beforehand, no queries."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import unquote

from courses.blocks.links import HEADING_PREFIX
from courses.editions.documents import FileRef, ImageRef
from courses.quizzes.definition import Question

RefKind = Literal["image", "media", "document", "page", "bank"]
Reference = tuple[RefKind, int]


@dataclass(frozen=True)
class ImageRow:
    width: int
    height: int


@dataclass(frozen=True)
class FileRow:
    """A media or document row; ``duration`` is seconds and only media have it."""

    name: str
    content_type: str
    size: int
    duration: float | None = None


@dataclass(frozen=True)
class Refs:
    """Prefetched rows by primary key, paths of published pages by page id, paths of lessons by source path, and the
    live questions of the bank by category.

    Whatever is missing answers ``None``: the block then leaves it out instead of failing.
    """

    images: Mapping[int, ImageRow] = field(default_factory=dict)
    media_rows: Mapping[int, FileRow] = field(default_factory=dict)
    documents: Mapping[int, FileRow] = field(default_factory=dict)
    pages: Mapping[int, str] = field(default_factory=dict)
    lessons: Mapping[str, str] = field(default_factory=dict)
    bank: Mapping[int, tuple[Question, ...]] = field(default_factory=dict)
    source: str = ""

    def at(self, source: str) -> "Refs":
        """The same rows seen from the lesson imported from ``source``: relative links start there."""
        return replace(self, source=source)

    def image(self, pk: Any, alt: str = "") -> ImageRef | None:
        row = self.images.get(pk)
        return None if row is None else {"id": pk, "width": row.width, "height": row.height, "alt": alt}

    def media(self, pk: Any) -> FileRef | None:
        return _file_ref("media", pk, self.media_rows.get(pk))

    def media_duration(self, pk: Any) -> float | None:
        row = self.media_rows.get(pk)
        return row.duration or None if row else None

    def document(self, pk: Any) -> FileRef | None:
        return _file_ref("document", pk, self.documents.get(pk))

    def page_path(self, pk: Any) -> str | None:
        return self.pages.get(pk)

    def lesson_path(self, source_path: str) -> str | None:
        return self.lessons.get(source_path)

    def resolve_link(self, href: str) -> str | None:
        """The path of the lesson a relative link of imported Markdown means, with its fragment, or ``None``."""
        path, _, fragment = href.partition("#")
        if not path or "//" in path or path.startswith(("/", "mailto:")):
            return None
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.source), unquote(path)))
        found = self.lesson_path(target) or self.lesson_path(posixpath.join(target, "README.md"))
        if found is None:
            return None
        return f"{found}#{HEADING_PREFIX}{fragment}" if fragment else found


def _file_ref(kind: Literal["media", "document"], pk: Any, row: FileRow | None) -> FileRef | None:
    if row is None:
        return None
    return {"kind": kind, "id": pk, "name": row.name, "content_type": row.content_type, "size": row.size}


def reference(kind: RefKind, pk: Any) -> Iterator[Reference]:
    """One reference, or none when nothing was chosen."""
    if isinstance(pk, int):
        yield kind, pk
