"""What stands between the braces of a GIFT question: choices, texts, numbers, pairs (pure)."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from courses.quizzes.definition import Choice, Pair, true_false_choices
from courses.quizzes.exchange import FaultError, number_parts

# Texts with escapes still hidden, as plain text.
Plain = Callable[[str], str]

_TRUTH = re.compile(r"(TRUE|FALSE|T|F)\s*(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{1,8})?)%")
_ITEM = re.compile(r"[=~][^=~]*")
NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?")
MAX_ITEMS = 200


@dataclass(frozen=True)
class _Item:
    mark: str
    text: str
    weight: float | None
    feedback: str


@dataclass
class Answers:
    """Reads the answers of one question; ``notes`` collect what will not be as in the text."""

    line: int
    plain: Plain
    notes: list[str]

    def read(self, text: str) -> dict[str, Any]:
        """The fields of a ``Question``, with its type. Raises ``FaultError``."""
        if not text:
            return {"type": "essay"}
        if text.startswith("#"):
            return self._read_number(text[1:].strip())
        if (found := _TRUTH.fullmatch(text)) is not None:
            return self._read_truth(found)
        items = self._split(text)
        if any(item.mark == "~" for item in items):
            return self._read_choices(items)
        if any("->" in item.text for item in items):
            return self._read_pairs(items)
        return self._read_texts(items)

    def fail(self, message: str) -> FaultError:
        return FaultError(self.line, message)

    def _split(self, text: str) -> list[_Item]:
        if text[0] not in "=~":
            raise self.fail(
                "An answer must begin with = (right) or ~ (wrong). Write a literal = or ~ with a backslash before it."
            )
        pieces = _ITEM.findall(text)
        if len(pieces) > MAX_ITEMS:
            raise self.fail(f"It has more than {MAX_ITEMS} answers. Is a brace missing?")
        return [self._split_item(piece) for piece in pieces]

    def _split_item(self, piece: str) -> _Item:
        body, _mark, feedback = piece[1:].strip().partition("#")
        weight = _WEIGHT.match(body)
        if weight:
            body = body[weight.end() :]
        elif body.startswith("%"):
            raise self.fail(f"“{body[:20]}”: a weight is written %50%, between -100 and 100.")
        return _Item(piece[0], body.strip(), float(weight[1]) if weight else None, self.plain(feedback))

    def _read_truth(self, found: re.Match[str]) -> dict[str, Any]:
        answer = found[1].upper().startswith("T")
        wrong, _mark, right = (found[2] or "").partition("#")
        feedback = {answer: self.plain(right), not answer: self.plain(wrong)}
        choices = true_false_choices(answer, feedback_true=feedback[True], feedback_false=feedback[False])
        return {"type": "true_false", "choices": choices}

    # --- Choices ----------------------------------------------------------------------------------------------------

    def _read_choices(self, items: list[_Item]) -> dict[str, Any]:
        weights = [self._weight_of(item) for item in items]
        right = [weight for weight in weights if weight > 0]
        if not right:
            raise self.fail("No answer is marked as right. Put = before the right one, or weights before several.")
        is_single = right == [100.0] and any(item.mark == "=" for item in items)
        if not is_single:
            self._check_shares(items, right)
        self._note_penalties(weights, is_single, 100 / len(right))
        choices = number_parts(
            Choice("", self.plain(item.text), weight > 0, item.feedback)
            for item, weight in zip(items, weights, strict=True)
        )
        return {"type": "single" if is_single else "multiple", "choices": choices}

    def _weight_of(self, item: _Item) -> float:
        weight = item.weight if item.weight is not None else (100.0 if item.mark == "=" else 0.0)
        if abs(weight) > 100:
            raise self.fail(f"The weight {weight:g} % is not between -100 and 100.")
        return weight

    def _check_shares(self, items: list[_Item], right: list[float]) -> None:
        if len(right) > 1 and all(item.weight is None for item in items):
            raise self.fail(
                "Several answers are marked with =, of which one would be enough. Mark one, or give all that are to be "
                f"ticked the weight %{100 / len(right):.5g}% and begin them with ~."
            )
        share = 100 / len(right)
        if not all(math.isclose(weight, share, abs_tol=0.02) for weight in right):
            raise self.fail(
                f"Answers with different weights cannot be kept: each right one earns the same part. Give each of the "
                f"{len(right)} the weight %{share:.5g}%, or mark one with =."
            )

    def _note_penalties(self, weights: list[float], is_single: bool, share: float) -> None:
        wrong = [weight for weight in weights if weight <= 0]
        if is_single and any(wrong):
            self.notes.append("A wrong choice earns nothing here; negative weights were left out.")
        elif not is_single and not all(math.isclose(weight, -share, abs_tol=0.02) for weight in wrong):
            self.notes.append(f"Here a wrong tick costs as much as a right one earns ({share:.3g} %).")

    # --- Texts and pairs --------------------------------------------------------------------------------------------

    def _read_texts(self, items: list[_Item]) -> dict[str, Any]:
        if any(item.weight not in (None, 100.0) for item in items):
            raise self.fail("Part of the points for an answer is not possible. Remove the weight, or the answer.")
        if any("*" in item.text for item in items):
            raise self.fail("The wildcard * is not possible. List the accepted answers, one = each.")
        self._note_feedback(items)
        return {"type": "short_text", "accepted": tuple(self.plain(item.text) for item in items)}

    def _note_feedback(self, items: list[_Item]) -> None:
        if any(item.feedback for item in items):
            self.notes.append("Feedback to single answers stands in the explanation now.")

    def _read_pairs(self, items: list[_Item]) -> dict[str, Any]:
        pairs, distractors = [], []
        for item in items:
            left, arrow, right = item.text.partition("->")
            if not arrow:
                raise self.fail(f"“{self.plain(item.text)[:40]}” has no ->. Write every pair as = left -> right.")
            if item.weight is not None or item.feedback:
                raise self.fail("Pairs have neither weights nor feedback. Remove what stands between % or after #.")
            if left.strip():
                pairs.append(Pair("", self.plain(left), self.plain(right)))
            else:
                distractors.append(self.plain(right))
        return {"type": "matching", "pairs": number_parts(pairs), "distractors": tuple(distractors)}

    def collect_feedback(self, text: str, kind: str) -> list[str]:
        """The feedback of the accepted texts or numbers, for the explanation."""
        if kind == "short_text":
            return [item.feedback for item in self._split(text) if item.feedback]
        if kind == "numeric":
            return [feedback for _number, feedback in self._number_items(text[1:].strip()) if feedback]
        return []

    # --- Numbers ----------------------------------------------------------------------------------------------------

    def _number_items(self, text: str) -> list[tuple[str, str]]:
        if not text.startswith("="):
            number, _mark, feedback = text.partition("#")
            return [(number.strip(), self.plain(feedback))]
        items = self._split(text)
        if any(item.mark == "~" for item in items):
            raise self.fail("Numbers begin with =, not with ~.")
        if any(item.weight not in (None, 100.0) for item in items):
            raise self.fail("Part of the points for a number is not possible. Keep one number with its tolerance.")
        return [(item.text, item.feedback) for item in items]

    def _read_number(self, text: str) -> dict[str, Any]:
        items = self._number_items(text)
        if len(items) > 1:
            raise self.fail("Several right numbers are not possible. Keep one, or write a range such as 1.5..2.")
        [(given, feedback)] = items
        if feedback:
            self.notes.append("Feedback to single answers stands in the explanation now.")
        given = self.plain(given)
        low, dots, high = given.partition("..")
        if dots:
            least, most = self._to_number(low), self._to_number(high)
            if least > most:
                raise self.fail(f"In the range {given} the first number is higher than the second.")
            return {"type": "numeric", "number": float((least + most) / 2), "tolerance": float((most - least) / 2)}
        number, _mark, tolerance = given.partition(":")
        allowed = self._to_number(tolerance) if tolerance else Decimal(0)
        if allowed < 0:
            raise self.fail("The tolerance must be 0 or more.")
        return {"type": "numeric", "number": float(self._to_number(number)), "tolerance": float(allowed)}

    def _to_number(self, text: str) -> Decimal:
        text = text.strip()
        if not NUMBER.fullmatch(text):
            raise self.fail(f"“{text[:40]}” is not a number. Write it as 3.5, with a tolerance as 3.5:0.1.")
        try:
            return Decimal(text)
        except InvalidOperation:
            raise self.fail(f"“{text[:40]}” is not a number.") from None
