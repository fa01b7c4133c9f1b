"""Writes an exported pack into a folder or a zip: whole or not at all, and never over something else."""

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from courses.packs.errors import PackError
from courses.packs.export import Export
from courses.packs.media import check_file
from courses.packs.pack_text import list_media
from courses.packs.reader import COURSE_FILE
from courses.packs.sources import open_source, read_text
from courses.packs.stored_media import ExportedFile
from courses.packs.yaml_text import load_mapping

# What a pack is made of; everything else in its folder is somebody else's and stays.
OWNED = (COURSE_FILE, "media.tsv", "modules", "media")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold: the same bytes on every day
_CHUNK = 1024**2
_MANY = 256 * 1024**2


@dataclass(frozen=True)
class Written:
    """``missing`` are the files that are named, but not there; ``warnings`` say why for those that should be."""

    files: int
    missing: tuple[str, ...]
    warnings: tuple[str, ...]


class _Target(Protocol):
    def add(self, path: str, content: IO[bytes], *, is_media: bool) -> None: ...


def write_folder(export: Export, path: Path, *, force: bool = False) -> Written:
    """The pack as a folder. It is written under another name and moved into place when it is complete.

    Another export of the same course there is replaced, files that are no part of a pack stay. Raises PackError for a
    folder that holds something else, unless ``force``, and when the disk does not let it.
    """
    path = path.resolve()
    if path.exists() and not path.is_dir():
        raise PackError(f"{path} is no folder: name a new folder, or add --zip for a file.")
    if not force and path.is_dir() and any(path.iterdir()):
        _check_same(export, path, "folder")
    with _writing(path):
        # A folder that is there may be a mount point, or the only one that may be written.
        made = Path(tempfile.mkdtemp(prefix=".export-", dir=path if path.is_dir() else _parent(path)))
        try:
            written = _write(export, _Folder(made))
            made.chmod(0o777 & ~_umask())
            _swap(made, path)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return written


def write_zip(export: Export, path: Path, *, force: bool = False) -> Written:
    """The pack as a zip; the same export is the same bytes. Conditions as for folders."""
    if path.is_dir():
        raise PackError(f"{path} is a folder: name a .zip file in it.")
    if path.exists() and not force:
        _check_same(export, path, "file")
    with _writing(path):
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=_parent(path))
        made = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                written = write_zip_to(export, file)
            made.chmod(0o666 & ~_umask())
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)
    return written


def write_zip_to(export: Export, file: IO[bytes]) -> Written:
    with zipfile.ZipFile(file, "w") as archive:
        return _write(export, _Zip(archive))


class _Folder:
    def __init__(self, root: Path):
        self._root = root

    def add(self, path: str, content: IO[bytes], *, is_media: bool) -> None:
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            shutil.copyfileobj(content, file, _CHUNK)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive

    def add(self, path: str, content: IO[bytes], *, is_media: bool) -> None:
        info = zipfile.ZipInfo(path, _EPOCH)
        info.create_system = 3  # Unix, wherever this runs
        info.external_attr = 0o100644 << 16
        info.compress_type = zipfile.ZIP_STORED if is_media else zipfile.ZIP_DEFLATED
        with self._archive.open(info, "w", force_zip64=is_media and _size(content) > _MANY) as entry:
            shutil.copyfileobj(content, entry, _CHUNK)


def _write(export: Export, target: _Target) -> Written:
    """Texts and media in the order of their paths; media.tsv last, because it says what was found."""
    digests, warnings = dict.fromkeys(export.lost, ""), []
    for path in sorted(export.texts):
        target.add(path, io.BytesIO(export.texts[path].encode()), is_media=False)
    for file in export.files:
        digests[file.path], warning = _add_media(file, target)
        warnings += [warning] if warning else []
    if digests:
        target.add("media.tsv", io.BytesIO("".join(list_media(digests)).encode()), is_media=False)
    missing = tuple(path for path, digest in sorted(digests.items()) if not digest)
    return Written(len(digests) - len(missing), missing, tuple(warnings))


def _add_media(file: ExportedFile, target: _Target) -> tuple[str, str]:
    """The SHA-256 of the file, "" if it is not in the pack, and then why."""
    try:
        opened = file.row.file.storage.open(file.row.file.name, "rb")
    except OSError as error:
        return "", f"{file.path}: the file is not in the storage ({type(error).__name__})."
    with opened:
        try:
            check_file(file.path, file.kind, opened, is_captions=file.is_captions)
        except PackError as error:
            return "", f"{error} It was left out, because applying the pack would be refused."
        opened.seek(0)
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        opened.seek(0)
        target.add(f"media/{file.path}", opened, is_media=True)
    changed = file.row.sha256 and digest != file.row.sha256
    return digest, f"{file.path}: the file is not the one that was uploaded." if changed else ""


def _size(content: IO[bytes]) -> int:
    place = content.tell()
    end = content.seek(0, os.SEEK_END)
    content.seek(place)
    return end


def _check_same(export: Export, path: Path, what: str) -> None:
    """Only an earlier pack of the same course may be replaced."""
    advice = f"name a new {what}, or add --force to replace it"
    try:
        source = open_source(path)
        try:
            found = load_mapping(read_text(source, COURSE_FILE, limit=_CHUNK, what="pack"), file=COURSE_FILE)
        finally:
            source.close()
    except PackError:
        raise PackError(f"{path} is not empty and no course pack: {advice}.") from None
    ours = load_mapping(export.texts[COURSE_FILE], file=COURSE_FILE)
    if found.get("id") != ours["id"]:
        raise PackError(f"{path} holds another course, “{found.get('title')}”: {advice}.")


def _parent(path: Path) -> Path:
    parent = path.absolute().parent
    if not parent.is_dir():
        raise PackError(f"there is no folder {parent}: make it first.")
    return parent


def _swap(made: Path, path: Path) -> None:
    """Put the new pack in its place; if that fails half-way, what was there is put back."""
    if not path.exists():
        made.rename(path)
        return
    undo: list[Callable[[], object]] = []
    old = made / ".replaced"
    old.mkdir()
    try:
        for name in OWNED:
            if os.path.lexists(path / name):
                (path / name).rename(old / name)
                undo.append(lambda name=name: (old / name).rename(path / name))  # type: ignore[misc]
            if (made / name).exists():
                (made / name).rename(path / name)
                undo.append(lambda name=name: (path / name).rename(made / name))  # type: ignore[misc]
    except BaseException:
        for step in reversed(undo):
            with suppress(OSError):
                step()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """A full disk, a folder that may not be written and the like as a PackError; nothing has been changed then."""
    try:
        yield
    except OSError as error:
        raise PackError(f"{path} cannot be written: {error.strerror or error}. Nothing was changed.") from None
