"""What is wrong with a course pack: every fault with its file, its line and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MAX_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right. ``line`` counts from 1; ``file`` is relative to the pack."""

    message: str
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return f"{place}: {self.message}" if place else self.message


class PackError(Exception):
    """The pack cannot be used as it is. Raised before anything is written; its text shows the first faults."""

    def __init__(self, message: str = "", *, file: str = "", line: int | None = None, faults: tuple[Fault, ...] = ()):
        self.faults = faults or (Fault(message, file, line),)
        shown = [str(fault) for fault in self.faults[:MAX_FAULTS]]
        if (more := len(self.faults) - len(shown)) > 0:
            shown.append(f"... and {more} more.")
        super().__init__("\n".join(shown))


class Faults:
    """Collects the faults of many files, so that an author sees them all at once."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, message: str, *, file: str = "", line: int | None = None) -> None:
        self._faults.append(Fault(message, file, line))

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Remember a PackError of the block instead of letting it end the reading."""
        try:
            yield
        except PackError as error:
            self._faults.extend(error.faults)

    def raise_if_any(self) -> None:
        if self._faults:
            raise PackError(faults=tuple(self._faults))
