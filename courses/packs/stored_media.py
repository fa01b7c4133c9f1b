"""The files that a course uses: which they are in the library, what a pack calls them, and whether they are there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.utils.text import slugify

from courses.models.files import file_sha256
from courses.packs.definition import MediaKind
from courses.packs.fields import one_line
from courses.packs.kept_keys import PLACE, Kept
from courses.packs.media_names import NameRegister, clean_media_name, suffix_of, suits_image
from courses.packs.media_store import MODELS

Raw = Mapping[str, Any]
_FOLDERS: dict[MediaKind, str] = {"image": "images", "media": "media-files", "document": "documents"}
_SOURCES: dict[str, tuple[str, MediaKind, str]] = {
    "image": ("image", "image", ""),
    "video": ("media", "media", "video"),
    "audio": ("media", "media", "audio"),
    "file": ("document", "document", ""),
}


@dataclass(frozen=True, slots=True)
class StoredUse:
    """One place that names a file: by its row, by the name it has in the pack, or both.

    ``role`` is what to call it where there is no name, without an ending.
    """

    kind: MediaKind
    pk: int | None
    name: str = ""
    media_type: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class StoredTrack:
    """A caption track; a lost one is only in the kept keys."""

    use: StoredUse
    language: str
    label: str
    extra: Mapping[str, Any]


def source_of(item: Raw) -> StoredUse:
    """The file that the block itself shows, plays or offers."""
    name, kind, media_type = _SOURCES[item["type"]]
    value = item["value"]
    return StoredUse(kind, value.get(name), value.get("file_name") or "", media_type)


def poster_of(item: Raw, kept: Kept) -> StoredUse:
    lost = kept.get(item["id"], {}).get("poster", "")
    return StoredUse("image", item["value"].get("poster"), lost, role=f"posters/{item['id'][:8]}")


def tracks_of(item: Raw, kept: Kept) -> list[StoredTrack]:
    """Those with a file, and between them in their places those whose file applying did not find."""
    tracks = []
    for stored in item["value"].get("captions") or []:
        value = stored["value"] or {}
        language = one_line(value.get("language") or "") or "en"
        role = f"captions/{item['id'][:8]}-{slugify(language) or 'en'}"
        if value.get("file"):
            use = StoredUse("document", value["file"], role=role)
            tracks.append(StoredTrack(use, language, value.get("label") or "", kept.get(stored["id"], {})))
    for lost in kept.get(item["id"], {}).get("captions", []):
        extra = {key: value for key, value in lost.items() if key not in {"src", "language", "label", PLACE}}
        use = StoredUse("document", None, lost.get("src") or "")
        track = StoredTrack(use, lost.get("language") or "en", lost.get("label") or "", extra)
        tracks.insert(lost.get(PLACE, len(tracks)), track)
    return tracks


def uses_of_body(body: Iterable[Raw], kept: Kept) -> Iterator[StoredUse]:
    for item in body:
        if item["type"] in _SOURCES:
            yield source_of(item)
        if item["type"] == "video":
            yield poster_of(item, kept)
            yield from (track.use for track in tracks_of(item, kept))


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of the library and its path in the pack."""

    path: str
    kind: MediaKind
    row: Any
    is_captions: bool


@dataclass
class MediaBook:
    """What a pack calls the files of a course. The paths depend on the course alone: applying the pack elsewhere and
    exporting it there gives the same ones."""

    rows: dict[tuple[MediaKind, int], Any]
    names: NameRegister = field(default_factory=NameRegister)
    files: dict[str, ExportedFile] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, uses: Iterable[StoredUse]) -> "MediaBook":
        """Three queries at most."""
        uses = list(uses)
        rows: dict[tuple[MediaKind, int], Any] = {}
        for kind, model in MODELS.items():
            if wanted := {use.pk for use in uses if use.kind == kind and use.pk}:
                rows |= {(kind, pk): row for pk, row in model._default_manager.in_bulk(wanted).items()}
        book = cls(rows)
        book._claim_names(uses)
        return book

    def path_of(self, use: StoredUse) -> str:
        """The path of the file in the pack, "" where no file is named."""
        row = self.row_of(use)
        key = self._key(use, row) if row is not None else self._lost_key(use)
        return self.names.find(key) or ""

    def duration_of(self, use: StoredUse) -> float | None:
        """Seconds of a recording that is there; one that is lost has none where the pack is applied either."""
        file = self.files.get(self.path_of(use))
        if file is None or not file.row.duration:
            return None
        return file.row.duration if file.row.file.storage.exists(file.row.file.name) else None

    def row_of(self, use: StoredUse) -> Any:
        return self.rows.get((use.kind, use.pk)) if use.pk else None

    def _claim_names(self, uses: list[StoredUse]) -> None:
        """Names that files have come first, then those that are looked for, then names made up here."""
        found = [(use, row) for use in uses if (row := self.row_of(use)) is not None]
        for use, row in found:
            if (name := clean_media_name(use.name)) and (use.kind != "image" or suits_image(name, row.file.name)):
                self._claim(use, row, name)
        for use in uses:
            if self.row_of(use) is None and (name := clean_media_name(use.name)):
                self._claim_lost(use, name)
        for use, row in found:
            if not use.role:
                name = f"{_FOLDERS[use.kind]}/{PurePosixPath(row.file.name).name}"
                self._claim(use, row, clean_media_name(name) or f"{_FOLDERS[use.kind]}/file{suffix_of(name)}")
        for use, row in found:
            if use.role:
                self._claim(use, row, f"{use.role}{suffix_of(row.file.name)}")

    def _claim(self, use: StoredUse, row: Any, wanted: str) -> None:
        path = self.names.claim(self._key(use, row), wanted, mark=_digest(row)[:8])
        is_captions = use.kind == "document" and use.role.startswith("captions/")
        if path not in self.files or is_captions:
            self.files[path] = ExportedFile(path, use.kind, row, is_captions)

    def _claim_lost(self, use: StoredUse, name: str) -> None:
        """A name that a file of the same sort has means that file."""
        for file in self.files.values():
            if (file.path, file.kind) == (name, use.kind) and getattr(file.row, "type", "") == use.media_type:
                self.names.alias(self._lost_key(use), name)
                return
        self.lost.add(self.names.claim(self._lost_key(use), name, mark="missing"))

    @staticmethod
    def _key(use: StoredUse, row: Any) -> tuple[str, str, str]:
        return use.kind, use.media_type, _digest(row)

    @staticmethod
    def _lost_key(use: StoredUse) -> tuple[str, str, str, str]:
        return "lost", use.kind, use.media_type, clean_media_name(use.name)


def _digest(row: Any) -> str:
    """What files are recognised by; rows from before the library kept it are read."""
    if not row.sha256:
        try:
            row.sha256 = file_sha256(row.file)
        except OSError:
            row.sha256 = f"{row.pk:064x}"
    return str(row.sha256)
