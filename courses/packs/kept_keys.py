"""What a pack says and no page has a field for: it is kept beside the page, by address, and exported again.

That is every key that this version does not know, and the name of every file or bank category that applying did not
find where there is no block field to remember it. Addresses: "" is the page itself, the id of a block, question or
part, the block id of a caption track, `categories/Name` and `instructors/Name`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from courses.packs.definition import MediaKind, Pack, PackBlock, PackLesson, PackPage
from courses.packs.question_fields import derive_id

Kept = dict[str, dict[str, Any]]
# Path in the pack and kind -> whether there is such a file.
HasMedia = Callable[[str, MediaKind], bool]
HasBank = Callable[[str], bool]

# Where a caption track stands among all of its film; no key of a pack is called so.
PLACE = "#place"
PART_LISTS = ("choices", "pairs", "items", "rubric")


def collect_kept(page: PackPage, has_media: HasMedia, has_bank: HasBank) -> Kept:
    """Everything of this page that is to be kept; the pack alone decides, so what it lacks now is forgotten."""
    found = [("", dict(page.extra))]
    if isinstance(page, Pack):
        found += _keep_course(page, has_media)
    for block in page.blocks if isinstance(page, PackLesson) else ():
        found.append((block.id, dict(block.extra)))
        found += _keep_files(block, has_media)
        for question in block.fields.get("questions", ()):
            found += _keep_question(question, has_bank)
    kept: Kept = {}
    for address, keys in found:
        if keys:
            kept.setdefault(address, {}).update(_plain(keys))
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _keep_course(pack: Pack, has_media: HasMedia) -> Iterator[tuple[str, dict[str, Any]]]:
    if pack.license:
        yield "", {"license": pack.license}
    cover = pack.fields.get("cover")
    if cover and not has_media(cover, "image"):
        yield "", {"cover": cover}
    for person in pack.fields.get("instructors", ()):
        if (photo := person.get("photo")) and not has_media(photo, "image"):
            yield f"instructors/{person['name']}", {"photo": photo}
    for address, keys in pack.named_extra.items():
        yield address, dict(keys)


def _keep_files(block: PackBlock, has_media: HasMedia) -> Iterator[tuple[str, dict[str, Any]]]:
    poster = block.fields.get("poster")
    if poster and not has_media(poster, "image"):
        yield block.id, {"poster": poster}
    tracks = block.fields.get("captions", ())
    names = ("src", "language", "label")
    absent = [
        {name: track[name] for name in names} | track["extra"] | {PLACE: place}
        for place, track in enumerate(tracks)
        if not has_media(track["src"], "document")
    ]
    if absent:
        yield block.id, {"captions": absent}
    for position, track in enumerate(track for track in tracks if has_media(track["src"], "document")):
        yield derive_id(block.id, f"captions:{position}"), dict(track["extra"])


def _keep_question(question: Mapping[str, Any], has_bank: HasBank) -> Iterator[tuple[str, dict[str, Any]]]:
    yield question["id"], dict(question["extra"])
    if question["type"] == "bank" and question["category"] and not has_bank(question["category"]):
        yield question["id"], {"category": question["category"]}
    for answer, keys in question.get("choice_extra", {}).items():
        yield f"{question['id']}/{answer}", dict(keys)
    for name in PART_LISTS:
        for part in question.get(name, ()):
            yield part["id"], dict(part["extra"])
    for inner in question.get("questions", ()):
        yield from _keep_question(inner, has_bank)


def name_unknown(page: PackPage) -> Iterator[tuple[int | None, list[str]]]:
    """The unknown keys of a page and its blocks, sorted, each list with the line it belongs to (None: the page)."""
    named = {f"{address.split('/')[0]}.{key}" for address, keys in _named(page) for key in keys}
    if names := sorted({*page.extra, *named}):
        yield None, names
    for block in page.blocks if isinstance(page, PackLesson) else ():
        inner = {f"captions.{key}" for track in block.fields.get("captions", ()) for key in track["extra"]}
        for question in block.fields.get("questions", ()):
            inner |= {f"questions.{key}" for key in _name_question(question)}
        if names := sorted({*block.extra, *inner}):
            yield block.line, names


def _named(page: PackPage) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(page, Pack):
        yield from page.named_extra.items()


def _name_question(question: Mapping[str, Any]) -> Iterator[str]:
    yield from question["extra"]
    for keys in question.get("choice_extra", {}).values():
        yield from (f"choices.{key}" for key in keys)
    for name in PART_LISTS:
        yield from (f"{name}.{key}" for part in question.get(name, ()) for key in part["extra"])
    for inner in question.get("questions", ()):
        yield from (f"questions.{key}" for key in _name_question(inner))
