"""Gives each file of a pack its path (pure): the one it had, or one made of where it stands, never two alike."""

from collections.abc import Hashable
from pathlib import PurePosixPath

from courses.packs.fields import check_relative
from courses.packs.media import IMAGE_FORMATS
from courses.packs.yaml_text import find_bad_character, fold_name

_RESERVED = {"course.yml", "media.tsv", "modules"}
_MAX_LENGTH = 200
IMAGE_SUFFIXES = {*IMAGE_FORMATS, ".svg"}


class NameRegister:
    """Paths by what they stand for. Names that some file system takes for the same count as taken, and so do names
    of folders."""

    def __init__(self) -> None:
        self._paths: dict[Hashable, str] = {}
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def find(self, key: Hashable) -> str | None:
        return self._paths.get(key)

    def alias(self, key: Hashable, path: str) -> None:
        """Let ``key`` stand for a path that is taken already."""
        self._paths[key] = path

    def claim(self, key: Hashable, wanted: str, *, mark: str) -> str:
        """The path of ``key``: the one it has, or ``wanted``, made unique with ``mark`` where it is taken."""
        if key in self._paths:
            return self._paths[key]
        if self._is_in_file(wanted):
            wanted = wanted.replace("/", "-")
        path, number = wanted, 1
        while not self._is_free(path):
            pure = PurePosixPath(wanted)
            more = mark if number == 1 else f"{mark}-{number}"
            path, number = str(pure.with_name(f"{pure.stem}-{more}{pure.suffix}")), number + 1
        self._paths[key] = path
        folded = fold_name(path)
        self._files.add(folded)
        self._folders |= {str(parent) for parent in PurePosixPath(folded).parents}
        return path

    def _is_free(self, path: str) -> bool:
        return fold_name(path) not in self._files | self._folders

    def _is_in_file(self, path: str) -> bool:
        """Whether one of its folders is a file already."""
        return any(str(parent) in self._files for parent in PurePosixPath(fold_name(path)).parents)


def clean_media_name(name: str) -> str:
    """The name as a path inside a pack, or "" if it cannot be one."""
    path = name.strip()
    while path.startswith("media/"):
        path = path.removeprefix("media/")
    if check_relative(path) or len(path) > _MAX_LENGTH or any(find_bad_character(character) for character in path):
        return ""
    is_reserved = fold_name(path.split("/")[0]) in _RESERVED
    return "" if is_reserved or any(part != part.strip() for part in path.split("/")) else path


def suits_image(name: str, stored_name: str) -> bool:
    """Whether an image may have this name: readers judge by the ending what the bytes must be."""
    formats = [IMAGE_FORMATS.get(suffix, suffix) for suffix in (suffix_of(name), suffix_of(stored_name))]
    return suffix_of(name) in IMAGE_SUFFIXES and formats[0] == formats[1]


def suffix_of(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
