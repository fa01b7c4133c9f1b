"""Splits a lesson file into front matter and blocks: prose behind markers, everything else in fences."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from courses.packs.block_fields import MAX_MARKDOWN, READERS, read_block
from courses.packs.definition import PackBlock
from courses.packs.errors import Faults, PackError
from courses.packs.fields import Fields, read_uuid
from courses.packs.yaml_text import YamlMap, load_mapping

MAX_BLOCKS = 1000

_MARKER = re.compile(r"<!-- block (\w+) (\S+)(?: (\{.*\}))? -->\s*")
_LOOKS_LIKE_MARKER = re.compile(r"<!--\s*block\b")
_FENCE = re.compile(r"(`{3,})\{([A-Za-z_]+)\}[ \t]*(.*?)[ \t]*")
_CODE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


def split_front_matter(text: str, file: str) -> tuple[YamlMap, list[_Line]]:
    """The front matter, and the lines below it with their numbers in the file."""
    lines = [_Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]
    if lines[0].text.rstrip() != "---":
        raise PackError("a lesson begins with front matter between two --- lines.", file=file, line=1)
    for place, line in enumerate(lines[1:], start=1):
        if line.text.rstrip() == "---":
            head = "\n".join(item.text for item in lines[1:place])
            return load_mapping(head, file=file, first_line=2), lines[place + 1 :]
    raise PackError("the front matter is not closed: add a --- line below it.", file=file, line=1)


def read_blocks(lines: list[_Line], file: str) -> tuple[PackBlock, ...]:
    """The blocks of the lesson in order. Every fault of the blocks is an error with the line it is on."""
    faults = Faults()
    blocks = tuple(_read_blocks(lines, file, faults))
    faults.raise_if_any()
    if len(blocks) > MAX_BLOCKS:
        raise PackError(f"the lesson has {len(blocks)} blocks; {MAX_BLOCKS} is the most: split it.", file=file)
    return blocks


def read_text_blocks(text: str) -> tuple[PackBlock, ...]:
    """The blocks of a piece of a lesson that stands in no file yet."""
    return read_blocks([_Line(number, line) for number, line in enumerate(text.split("\n"), start=1)], "")


def _read_blocks(lines: list[_Line], file: str, faults: Faults) -> Iterator[PackBlock]:
    """A block with a fault is noted and left out; where it is unclear what ends where, reading ends with the fault."""
    place = 0
    while place < len(lines):
        start, place = place, place + 1
        if not lines[start].text.strip():
            continue
        with faults.collect():
            block, place = _read_block(lines, start, file, faults)
            if block is not None:
                yield block
            continue
        place = len(lines)


def _read_block(lines: list[_Line], start: int, file: str, faults: Faults) -> tuple[PackBlock | None, int]:
    """The block that begins on a line (None if it has a fault), and where the next may begin."""
    line = lines[start]
    block: PackBlock | None = None
    if opening := _open_fence(line, file):
        end = _fence_end(lines, start, opening, file)
        with faults.collect():
            block = _read_fence(opening, lines[start + 1 : end], file, line.number)
        return block, end + 1
    end = _prose_end(lines, start + 1, file)
    if opening := _open_marker(line, file):
        with faults.collect():
            block = _read_prose(opening, lines[start + 1 : end], file, line.number)
        return block, end
    hint = f"<!-- block text {uuid.uuid4()} -->"
    faults.add(f"this text belongs to no block: put the line {hint} before it.", file=file, line=line.number)
    return None, end


@dataclass(frozen=True, slots=True)
class _Opening:
    """The first line of a block: a fence of ``ticks``, or a marker with ``options``."""

    type: str
    id: str
    ticks: str = ""
    options: str = ""


def _open_fence(line: _Line, file: str) -> _Opening | None:
    """A pack fence begins in the first column with ```{type} id. Other directives, without an id, are prose."""
    match = _FENCE.fullmatch(line.text)
    if match is None:
        return None
    ticks, block_type, rest = match.groups()
    block_id = read_uuid(rest)
    if block_type not in READERS:
        if block_id is None:
            return None
        known = ", ".join(READERS)
        raise PackError(f"the block type {block_type!r} is not known: use {known}.", file=file, line=line.number)
    if block_id is None:
        message = f"the block needs a UUID behind {{{block_type}}}, such as {uuid.uuid4()}."
        raise PackError(message, file=file, line=line.number)
    return _Opening(block_type, block_id, ticks=ticks)


def _open_marker(line: _Line, file: str) -> _Opening | None:
    if not _LOOKS_LIKE_MARKER.match(line.text):
        return None
    match = _MARKER.fullmatch(line.text)
    block_id = read_uuid(match.group(2)) if match else None
    if match is None or block_id is None or match.group(1) != "text":
        hint = f"<!-- block text {uuid.uuid4()} -->"
        raise PackError(f"this marker cannot be read: it should look like {hint}.", file=file, line=line.number)
    return _Opening("text", block_id, options=match.group(3) or "")


def _fence_end(lines: list[_Line], start: int, opening: _Opening, file: str) -> int:
    for place in range(start + 1, len(lines)):
        text = lines[place].text.rstrip()
        if set(text) == {"`"} and len(text) >= len(opening.ticks):
            return place
    message = f"the {opening.type} block is not closed: add a line with {opening.ticks} below it."
    raise PackError(message, file=file, line=lines[start].number)


