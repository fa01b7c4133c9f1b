"""The arithmetic of question analysis: whole-number sums that can be added and taken away again. Pure.

- **Facility** is the mean share of its points that a question earned: sum(x) / n.
- **Discrimination** is the correlation of that share with the share earned on the rest of the same paper (item-rest
  correlation, which for questions that are right or wrong is the corrected point-biserial):
  (m sum(xy) - sum(x) sum(y)) / sqrt((m sum(xx) - sum(x)^2) (m sum(yy) - sum(y)^2)). It is undefined with fewer than two
  papers, where all did equally well on the question or on the rest, and where there is no rest.
- **Time** on a question runs from the save before (or the opening) to its own last save; answers saved in one moment
  share the time. More than ``LONGEST`` counts as a pause and is left out. The median is exact to the width of a step.

Shares are kept in ten thousandths, so that sums are exact in any order and what was counted can be uncounted.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

WHOLE = 10_000
LONGEST = 30 * 60
# Upper ends of the steps in which times are counted, in seconds.
STEPS = (*range(5, 120, 5), *range(120, 600, 15), *range(600, LONGEST + 1, 60))

# Below so many papers a figure says more about chance than about the question.
ENOUGH = 20
TOO_EASY, TOO_HARD = 0.95, 0.2
WEAK = 0.1
OFTEN_OMITTED = 0.25


@dataclass(frozen=True, slots=True)
class ItemCount:
    """What has been counted of one question. ``n`` papers; ``x`` is the sum of its shares. ``m`` papers had other
    questions as well: ``px``, ``pxx``, ``py``, ``pyy``, ``pxy`` are sums over these, y being the share of the rest.
    ``choices`` counts ticks by choice, ``steps`` times by the upper end of their step."""

    n: int = 0
    full: int = 0
    nothing: int = 0
    omitted: int = 0
    x: int = 0
    m: int = 0
    px: int = 0
    pxx: int = 0
    py: int = 0
    pyy: int = 0
    pxy: int = 0
    timed: int = 0
    milliseconds: int = 0
    choices: Mapping[str, int] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "ItemCount") -> "ItemCount":
        return self._combine(other, 1)

    def __sub__(self, other: "ItemCount") -> "ItemCount":
        return self._combine(other, -1)

    def _combine(self, other: "ItemCount", sign: int) -> "ItemCount":
        values: dict[str, Any] = {}
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, int):
                values[each.name] = mine + sign * theirs
            else:
                sums = {key: mine.get(key, 0) + sign * theirs.get(key, 0) for key in {*mine, *theirs}}
                values[each.name] = {key: value for key, value in sorted(sums.items()) if value}
        return ItemCount(**values)

    @property
    def facility(self) -> float | None:
        """0 to 1."""
        return self.x / (WHOLE * self.n) if self.n else None

    @property
    def discrimination(self) -> float | None:
        """-1 to 1, ``None`` where it is undefined."""
        spread = (self.m * self.pxx - self.px**2) * (self.m * self.pyy - self.py**2)
        if self.m < 2 or spread <= 0:
            return None
        return max(-1.0, min(1.0, (self.m * self.pxy - self.px * self.py) / math.sqrt(spread)))

    @property
    def partly(self) -> int:
        return self.n - self.full - self.nothing - self.omitted

    @property
    def mean_seconds(self) -> float | None:
        return self.milliseconds / 1000 / self.timed if self.timed else None

    @property
    def median_seconds(self) -> int | None:
        """The upper end of the step in which the middle one lies."""
        seen = 0
        for step in sorted(self.steps, key=int):
            seen += self.steps[step]
            if 2 * seen >= self.timed:
                return int(step)
        return None


Counts = dict[str, ItemCount]


def count_paper(results: Iterable[Mapping[str, Any]], answers: Mapping[str, Any], opened_at: datetime) -> Counts:
    """One graded paper, by question id; ``results`` as attempts store them. Questions without points are left out."""
    graded = {str(each["question"]): each for each in results if each["max_points"] > 0}
    points = {key: Fraction(Decimal(each["points"])) for key, each in graded.items()}
    total = sum(points.values(), Fraction(0))
    most = sum(each["max_points"] for each in graded.values())
    times = find_times(answers, opened_at)
    counts = {}
    for key, each in graded.items():
        own = each["max_points"]
        x = _share(points[key], own)
        rest = most - own
        y = _share(total - points[key], rest) if rest else None
        counts[key] = _count_question(each, x, y, is_omitted(answers.get(key)), times.get(key))
    return counts


def _count_question(
    result: Mapping[str, Any], x: int, y: int | None, omitted: bool, milliseconds: int | None
) -> ItemCount:
    is_timed = milliseconds is not None and milliseconds <= LONGEST * 1000
    spent = milliseconds if milliseconds is not None and is_timed else 0
    pair = {} if y is None else {"m": 1, "px": x, "pxx": x * x, "py": y, "pyy": y * y, "pxy": x * y}
    return ItemCount(
        n=1,
        full=int(x == WHOLE),
        nothing=int(x == 0 and not omitted),
        omitted=int(omitted and x != WHOLE),
        x=x,
        timed=int(is_timed),
        milliseconds=spent,
        choices={str(choice): 1 for choice in result.get("chosen", ())},
        steps={str(step_of(spent)): 1} if is_timed else {},
        **pair,
    )


def _share(points: Fraction, most: int) -> int:
    return math.floor(points * WHOLE / most + Fraction(1, 2))


def step_of(milliseconds: int) -> int:
    """The upper end of the step a time belongs to."""
    return next((step for step in STEPS if milliseconds <= step * 1000), LONGEST)


def is_omitted(answer: object) -> bool:
    """Whether an answer says nothing at all."""
    if not isinstance(answer, Mapping):
        return True
    said = [value for name, value in answer.items() if name not in ("seq", "saved_at")]
    return not any(_says_something(value) for value in said)


def _says_something(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_says_something(each) for each in value.values())
    return bool(value.strip()) if isinstance(value, str) else bool(value) or value == 0


def find_times(answers: Mapping[str, Any], opened_at: datetime) -> dict[str, int]:
    """Milliseconds by question id, from the moments of the last saves."""
    saved = sorted(
        (datetime.fromisoformat(answer["saved_at"]), key)
        for key, answer in answers.items()
        if isinstance(answer, Mapping) and answer.get("saved_at")
    )
    times: dict[str, int] = {}
    before = opened_at
    for moment, group in groupby(saved, key=lambda pair: pair[0]):
        together = [key for _moment, key in group]
        spent = max(0, round((moment - before).total_seconds() * 1000))
        times |= dict.fromkeys(together, spent // len(together))
        before = max(before, moment)
    return times


def add_counts(counts: Counts, more: Counts) -> Counts:
    return counts | {key: counts.get(key, ItemCount()) + count for key, count in more.items()}


def take_counts(counts: Counts, less: Counts) -> Counts:
    """Questions nobody has any more stand with zeros."""
    return counts | {key: counts.get(key, ItemCount()) - count for key, count in less.items()}


def counts_to_json(counts: Counts) -> dict[str, dict[str, Any]]:
    return {key: {each.name: getattr(count, each.name) for each in fields(count)} for key, count in counts.items()}


def counts_from_json(data: Mapping[str, Mapping[str, Any]]) -> Counts:
    """Figures that later versions added are ignored, those that an earlier one did not keep are zero."""
    names = {each.name for each in fields(ItemCount)}
    return {
        key: ItemCount(**{name: value for name, value in stored.items() if name in names})
        for key, stored in data.items()
    }


def find_flags(count: ItemCount, *, right: Iterable[str] = (), wrong: Iterable[str] = ()) -> tuple[str, ...]:
    """What an author should look at, worst first: ``negative``, ``rival``, ``weak``, ``too_easy``, ``too_hard``,
    ``omitted``, ``idle``. ``right`` and ``wrong`` are the ids of the choices. Nothing below ``ENOUGH`` papers."""
    if count.n < ENOUGH or count.facility is None:
        return ()
    discrimination, wrong = count.discrimination, list(wrong)
    is_easy = count.facility >= TOO_EASY
    least_right = min((count.choices.get(key, 0) for key in right), default=None)
    checks = {
        "negative": discrimination is not None and discrimination < 0,
        "rival": least_right is not None and any(count.choices.get(key, 0) > least_right for key in wrong),
        "weak": discrimination is not None and 0 <= discrimination < WEAK and not is_easy,
        "too_easy": is_easy,
        "too_hard": count.facility < TOO_HARD,
        "omitted": count.omitted >= OFTEN_OMITTED * count.n,
        "idle": bool(find_idle(count, wrong)),
    }
    return tuple(flag for flag, is_raised in checks.items() if is_raised)


def find_idle(count: ItemCount, wrong: Iterable[str]) -> tuple[str, ...]:
    """The wrong choices that nobody has ever ticked."""
    return tuple(key for key in wrong if not count.choices.get(key))
