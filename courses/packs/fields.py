"""Reads typed fields out of strict YAML mappings; every fault names the file, the line and what is expected."""

import datetime
import math
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NoReturn, TypeVar

from courses.blocks.links import is_web_url
from courses.packs.errors import Faults, PackError
from courses.packs.yaml_text import YamlList, YamlMap

Item = TypeVar("Item")

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,255}")
# Names that mean a device on Windows, in any folder and with any ending.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_TRUE, _FALSE = {"true", "yes", "on"}, {"false", "no", "off"}


def read_uuid(text: object) -> str | None:
    """The UUID in its canonical form, or None if it is none."""
    try:
        return str(uuid.UUID(text)) if isinstance(text, str) and len(text) == 36 else None
    except ValueError:
        return None


def check_relative(name: str) -> str:
    """Why a name may not be used as a path inside a pack, or "" if it may."""
    parts = name.split("/")
    if not name or len(name) > 255:
        return "must be 1 to 255 characters long"
    if name.startswith("/") or "\\" in name or re.match(r"[A-Za-z]:", name):
        return "must be relative, with / between folders"
    if any(part in {"", ".", ".."} for part in parts):
        return "may not contain empty, . or .. steps"
    if any(ord(character) < 32 for character in name):
        return "may not contain control characters"
    if any(_DEVICE.fullmatch(part) for part in parts):
        return "may not be that of a device, such as con or nul"
    return ""


def one_line(text: str) -> str:
    """The text as a field of one line has it: line ends become spaces."""
    return " ".join(text.strip().splitlines())


