"""Finds the files a pack uses, by name and SHA-256, and refuses those that are not what they must be."""

import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal

from PIL import Image

from courses.blocks.captions import find_webvtt_problem
from courses.packs.definition import MediaFile, MediaKind
from courses.packs.errors import Faults, PackError
from courses.packs.fields import check_relative
from courses.packs.sources import PackSource, ZipSource, read_text, reading, resolve_inside
from courses.packs.yaml_text import fold_name

MAX_IMAGE_BYTES = 20 * 1024**2
MAX_FILE_BYTES = 2 * 1024**3
MAX_PIXELS = 50_000_000
IMAGE_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}
UNKNOWN = "MISSING"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SVG_DANGER = re.compile(
    rb"<\s*(script|foreignObject|iframe|embed|object)\b|\son\w+\s*=|javascript:|<!ENTITY|<!DOCTYPE[^>]*\[",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MediaUse:
    """One place in the pack that wants a file."""

    path: str
    kind: MediaKind
    media_type: Literal["", "audio", "video"] = ""
    title: str = ""
    duration: float | None = None
    is_captions: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file with the right name is."""

    file: Path
    member: str
    size: int


def read_media_list(source: PackSource) -> dict[str, str]:
    """media.tsv: path, tab, SHA-256 a line; MISSING in place of a hash nobody knows. No list is an empty list."""
    name = "media.tsv"
    if source.size(name) is None:
        return {}
    listed: dict[str, str] = {}
    folded: dict[str, str] = {}
    for number, line in enumerate(read_text(source, name, limit=4 * 1024**2, what="media list").split("\n"), start=1):
        if not line.strip():
            continue
        path, _, digest = (part.strip() for part in line.partition("\t"))
        if reason := check_relative(path):
            raise PackError(f"{path!r} cannot be used: a media name {reason}.", file=name, line=number)
        if digest != UNKNOWN and not _SHA256.fullmatch(digest.lower()):
            raise PackError(f"each line is a path, a tab and a SHA-256 (or {UNKNOWN}).", file=name, line=number)
        if (other := folded.setdefault(fold_name(path), path)) != path or path in listed:
            raise PackError(f"{path!r} is listed twice (also as {other!r}).", file=name, line=number)
        listed[path] = "" if digest == UNKNOWN else digest.lower()
    return listed


class MediaFinder:
    """Looks in the pack, its media folder, the given folders, and ../../raw/<pack name>, in this order."""

    def __init__(self, source: PackSource, listed: dict[str, str], folders: Sequence[Path] = ()):
        self._source = source
        self._listed = listed
        raw = source.path.resolve().parent.parent / "raw" / source.name
        self._folders = [folder.resolve() for folder in [*folders, raw] if folder.is_dir()]

    def find_all(self, uses: Iterable[MediaUse]) -> tuple[MediaFile, ...]:
        """Each file once a kind, checked. Raises PackError with every file that cannot be accepted."""
        faults = Faults()
        found: dict[tuple[str, str], MediaFile] = {}
        names: dict[str, str] = {}
        for use in uses:
            if (other := names.setdefault(fold_name(use.path), use.path)) != use.path:
                faults.add(f"and {other!r} differ only in upper and lower case: write both alike.", file=use.path)
            key = (use.path, use.kind)
            if key in found and use.media_type == found[key].media_type:
                if found[key].duration is None and use.duration is not None:
                    found[key] = replace(found[key], duration=use.duration)
                continue
            if key in found:
                faults.add("is used as audio and as video: use two files.", file=use.path)
                continue
            with faults.collect():
                found[key] = self._find(use)
        faults.raise_if_any()
        return tuple(found[key] for key in sorted(found))

    def _find(self, use: MediaUse) -> MediaFile:
        media = MediaFile(
            use.path, use.kind, "missing", media_type=use.media_type, title=use.title, duration=use.duration
        )
        wanted = self._listed.get(use.path)
        for place in self._places(use.path):
            limit = MAX_IMAGE_BYTES if use.kind == "image" else MAX_FILE_BYTES
            if place.size > limit:  # before a byte of it is read
                raise PackError(f"is {place.size:,} bytes; {limit:,} is the most.", file=use.path)
            here = replace(media, size=place.size, source=place.file, member=place.member)
            digest = _sha256(here)
            if wanted and digest != wanted:
                media = replace(media, state="changed")
                continue
            here = replace(here, state="found", sha256=digest)
            _check_content(here, use)
            return here
        return media

    def _places(self, path: str) -> Iterable[_Place]:
        for inside in (path, f"media/{path}"):
            size = self._source.size(inside)
            if size is not None and isinstance(self._source, ZipSource):
                yield _Place(self._source.path, self._source.prefix + inside, size)
            elif size is not None:
                yield _Place(self._source.path.resolve() / inside, "", size)
        for folder in self._folders:
            if found := resolve_inside(folder, path):
                yield _Place(found, "", found.stat().st_size)


def open_media(media: MediaFile) -> IO[bytes]:
    """The bytes of a file that was found."""
    if media.source is None:
        raise PackError("is missing.", file=media.path)
    if media.member:
        return io.BytesIO(zipfile.ZipFile(media.source).read(media.member))
    return media.source.open("rb")


def _sha256(media: MediaFile) -> str:
    with reading(media.path), open_media(media) as file:
        digest = hashlib.sha256()
        while chunk := file.read(1024**2):
            digest.update(chunk)
        return digest.hexdigest()


def _check_content(media: MediaFile, use: MediaUse) -> None:
    with reading(media.path), open_media(media) as file:
        check_file(media.path, media.kind, file, is_captions=use.is_captions)


def check_file(path: str, kind: MediaKind, opened: IO[bytes], *, is_captions: bool) -> None:
    """Raises PackError for a file that reading a pack would refuse."""
    limit = MAX_IMAGE_BYTES if kind == "image" else MAX_FILE_BYTES
    size = opened.seek(0, io.SEEK_END)
    opened.seek(0)
    if size > limit:
        raise PackError(f"is {size:,} bytes; {limit:,} is the most.", file=path)
    if kind == "image":
        check_image(path, opened.read())
    elif is_captions and (problem := find_webvtt_problem(opened.read(4 * 1024**2))):
        raise PackError(str(problem), file=path)


def check_image(path: str, content: bytes) -> None:
    """Refuse what is not an image of the kind its name says, is too large to decode, or carries script."""
    suffix = Path(path).suffix.lower()
    if suffix == ".svg":
        if b"<svg" not in content[:4096].lower():
            raise PackError("is not an SVG image.", file=path)
        if match := _SVG_DANGER.search(content):
            found = match.group(0).decode("ascii", "replace").strip()
            raise PackError(f"carries active content ({found}): save it as a plain SVG.", file=path)
        return
    if suffix not in IMAGE_FORMATS:
        names = ", ".join([*IMAGE_FORMATS, ".svg"])
        raise PackError(f"is not an image name: use {names}.", file=path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[IMAGE_FORMATS[suffix]]) as image:
                pixels = image.width * image.height
                image.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise PackError(f"is not a {IMAGE_FORMATS[suffix]} image: save it again.", file=path) from None
    if pixels > MAX_PIXELS:
        raise PackError(f"has {pixels:,} pixels; {MAX_PIXELS:,} is the most.", file=path)
