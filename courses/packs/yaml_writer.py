"""Writes the strict YAML of packs in one canonical way: what `yaml_text` reads back is exactly what was written."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from courses.packs.yaml_text import NULLS, find_bad_character

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
# What may begin a scalar without quotes; all else (dashes, brackets, quotes, @ and so on) has a meaning in YAML.
_PLAIN_START = re.compile(r"[^\W_]|[_/(<.+$“„«…]")
# Plain text to us, but a flag, a number or a date to other programs that read YAML.
_OTHER_TYPE = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|0[xo][0-9a-f]+)|[-+.]?[0-9][0-9_.,:eE+-]*")
_NEEDS_QUOTES = re.compile(r":(?:\s|$)|\s#|\t|^\s|\s$")
_MAX_WHOLE = 1e15
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def to_yaml(data: Mapping[str, Any]) -> str:
    """A mapping as block YAML that ends with a line end. Values are texts, flags, numbers, None, lists and mappings."""
    return "".join(f"{line}\n" for line in _mapping(data, ""))


def to_flow_yaml(data: Mapping[str, Any]) -> str:
    """A mapping on one line, in braces."""
    return "{" + ", ".join(f"{_key(key)}: {_flow(value)}" for key, value in data.items()) + "}"


def in_key_order(value: Any) -> Any:
    """A copy with the keys of all mappings in order: databases do not agree on whether they keep it."""
    if isinstance(value, Mapping):
        return {key: in_key_order(value[key]) for key in sorted(value)}
    return [in_key_order(item) for item in value] if isinstance(value, list) else value


def to_clean_text(text: str) -> str:
    """The text without the characters that no text file should hold (controls, for example)."""
    return "".join(character for character in text if not find_bad_character(character))


def _mapping(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        yield from _entry(f"{indent}{_key(key)}:", value, indent)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    """``head`` is a key with its colon, or the dash of a list."""
    if isinstance(value, Mapping):
        if not value:
            yield f"{head} {{}}"
        elif head.endswith("-"):
            first, *rest = _mapping(value, f"{indent}  ")
            yield f"{head} {first.lstrip(' ')}"
            yield from rest
        else:
            yield head
            yield from _mapping(value, f"{indent}  ")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from _list(head, value, indent)
    elif isinstance(value, str) and "\n" in value and _is_literal(value):
        yield from _literal(head, value, f"{indent}  ")
    else:
        scalar = _scalar(value)
        yield f"{head} {scalar}" if scalar else head


def _list(head: str, items: Sequence[Any], indent: str) -> Iterator[str]:
    if not items:
        yield f"{head} []"
        return
    if head.endswith("-"):  # a list in a list: a row of a table
        yield f"{head} {_flow(items)}"
        return
    yield head
    for item in items:
        yield from _entry(f"{indent}  -", item, f"{indent}  ")


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) and key not in NULLS else _quote(key)


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _MAX_WHOLE:
        return str(int(value))
    if isinstance(value, datetime.date):
        return value.isoformat()
    if not isinstance(value, str):
        return str(value)
    return value if _is_plain(value) else _quote(value)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return to_flow_yaml(value)
    if isinstance(value, str):
        return _quote(value) if re.search(r"[^\w ./()+-]", value) or not _is_plain(value) else value
    if isinstance(value, Sequence):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value) or "~"


def _is_plain(text: str) -> bool:
    """Whether the text means itself without quotes, on one line of block YAML."""
    return (
        text not in NULLS
        and not _OTHER_TYPE.fullmatch(text)
        and _PLAIN_START.match(text) is not None
        and not _NEEDS_QUOTES.search(text)
        and all(_is_printable(character) for character in text)
    )


def _is_literal(text: str) -> bool:
    """Whether the text may stand below its key as it is."""
    return text.strip() != "" and all(
        character == "\n" or _is_printable(character) or character == "\t" for character in text
    )


def _is_printable(character: str) -> bool:
    """Not a control, a line end of any sort, or one of the marks that YAML or editors swallow."""
    if character in "\u2028\u2029\ufeff":
        return False
    return (
        " " <= character <= "~"
        or "\xa0" <= character <= "\ud7ff"
        or "\ue000" <= character <= "\ufffd"
        or (character >= "\U00010000")
    )


def _literal(head: str, text: str, indent: str) -> Iterator[str]:
    """A block scalar: the lines as they are, and in the header what YAML could not see in them."""
    lines = text.split("\n")
    kept = len(text) - len(text.rstrip("\n"))
    chomp = "-" if kept == 0 else "" if kept == 1 else "+"
    if kept:
        del lines[-1]
    hint = str(2) if text[:1] in {" ", "\n", "\t"} else ""
    yield f"{head} |{hint}{chomp}"
    yield from (f"{indent}{line}" if line else "" for line in lines)


def _quote(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(character) or _escape(character) for character in text) + '"'


def _escape(character: str) -> str:
    if _is_printable(character):
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
