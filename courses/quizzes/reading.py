"""What a person meant by what was typed: texts and numbers, compared the forgiving way."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

MAX_NUMBER_LENGTH = 64
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")


def normalise_text(text: str, *, is_case_sensitive: bool, keeps_spaces: bool = False) -> str:
    """Unicode NFC, trimmed, white space collapsed unless spaces matter, case-folded unless case matters."""
    text = text.strip() if keeps_spaces else " ".join(text.split())
    text = unicodedata.normalize("NFC", text)
    return text if is_case_sensitive else unicodedata.normalize("NFC", text.casefold())


def is_accepted(given: object, accepted: Iterable[str], *, is_case_sensitive: bool, keeps_spaces: bool) -> bool:
    """Whether the text is one of the accepted ones. Nothing never is."""
    if not isinstance(given, str):
        return False
    rules = {"is_case_sensitive": is_case_sensitive, "keeps_spaces": keeps_spaces}
    text = normalise_text(given, **rules)
    return bool(text) and text in {normalise_text(item, **rules) for item in accepted}


def read_number(value: object, unit: str = "") -> Decimal | None:
    """The number a person meant, or None: "1.5", "1,5", "1 000,5" and "1,5 kg" (when the unit is kg) all count.

    One separator is always the decimal one ("1,000" is one); of two kinds, the last is.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _finite(str(value)) if abs(value) < 1e300 else None  # False for NaN too
    if not isinstance(value, str) or len(value) > MAX_NUMBER_LENGTH:
        return None
    text = unicodedata.normalize("NFC", value).strip()
    if unit and text.casefold().endswith(unit.strip().casefold()):
        text = text[: len(text) - len(unit.strip())]
    text = "".join(text.split()).replace("\u2212", "-")
    if "," in text and "." in text:
        grouping = "," if text.rindex(".") > text.rindex(",") else "."
        text = text.replace(grouping, "")
    return _finite(text.replace(",", "."))


def _finite(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
