"""What a course pack says, as frozen dataclasses: the meaning of `coursepack/1` without files or database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

FORMAT = "coursepack/1"

MediaKind = Literal["image", "media", "document"]
MediaState = Literal["found", "missing", "changed"]


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One file that the pack uses in one way. ``changed`` means: found, but not the bytes that media.tsv lists.

    ``source`` is where the bytes are: a file, or a member of the zip in which the pack came.
    """

    path: str
    kind: MediaKind
    state: MediaState
    sha256: str = ""
    size: int = 0
    source: Path | None = None
    member: str = ""
    media_type: Literal["", "audio", "video"] = ""
    title: str = ""
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class PackBlock:
    """One block. ``fields`` has every field of its type, checked and typed; files are paths of the pack."""

    id: str
    type: str
    is_required: bool
    time_limit: int | None
    fields: Mapping[str, Any]
    line: int
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PackPage:
    """What course, module and lesson share. ``fields`` holds only the keys that the pack mentions."""

    id: str
    title: str
    slug: str | None
    file: str
    fields: Mapping[str, Any]
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PackLesson(PackPage):
    blocks: tuple[PackBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class PackModule(PackPage):
    lessons: tuple[PackLesson, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack(PackPage):
    """A whole course. ``fields['language']`` is always there."""

    name: str = ""
    locale: str = "en"
    license: str = ""
    modules: tuple[PackModule, ...] = ()
    media: tuple[MediaFile, ...] = ()
    # Keys that this version does not know, of categories and instructors: `categories/Selling` -> keys.
    named_extra: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def lessons(self) -> Iterator[PackLesson]:
        for module in self.modules:
            yield from module.lessons

    @property
    def missing_media(self) -> tuple[MediaFile, ...]:
        return tuple(file for file in self.media if file.state != "found")
