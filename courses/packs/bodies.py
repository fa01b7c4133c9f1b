"""Turns a pack's blocks into the raw JSON of a lesson's body, and says whether two bodies mean the same."""

from collections.abc import Callable, Mapping
from typing import Any

from courses.blocks.base import RICH_TEXT, SHORT_RICH_TEXT
from courses.packs.definition import MediaKind, PackBlock, PackLesson
from courses.packs.question_bodies import QUIZ_DEFAULTS, QUIZ_SETTINGS, build_questions
from courses.packs.question_fields import derive_id
from courses.packs.rich_text import to_rich_text, without_block_keys

# Path in the pack and kind -> primary key, or None while there is no such file.
FindMedia = Callable[[str, MediaKind], int | None]
# Slug of a category of the question bank -> primary key, or None while there is no such category.
FindBank = Callable[[str], int | None]
Raw = dict[str, Any]


def build_body(
    lesson: PackLesson,
    find_media: FindMedia,
    current: Mapping[str, Raw] | None = None,
    find_bank: FindBank = lambda slug: None,
) -> list[Raw]:
    """The raw stream of a lesson. Block and question ids are the pack's, ids below derive from them.

    ``current`` holds the values of the lesson's blocks in the database by block id: a file that the pack names but
    does not bring, and that an editor has chosen in the meantime, stays chosen.
    """
    return [
        {
            "type": block.type,
            "id": block.id,
            "value": {
                **_BUILDERS[block.type](
                    _Build(block, lesson.file, find_media, find_bank, (current or {}).get(block.id, {}))
                ),
                "is_required": block.is_required,
                "time_limit": block.time_limit,
            },
        }
        for block in lesson.blocks
    ]


class _Build:
    """One block on its way: its fields, and how to find its files."""

    def __init__(self, block: PackBlock, file: str, find_media: FindMedia, find_bank: FindBank, current: Raw):
        self.id = block.id
        self.fields = block.fields
        self._line = block.line
        self._file = file
        self._find_media = find_media
        self._current = current
        self.find_bank = find_bank

    def pick(self, *names: str) -> Raw:
        return {name: self.fields[name] for name in names}

    def file(self, name: str, kind: MediaKind, path: str) -> Raw:
        """The chosen file and the name it has in the pack."""
        found = self._find_media(path, kind) if path else None
        if found is None and path and self._current.get("file_name") == path:
            found = self._current.get(name)
        return {name: found, "file_name": path}

    def media(self, path: str, kind: MediaKind) -> int | None:
        return self._find_media(path, kind) if path else None

    def rich_text(self, name: str, features: list[str]) -> Raw:
        return {name: to_rich_text(self.fields[name], features, file=self._file, line=self._line)}

    def stream(self, item_type: str, name: str, values: list[Any]) -> list[Raw]:
        return [
            {"type": item_type, "id": derive_id(self.id, f"{name}:{position}"), "value": value}
            for position, value in enumerate(values)
        ]


def _text(build: _Build) -> Raw:
    return build.rich_text("text", RICH_TEXT)


def _markdown(build: _Build) -> Raw:
    return build.pick("source")


def _image(build: _Build) -> Raw:
    return build.pick("alt", "is_decorative", "caption") | build.file("image", "image", build.fields["src"])


def _video(build: _Build) -> Raw:
    tracks = [
        {"file": pk, "language": track["language"], "label": track["label"]}
        for track in build.fields["captions"]
        if (pk := build.media(track["src"], "document")) is not None
    ]
    return {
        **build.pick("title", "url", "required_percent"),
        **build.file("media", "media", build.fields["src"]),
        **build.rich_text("transcript", RICH_TEXT),
        "poster": build.media(build.fields["poster"], "image"),
        "captions": build.stream("captions", "captions", tracks),
    }


def _audio(build: _Build) -> Raw:
    return {
        **build.pick("title", "url", "required_percent"),
        **build.file("media", "media", build.fields["src"]),
        **build.rich_text("transcript", RICH_TEXT),
    }


def _file(build: _Build) -> Raw:
    return build.pick("title", "description") | build.file("document", "document", build.fields["src"])


def _embed(build: _Build) -> Raw:
    return build.pick("url", "title")


def _code(build: _Build) -> Raw:
    return build.pick("code", "language", "caption")


def _table(build: _Build) -> Raw:
    row, column = build.fields["has_header_row"], build.fields["has_header_column"]
    choice = {(True, True): "both", (True, False): "row", (False, True): "column"}.get((row, column), "neither")
    table = {
        "data": build.fields["rows"],
        "table_header_choice": choice,
        "first_row_is_table_header": row,
        "first_col_is_header": column,
    }
    return {"caption": build.fields["caption"], "table": table}


def _callout(build: _Build) -> Raw:
    return build.pick("kind", "title") | build.rich_text("text", SHORT_RICH_TEXT)


def _quiz(build: _Build) -> Raw:
    return build.pick(*QUIZ_SETTINGS) | {
        "questions": build_questions(build.fields["questions"], find_bank=build.find_bank)
    }


_BUILDERS: dict[str, Callable[[_Build], Raw]] = {
    "text": _text,
    "markdown": _markdown,
    "image": _image,
    "video": _video,
    "audio": _audio,
    "quiz": _quiz,
    "file": _file,
    "embed": _embed,
    "code": _code,
    "table": _table,
    "callout": _callout,
}


def adopt_names(body: list[Raw], current: Mapping[str, Raw]) -> list[Raw]:
    """The body without the pack's name of a file where an editor chose that very file: nothing was looked for."""
    for item in body:
        value, there = item["value"], current.get(item["id"], {})
        if "file_name" in value and "file_name" in there and not there["file_name"]:
            field = next(name for name in _FILE_FIELDS if name in value)
            if value[field] is not None and value[field] == there.get(field):
                value["file_name"] = ""
    return body


_FILE_FIELDS = ("image", "media", "document")
# Items without a life of their own: nothing hangs on their ids, which no pack writes down.
_NAMELESS = {"answer", "distractor", "captions"}


def normalise_raw(value: Any) -> Any:
    """A raw value without what differs although nothing changed: editor keys, empty fields, table extras."""
    if isinstance(value, list):
        return [normalise_raw(item) for item in value]
    if isinstance(value, dict) and value.get("type") in _NAMELESS and "value" in value:
        return {"type": value["type"], "value": normalise_raw(value["value"])}
    if isinstance(value, str):
        return without_block_keys(value)
    if not isinstance(value, dict):
        return value
    if "data" in value and "table_header_choice" in value:
        choice = "column" if value["table_header_choice"] == "col" else value["table_header_choice"]
        return {"data": [[cell or "" for cell in row] for row in value["data"] or []], "headers": choice}
    cleaned = {key: normalise_raw(item) for key, item in value.items()}
    return {
        key: item
        for key, item in cleaned.items()
        if item not in (None, "", []) and not (key in QUIZ_DEFAULTS and item == QUIZ_DEFAULTS[key])
    }
