"""Strict YAML for packs: plain text in, every scalar a string, lines remembered, nothing that can explode."""

import unicodedata
from typing import Any

import yaml

from courses.packs.errors import PackError

MAX_DEPTH = 12
MAX_KEY = 200
NULLS = {"", "~", "null", "Null", "NULL"}

# A scalar (None for YAML's null), a list or a mapping.
Value = Any


class YamlMap(dict[str, Value]):
    """A mapping that knows on which line of the file it and each of its values begin."""

    def __init__(self, line: int):
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class YamlList(list[Value]):
    """A list that knows on which line of the file each item begins."""

    def __init__(self, line: int):
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def load_mapping(text: str, *, file: str, first_line: int = 1) -> YamlMap:
    """The mapping in ``text``, whose first line is line ``first_line`` of ``file``.

    Scalars stay the strings that were written ("30", "no" and "2026-01-01" mean what they look like); readers of
    fields turn them into numbers, flags and dates. Aliases, tags, repeated keys and deep nesting are refused.
    """
    try:
        node = _compose(text, file, first_line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else first_line
        raise PackError(f"the YAML is broken: {error.problem or error.context}.", file=file, line=line) from None
    except yaml.YAMLError as error:
        raise PackError(f"the YAML is broken: {error}.", file=file, line=first_line) from None
    if node is None:
        return YamlMap(first_line)
    if not isinstance(node, yaml.MappingNode):
        raise PackError("expected `key: value` lines.", file=file, line=first_line)
    value: YamlMap = _Builder(file, first_line).build(node)
    return value


def _compose(text: str, file: str, first_line: int) -> yaml.Node | None:
    """The node tree, after an event scan has made sure that composing it is harmless."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PackError("YAML anchors and aliases (& and *) are not supported: write it out.", file=file, line=line)
        if getattr(event, "tag", None):
            raise PackError("YAML tags (!...) are not supported: write the plain value.", file=file, line=line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise PackError(f"the YAML is nested more than {MAX_DEPTH} deep.", file=file, line=line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return yaml.compose(text, Loader=yaml.SafeLoader)


class _Builder:
    def __init__(self, file: str, first_line: int):
        self.file = file
        self.first_line = first_line

    def build(self, node: yaml.Node) -> Value:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return self._list(node)
        return self._scalar(node)

    def _line(self, node: yaml.Node) -> int:
        return self.first_line + (node.start_mark.line if node.start_mark else 0)

    def _mapping(self, node: yaml.MappingNode) -> YamlMap:
        result = YamlMap(self._line(node))
        for key_node, value_node in node.value:
            line = self._line(key_node)
            key = self._scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not key or len(key) > MAX_KEY:
                raise PackError(f"a key must be a word of at most {MAX_KEY} letters.", file=self.file, line=line)
            if key in result:
                raise PackError(f"the key {key!r} appears twice.", file=self.file, line=line)
            result[key] = self.build(value_node)
            result.lines[key] = line
        return result

    def _list(self, node: yaml.SequenceNode) -> YamlList:
        result = YamlList(self._line(node))
        for item in node.value:
            result.append(self.build(item))
            result.lines.append(self._line(item))
        return result

    def _scalar(self, node: Any) -> str | None:
        text = str(node.value)
        if node.style is None and text in NULLS:
            return None
        if bad := find_bad_character(text):
            raise PackError(f"{bad} is not text: remove it.", file=self.file, line=self._line(node))
        return text


def find_bad_character(text: str) -> str:
    """The name of the first character that no text file should hold (NUL, controls, half surrogates), or ""."""
    for character in text:
        if character < " " and character not in "\t\n\r":
            return f"the control character U+{ord(character):04X}"
        if "\ud800" <= character <= "\udfff" or character in "\ufffe\uffff":
            return f"the character U+{ord(character):04X}"
    return ""


def fold_name(name: str) -> str:
    """What two file names share when some file system takes them for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