def _prose_end(lines: list[_Line], start: int, file: str) -> int:
    """Where the prose ends: at the next block that is not inside a code fence of the prose."""
    opened: _Line | None = None
    fence = ""
    hides_marker = False
    for place in range(start, len(lines)):
        line = lines[place]
        code = _CODE.fullmatch(line.text)
        if opened is None:
            if _LOOKS_LIKE_MARKER.match(line.text) or _open_fence(line, file):
                return place
            if code and not (code.group(1)[0] == "`" and "`" in code.group(2)):
                opened, fence = line, code.group(1)
        elif code and code.group(1).startswith(fence) and not code.group(2).strip():
            opened, hides_marker = None, False
        elif _would_close(line, fence):
            raise _unclosed(opened, fence, file)
        else:
            hides_marker = hides_marker or bool(_LOOKS_LIKE_MARKER.match(line.text))
    if opened is not None and hides_marker:
        raise _unclosed(opened, fence, file)
    return len(lines)


def _would_close(line: _Line, fence: str) -> bool:
    """Whether a block of the pack begins here, whose end would be taken for the end of the open code fence."""
    match = _FENCE.fullmatch(line.text)
    is_block = match is not None and match.group(2) in READERS and read_uuid(match.group(3)) is not None
    return match is not None and is_block and match.group(1).startswith(fence)


def _unclosed(opened: _Line, fence: str, file: str) -> PackError:
    message = f"this code fence is never closed and hides blocks below it: close it with {fence}, or use a longer one."
    return PackError(message, file=file, line=opened.number)


def _read_fence(opening: _Opening, body: list[_Line], file: str, number: int) -> PackBlock:
    data = load_mapping("\n".join(line.text for line in body), file=file, first_line=number + 1)
    return read_block(opening.type, opening.id, data, file=file, line=number)


def _read_prose(opening: _Opening, body: list[_Line], file: str, number: int) -> PackBlock:
    """Prose is kept as it is, without the empty lines around it."""
    source = "\n".join(line.text for line in body).strip("\n")
    if len(source) > MAX_MARKDOWN:
        message = f"the text is {len(source)} characters long; {MAX_MARKDOWN} is the most: split it into two blocks."
        raise PackError(message, file=file, line=number)
    options = Fields(load_mapping(opening.options, file=file, first_line=number), file)
    return PackBlock(
        id=opening.id,
        type="markdown",
        is_required=options.flag("is_required", default=True),
        time_limit=options.integer("time_limit", low=1, high=1440),
        fields={"source": source},
        line=number,
        extra=options.rest(),
    )
