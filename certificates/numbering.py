"""Certificate numbers: short, unguessable, and forgiving to read aloud, yet no typo passes for another number.

A number is ``CW-XXXX-XXXX-XXXX``: eleven random symbols (55 bits) and a check symbol of Crockford's base 32. The check
is a polynomial code over the field of 32 elements: every position has its own weight, so that any one wrong symbol and
any two swapped symbols (neighbours or not) are caught, without exception.
"""

import secrets
import unicodedata

PREFIX = "CW"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 12
_GROUP = 4
_LONGEST_INPUT = 64
_LOOKALIKES = str.maketrans("ILO", "110")
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}


def make_number() -> str:
    """A new random number. Two of 10^5 agree once in seven million times; the database has the last word."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(SYMBOLS - 1))
    return _format(body + check_symbol(body))


def normalise(text: str) -> str:
    """The canonical spelling of what a person typed, or "" if it cannot be a number of ours.

    Forgives case, spaces, missing or odd dashes, a missing prefix, O for 0, and I or L for 1. Does not check the check
    symbol: see ``is_valid``.
    """
    if len(text) > _LONGEST_INPUT:
        return ""
    folded = unicodedata.normalize("NFKC", text).upper()
    symbols = "".join(character for character in folded if character.isalnum())
    if len(symbols) == SYMBOLS + len(PREFIX) and symbols.startswith(PREFIX):
        symbols = symbols.removeprefix(PREFIX)
    symbols = symbols.translate(_LOOKALIKES)
    if len(symbols) != SYMBOLS or any(symbol not in _VALUES for symbol in symbols):
        return ""
    return _format(symbols)


def is_valid(text: str) -> bool:
    """Could this be a number we gave out? False for every number with one wrong symbol or two swapped ones."""
    number = normalise(text)
    return bool(number) and _remainder(number.removeprefix(PREFIX).replace("-", "")) == 0


def check_symbol(body: str) -> str:
    """The symbol that makes ``body`` a valid number."""
    return ALPHABET[_times_alpha(_remainder(body))]


def _remainder(symbols: str) -> int:
    """The polynomial with these coefficients at the field's generator (Horner's rule); 0 for valid numbers."""
    remainder = 0
    for symbol in symbols:
        remainder = _times_alpha(remainder) ^ _VALUES[symbol]
    return remainder


def _times_alpha(element: int) -> int:
    """Multiply by the generator of GF(32), with x^5 + x^2 + 1 as the field's polynomial."""
    doubled = element << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled


def _format(symbols: str) -> str:
    groups = [symbols[start : start + _GROUP] for start in range(0, SYMBOLS, _GROUP)]
    return "-".join([PREFIX, *groups])
