"""Writes a pack as text, canonically: the same course is always the same bytes. Reading it gives back the pack."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.utils.text import slugify

from courses.packs.block_text import write_block
from courses.packs.definition import FORMAT, Pack, PackPage
from courses.packs.fields import check_relative
from courses.packs.yaml_text import fold_name
from courses.packs.yaml_writer import in_key_order, to_yaml

Named = TypeVar("Named", bound=Mapping[str, Any])

_MAX_NAME = 80
# In the order of the file. What is empty is left out.
_COURSE_KEYS = (
    *("source", "summary", "description", "cover", "level", "categories", "tags", "instructors", "objectives"),
    *("prerequisites", "requires", "minutes", "passing_percentage", "time_limit", "completion_deadline"),
    *("completion_days", "expires_after_days", "progression", "access", "certificate", "certificate_validity_months"),
    *("release_mode", "release_policy", "delta_training", "is_reviewed_as_whole"),
)
_PART_KEYS = ("summary", "minutes", "release_at", "release_after_days", "requires", "source")


def write_pack(pack: Pack) -> dict[str, str]:
    """Path -> text of every file of the pack but its media."""
    texts: dict[str, str] = {}
    folders = dict(zip(choose_names(pack.modules, "module"), pack.modules, strict=True))
    texts["course.yml"] = to_yaml(_course(pack) | {"modules": list(folders)})
    for folder, module in folders.items():
        files = {
            f"{name}.md": lesson
            for name, lesson in zip(choose_names(module.lessons, "lesson"), module.lessons, strict=True)
        }
        head = {
            **_head(module),
            **_keys(module, _PART_KEYS, "lesson"),
            **in_key_order(module.extra),
            "lessons": list(files),
        }
        texts[f"modules/{folder}/module.yml"] = to_yaml(head)
        for file, lesson in files.items():
            front = to_yaml({**_head(lesson), **_keys(lesson, _PART_KEYS, "lesson"), **in_key_order(lesson.extra)})
            body = "".join(f"\n{write_block(block)}" for block in lesson.blocks)
            texts[f"modules/{folder}/{file}"] = f"---\n{front}---\n{body}"
    return texts


def choose_names(pages: Sequence[PackPage], kind: str) -> list[str]:
    """File names made of the slugs: plain letters, not too long, no device of Windows, and none like another."""
    taken: set[str] = set()
    names = []
    for page in pages:
        short_id = page.id[:8]
        name = slugify(page.slug or page.title)[:_MAX_NAME].strip("-_") or f"{kind}-{short_id}"
        if check_relative(f"{name}.md"):
            name = f"{name}-{short_id}"
        wanted, number = name, 1
        while fold_name(name) in taken:
            name = f"{wanted}-{short_id}" if number == 1 else f"{wanted}-{short_id}-{number}"
            number += 1
        taken.add(fold_name(name))
        names.append(name)
    return names


def _head(page: PackPage) -> dict[str, Any]:
    return {"id": page.id, "title": page.title, "slug": page.slug}


def _course(pack: Pack) -> dict[str, Any]:
    license_name = {"license": pack.license} if pack.license else {}
    return {
        "format": FORMAT,
        **_head(pack),
        "locale": pack.locale,
        "language": pack.fields["language"],
        **license_name,
        **_keys(pack, _COURSE_KEYS, "course"),
        **in_key_order(pack.extra),
    }


def _keys(page: PackPage, names: Sequence[str], kind: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in names:
        value = page.fields.get(name)
        if value in (None, "", []):
            continue
        if name == "requires":
            value = [_requirement(each, kind) for each in value]
        elif name in {"categories", "instructors"}:
            extra = page.named_extra if isinstance(page, Pack) else {}
            value = [_named(each, extra.get(f"{name}/{each['name']}", {})) for each in unlike(value)]
        elif name == "tags":
            value = sorted(set(value), key=_in_order)
        elif isinstance(value, datetime.datetime):
            value = value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
        values[name] = value
    return values


def unlike(items: Iterable[Named]) -> list[Named]:
    """By name, because sites keep no order of these; of names that differ in capitals only, the first stays."""
    items = sorted((item for item in items if item["name"]), key=lambda item: _in_order(item["name"]))
    return list({item["name"].casefold(): item for item in reversed(items)}.values())[::-1]


def _in_order(name: str) -> tuple[str, str]:
    return name.casefold(), name


def _requirement(required: Mapping[str, Any], kind: str) -> Any:
    if required["minimum_score"] is None:
        return required["id"]
    return {kind: required["id"], "minimum_score": required["minimum_score"]}


def _named(item: Mapping[str, Any], extra: Mapping[str, Any]) -> Any:
    """A category or an instructor: the name alone where there is no more to say."""
    known = {key: value for key, value in item.items() if value not in (None, "")}
    if known.get("slug") == slugify(item["name"])[:80]:
        del known["slug"]
    everything = known | in_key_order(extra)
    return item["name"] if list(everything) == ["name"] else everything


def list_media(digests: Mapping[str, str]) -> Iterator[str]:
    """The lines of media.tsv: path and SHA-256, or MISSING."""
    for path in sorted(digests):
        yield f"{path}\t{digests[path] or 'MISSING'}\n"
