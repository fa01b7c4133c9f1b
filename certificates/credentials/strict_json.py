"""Reading JSON that somebody hands us: one meaning only, and nothing that costs more than it weighs. Pure."""

import json
from typing import Any

_LONGEST_NUMBER = 15


class StrictJsonError(ValueError):
    """The text is not the kind of JSON that we write."""


def read_json(data: bytes) -> dict[str, Any]:
    """One object in UTF-8. Refuses keys given twice, fractions, huge numbers, lone surrogates, deep nesting."""
    try:
        found = json.loads(
            data.decode(),
            object_pairs_hook=_once,
            parse_float=_refuse,
            parse_constant=_refuse,
            parse_int=_small,
        )
        json.dumps(found, ensure_ascii=False).encode()
    except StrictJsonError:
        raise
    except (ValueError, RecursionError) as error:
        raise StrictJsonError("This is not sound JSON.") from error
    if not isinstance(found, dict):
        raise StrictJsonError("This is not a JSON object.")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise StrictJsonError("A key is given twice.")
    return found


def _small(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise StrictJsonError("A number is too large.")
    return int(digits)


def _refuse(text: str) -> None:
    raise StrictJsonError("A number is not a whole one.")
