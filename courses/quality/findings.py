"""What a check finds, and which checks there are (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Level = Literal["error", "warning"]

# Every check that editors of the site may set to error, warning or off, and what it is until they do.
DEFAULT_LEVELS: dict[str, str] = {
    "captions": "error",
    "hosted_captions": "warning",
    "transcripts": "error",
    "alternative_texts": "error",
    "broken_links": "error",
    "unpublished_links": "warning",
    "missing_files": "error",
    "empty_lessons": "error",
    "empty_modules": "warning",
    "explanations": "warning",
    "reading_level": "warning",
    "long_lessons": "warning",
    "headings": "warning",
    "media_titles": "warning",
    "catalogue_card": "warning",
}
# What publishing refuses anyway is an error whatever the settings say.
PUBLISHING, IDENTICAL_OPTIONS, ADVICE = "publishing", "identical_options", "advice"
FIXED_LEVELS: dict[str, str] = {PUBLISHING: "error", IDENTICAL_OPTIONS: "error", ADVICE: "warning"}

DEFAULT_MINUTES = 45
DEFAULT_GRADE = 14


@dataclass(frozen=True, slots=True)
class Policy:
    """How serious each check is. ``max_minutes`` is of one lesson, ``max_grade`` a school year."""

    levels: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_LEVELS))
    max_minutes: int = DEFAULT_MINUTES
    max_grade: int = DEFAULT_GRADE

    def level_of(self, code: str) -> str:
        """ "error", "warning" or "off"."""
        return FIXED_LEVELS.get(code) or self.levels.get(code, DEFAULT_LEVELS.get(code, "off"))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something a check saw; how serious it is, the policy says. ``place`` names the block for a reader."""

    code: str
    message: str
    block_id: str | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend before review, or to think about, and where. Errors hold up the review, warnings do not."""

    code: str
    level: Level
    message: str
    page_id: int | None
    page_title: str
    block_id: str | None = None
    place: str = ""

    @property
    def text(self) -> str:
        """In one line: "Block 2 (video “Call”): Add captions."."""
        return f"{self.place}: {self.message}" if self.place else self.message

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def judge(faults: Iterable[Fault], policy: Policy, page_id: int | None, page_title: str) -> list[Finding]:
    """The faults that count, with how serious they are; errors before warnings, else in reading order."""
    found = [
        Finding(fault.code, level, fault.message, page_id, page_title, fault.block_id, fault.place)  # type: ignore[arg-type]
        for fault in faults
        if (level := policy.level_of(fault.code)) != "off"
    ]
    return sorted(found, key=lambda finding: finding.level != "error")


def list_errors(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level == "error"]
