"""Where a pack's bytes come from: a folder or a zip, read with limits and never outside of itself."""

import io
import lzma
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from courses.packs.errors import PackError
from courses.packs.fields import check_relative
from courses.packs.yaml_text import find_bad_character, fold_name

MAX_MEMBERS = 20_000
MAX_UNPACKED = 4 * 1024**3
MAX_RATIO = 500  # real text packs less than 20 to 1, media about 1 to 1
RATIO_MATTERS_FROM = 10 * 1024**2


class PackSource(Protocol):
    """A folder or a zip. Paths are relative, with / between steps, and already checked."""

    name: str
    path: Path

    def size(self, path: str) -> int | None:
        """Bytes of the file, or None if there is no such file. Raises PackError if it leads outside."""

    def open(self, path: str) -> IO[bytes]: ...

    def close(self) -> None: ...


class FolderSource:
    """A pack in a folder; links that lead out of it are refused."""

    def __init__(self, path: Path):
        self.path = path
        self.name = path.resolve().name
        self._root = path.resolve()

    def size(self, path: str) -> int | None:
        found = resolve_inside(self._root, path)
        return found.stat().st_size if found else None

    def open(self, path: str) -> IO[bytes]:
        return (self._root / path).open("rb")

    def close(self) -> None:
        """Nothing is held open."""


class TextSource:
    """The text files of a pack that stands in no folder yet."""

    name = "pack"
    path = Path("pack")

    def __init__(self, texts: Mapping[str, str]):
        self._files = {path: text.encode() for path, text in texts.items()}

    def size(self, path: str) -> int | None:
        data = self._files.get(path)
        return None if data is None else len(data)

    def open(self, path: str) -> IO[bytes]:
        return io.BytesIO(self._files[path])

    def close(self) -> None:
        """Nothing is held open."""


class ZipSource:
    """A pack in a zip, with course.yml at the top or in the only folder there. Checked as a whole when opened."""

    def __init__(self, path: Path):
        self.path = path
        self.name = path.stem
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise PackError(f"not a zip that can be read: {error}.", file=path.name) from None
        members = [info for info in self._zip.infolist() if not info.filename.startswith("__MACOSX/")]
        self._check(members)
        files = {info.filename: info for info in members if not info.is_dir()}
        tops = {name.split("/")[0] for name in files}
        self.prefix = "" if "course.yml" in files or len(tops) != 1 else f"{tops.pop()}/"
        self._files = {name.removeprefix(self.prefix): info for name, info in files.items()}
        if self.prefix:
            self.name = self.prefix.rstrip("/")

    def size(self, path: str) -> int | None:
        info = self._files.get(path)
        return info.file_size if info else None

    def open(self, path: str) -> IO[bytes]:
        return self._zip.open(self._files[path])

    def close(self) -> None:
        self._zip.close()

    def _check(self, members: list[zipfile.ZipInfo]) -> None:
        if len(members) > MAX_MEMBERS:
            self._fail(f"the zip has {len(members)} entries; {MAX_MEMBERS} is the most.")
        for info in members:
            if reason := check_relative(info.filename.rstrip("/")):
                self._fail(f"the entry {info.filename!r} cannot be used: a name {reason}.")
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind == stat.S_IFLNK:
                self._fail(f"the entry {info.filename!r} is a link: pack the file itself.")
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                self._fail(f"the entry {info.filename!r} is a device or a pipe: pack plain files.")
            if info.flag_bits & 0x1:
                self._fail(f"the entry {info.filename!r} is encrypted: pack it without a password.")
            if info.file_size > RATIO_MATTERS_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size):
                self._fail(f"the entry {info.filename!r} unpacks to more than {MAX_RATIO} times its size.")
        if (total := sum(info.file_size for info in members)) > MAX_UNPACKED:
            self._fail(f"the zip unpacks to {total} bytes; {MAX_UNPACKED} is the most.")
        counts = Counter(fold_name(info.filename) for info in members)
        if doubled := [info.filename for info in members if counts[fold_name(info.filename)] > 1]:
            self._fail(f"these entries differ only in upper and lower case: {', '.join(sorted(doubled)[:4])}.")

    def _fail(self, message: str) -> None:
        raise PackError(message, file=self.path.name)


def open_source(path: Path) -> PackSource:
    """The folder or zip at ``path``, which must exist."""
    if path.is_dir():
        return FolderSource(path)
    if path.is_file() and (path.suffix.lower() == ".zip" or zipfile.is_zipfile(path)):
        return ZipSource(path)
    if path.is_file():
        raise PackError("give the folder of a pack, or a zip of it.", file=path.name)
    raise PackError(f"there is no folder or zip at {path}.")


def resolve_inside(root: Path, path: str) -> Path | None:
    """The regular file at ``path`` below ``root`` (already resolved), None if absent, PackError if a link leads out."""
    try:
        found = (root / path).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    if not found.is_relative_to(root):
        raise PackError("is a link that leads out of its folder: put the file itself there.", file=path)
    return found if found.is_file() else None


def read_text(source: PackSource, path: str, *, limit: int, what: str) -> str:
    """The UTF-8 text of a file, line ends as \\n. Raises PackError if absent, too large, or not text."""
    size = source.size(path)
    if size is None:
        raise PackError(f"the {what} is missing: add the file, or take it out of the list.", file=path)
    if size <= limit:
        with reading(path), source.open(path) as file:
            data = file.read(limit + 1)
        size = max(size, len(data))
    if size > limit:
        raise PackError(f"the {what} is {size:,} bytes; {limit:,} is the most: split it.", file=path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PackError(f"the {what} is not UTF-8 text: save it as UTF-8.", file=path, line=line) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line_text in enumerate(text.split("\n"), start=1):
        if bad := find_bad_character(line_text):
            raise PackError(f"the {what} is not text: {bad} does not belong there.", file=path, line=number)
    return text


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Turns what a damaged file or zip raises into a PackError."""
    try:
        yield
    except (OSError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError) as error:
        raise PackError(f"cannot be read: {error}.", file=path) from None