class Fields:
    """A mapping being read: each reader method takes a key; ``rest`` says which keys nobody read."""

    def __init__(self, data: YamlMap, file: str):
        self.data = data
        self.file = file
        self._read: set[str] = set()

    def has(self, key: str) -> bool:
        return key in self.data

    def rest(self) -> dict[str, Any]:
        return {key: value for key, value in self.data.items() if key not in self._read}

    def fail(self, key: str, message: str) -> NoReturn:
        raise PackError(f"`{key}` {message}", file=self.file, line=self.data.lines.get(key, self.data.line))

    def _scalar(self, key: str) -> str | None:
        self._read.add(key)
        value = self.data.get(key)
        if isinstance(value, dict | list):
            self.fail(key, "must be a single value, not a list or a mapping.")
        return value

    def skip(self, key: str) -> None:
        """The key means nothing beside another one: it is neither read nor kept."""
        self._read.add(key)

    def state(self, key: str) -> None:
        """A draft may leave it empty; leaving it out is more likely a slip."""
        if not self.has(key):
            self.fail(key, "is missing: add it (a draft may leave it empty).")

    def require(self, key: str) -> None:
        if not (self._scalar(key) or "").strip():
            self.fail(key, "is missing or empty: add it.")

    def verbatim(self, key: str, *, max_length: int) -> str:
        """The text exactly as written."""
        text = self._scalar(key) or ""
        if len(text) > max_length:
            self.fail(key, f"is {len(text)} characters long; {max_length} is the most.")
        return text

    def text(self, key: str, *, max_length: int = 4000, required: bool = False, stated: bool = False) -> str:
        """Text of one or more lines, without white space at its ends (a form would remove it, too)."""
        if required:
            self.require(key)
        if stated:
            self.state(key)
        return self.verbatim(key, max_length=max_length).strip()

    def line(self, key: str, *, max_length: int = 255, required: bool = False, stated: bool = False) -> str:
        """Text of one line: line ends become spaces."""
        return one_line(self.text(key, max_length=max_length, required=required, stated=stated))

    def uuid(self, key: str = "id") -> str:
        found = read_uuid(self._scalar(key))
        if found is None:
            self.fail(key, f"must be a UUID such as {uuid.uuid4()}.")
        return found

    def slug(self, key: str = "slug") -> str | None:
        text = self._scalar(key)
        if text is not None and not _SLUG.fullmatch(text):
            self.fail(key, "may hold letters a-z, digits, - and _ only.")
        return text

    def integer(self, key: str, *, low: int, high: int) -> int | None:
        text = self._scalar(key)
        if text is None:
            return None
        if not re.fullmatch(r"-?\d{1,9}", text) or not low <= int(text) <= high:
            self.fail(key, f"must be a whole number from {low} to {high}.")
        return int(text)

    def number(self, key: str) -> float | None:
        text = self._scalar(key)
        if text is None:
            return None
        try:
            value = float(text) if "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.fail(key, "must be a number such as 3 or 0.5.")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        text = self._scalar(key)
        if text is None:
            return default
        if text.casefold() not in _TRUE | _FALSE:
            self.fail(key, "must be true or false.")
        return text.casefold() in _TRUE

    def choice(self, key: str, options: Sequence[str], *, default: str | None = None) -> str:
        text = self._scalar(key) or default
        if text is None or text not in options:
            self.fail(key, f"must be one of {', '.join(filter(None, options))}.")
        return text

    def date(self, key: str) -> datetime.date | None:
        text = self._scalar(key)
        if text is None:
            return None
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            self.fail(key, "must be a date such as 2027-12-31.")

    def moment(self, key: str) -> datetime.datetime | None:
        """A date with a time and its offset from UTC; a time without one would mean something else on each server."""
        text = self._scalar(key)
        if text is None:
            return None
        try:
            value = datetime.datetime.fromisoformat(text)
        except ValueError:
            value = None
        if value is None or value.tzinfo is None:
            self.fail(key, "must be a time with its offset from UTC, such as 2027-01-31T09:00:00Z.")
        return value.astimezone(datetime.UTC)

    def requirements(self, key: str, kind: str) -> list[dict[str, Any]]:
        """What has to be completed first: ids, or mappings of ``kind`` (course, lesson) and ``minimum_score``."""
        found = []
        for item in self.maps(key, most=50, wrap=kind):
            found.append({"id": item.uuid(kind), "minimum_score": item.integer("minimum_score", low=1, high=100)})
            for unknown in item.rest():
                item.fail(unknown, f"is not known here: a requirement has `{kind}` and `minimum_score`.")
        return found

    def url(self, key: str, *, required: bool = False, stated: bool = False) -> str:
        text = self.line(key, max_length=2000, required=required, stated=stated)
        if text and not is_web_url(text):
            self.fail(key, "must be an address that begins with https:// or http://.")
        return text

    def path(self, key: str, *, required: bool = False, stated: bool = False) -> str:
        """The path of a media file in the pack, or ""."""
        if required:
            self.require(key)
        if stated:
            self.state(key)
        text = self._scalar(key) or ""
        if text and (reason := check_relative(text)):
            self.fail(key, f"is {text!r}, but a media name {reason}.")
        return text

    def texts(self, key: str, *, max_length: int = 255, most: int = 100) -> list[str]:
        """A list of one-line texts; empty ones are left out."""
        return [text for text, _line in self.numbered_texts(key, max_length=max_length, most=most)]

    def numbered_texts(self, key: str, *, max_length: int = 255, most: int = 100) -> list[tuple[str, int]]:
        """The same with the line of each."""
        items = self._items(key, most)
        for item, line in zip(items, items.lines, strict=True):
            if isinstance(item, dict | list) or len(item or "") > max_length:
                message = f"each item of `{key}` must be text of at most {max_length} characters."
                raise PackError(message, file=self.file, line=line)
        pairs = zip(items, items.lines, strict=True)
        return [(text, line) for item, line in pairs if (text := " ".join((item or "").split()))]

    def maps(self, key: str, *, most: int = 1000, wrap: str = "") -> Iterator["Fields"]:
        """A list of mappings, each as Fields; with ``wrap``, a plain text counts as ``{wrap: text}``."""
        items = self._items(key, most)
        for item, line in zip(items, items.lines, strict=True):
            if wrap and isinstance(item, str):
                wrapped = YamlMap(line)
                wrapped[wrap] = item
                item = wrapped
            if not isinstance(item, YamlMap):
                message = f"each item of `{key}` must hold `key: value` lines."
                raise PackError(message, file=self.file, line=line)
            yield Fields(item, self.file)

    def rows(self, key: str) -> list[list[str]]:
        """A table: a list of lists of texts, filled up to equal length."""
        rows: list[list[str]] = []
        items = self._items(key, 1000)
        for item, line in zip(items, items.lines, strict=True):
            if not isinstance(item, YamlList) or any(isinstance(cell, dict | list) for cell in item):
                raise PackError(f"each item of `{key}` must be a list of texts.", file=self.file, line=line)
            rows.append([cell or "" for cell in item])
        width = max((len(row) for row in rows), default=0)
        return [row + [""] * (width - len(row)) for row in rows]

    def _items(self, key: str, most: int) -> YamlList:
        self._read.add(key)
        value = self.data.get(key)
        if value is None:
            return YamlList(self.data.line)
        if not isinstance(value, YamlList):
            self.fail(key, "must be a list.")
        if len(value) > most:
            self.fail(key, f"has {len(value)} items; {most} is the most.")
        return value


def read_present(fields: Fields, readers: dict[str, Callable[[str], Any]]) -> dict[str, Any]:
    """Only those of the keys that are there: what a pack does not mention, applying leaves alone.

    Raises PackError with the faults of all keys.
    """
    faults = Faults()
    values: dict[str, Any] = {}
    for key, read in readers.items():
        if fields.has(key):
            with faults.collect():
                values[key] = read(key)
    faults.raise_if_any()
    return values


def read_each(items: Iterable[Fields], read: Callable[[Fields], Item]) -> list[Item]:
    """What ``read`` makes of each item. Raises PackError with the faults of all of them."""
    faults = Faults()
    values: list[Item] = []
    for item in items:
        with faults.collect():
            values.append(read(item))
    faults.raise_if_any()
    return values
