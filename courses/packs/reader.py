"""Reads `coursepack/1` from a folder or a zip into dataclasses, checking everything before anything is written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courses.enums import CourseAccess, DeltaTraining, Level, Progression, ReleaseMode, ReleasePolicy
from courses.models.gates import MAX_DAYS
from courses.packs.definition import FORMAT, Pack, PackBlock, PackLesson, PackModule
from courses.packs.errors import Faults
from courses.packs.fields import Fields, check_relative, read_present
from courses.packs.kept_keys import PART_LISTS
from courses.packs.lesson_text import read_blocks, split_front_matter
from courses.packs.media import MediaFinder, MediaUse, read_media_list
from courses.packs.sources import PackSource, TextSource, open_source, read_text
from courses.packs.yaml_text import fold_name, load_mapping

MAX_LESSON_BYTES = 2 * 1024**2
MAX_YAML_BYTES = 256 * 1024
MAX_MODULES = 200
MAX_LESSONS = 500  # a module
COURSE_FILE = "course.yml"


def read_pack(path: Path, *, media_folders: Sequence[Path] = ()) -> Pack:
    """The pack at ``path``, complete and checked. Raises PackError with every fault that was found.

    Reads only; files that are absent or changed are no fault but a state in ``Pack.media``.
    """
    source = open_source(Path(path))
    try:
        return _Reader(source).read(media_folders)
    finally:
        source.close()


def read_texts(texts: Mapping[str, str]) -> Pack:
    """The pack made of these files, without its media. Raises PackError with every fault that was found."""
    return _Reader(TextSource(texts)).read(())


class _Reader:
    def __init__(self, source: PackSource):
        self._source = source
        self._faults = Faults()
        self._ids: dict[str, str] = {}  # of pages; ids in a lesson belong to that lesson, and its copies have them too

    def read(self, media_folders: Sequence[Path]) -> Pack:
        fields = self._yaml(COURSE_FILE, "course file")
        if fields.line("format") != FORMAT:
            fields.fail("format", f"must be {FORMAT}: this version reads nothing else.")
        head, names, locale, license_name = _NO_HEAD, [], "", ""
        with self._faults.collect():
            head = self._head(fields, _course_readers(fields))
        with self._faults.collect():
            locale, license_name = fields.line("locale", max_length=12) or "en", fields.line("license")
        with self._faults.collect():
            names = self._names(fields, "modules", MAX_MODULES)
        modules = tuple(self._modules(names))
        self._check_slugs(COURSE_FILE, modules)
        self._faults.raise_if_any()
        values = head.values
        values.setdefault("language", locale)
        listed = read_media_list(self._source)
        media = MediaFinder(self._source, listed, media_folders).find_all(_uses(values, modules))
        return Pack(
            id=head.id,
            title=head.title,
            slug=head.slug,
            file=COURSE_FILE,
            fields=values,
            extra=fields.rest(),
            named_extra=_take_named_extra(values),
            name=self._source.name,
            locale=locale,
            license=license_name,
            modules=modules,
            media=media,
        )

    def _yaml(self, path: str, what: str) -> Fields:
        text = read_text(self._source, path, limit=MAX_YAML_BYTES, what=what)
        return Fields(load_mapping(text, file=path), path)

    def _head(self, fields: Fields, readers: dict[str, Callable[[str], Any]]) -> "_Head":
        """What course, module and lesson share. Raises PackError with all its faults."""
        faults = Faults()
        page_id, title, slug, values = "", "", None, {}
        with faults.collect():
            page_id, title = self._identify(fields)
        with faults.collect():
            slug = fields.slug()
        with faults.collect():
            values = read_present(fields, readers)
        faults.raise_if_any()
        return _Head(page_id, title, slug, values)

    def _identify(self, fields: Fields) -> tuple[str, str]:
        page_id = fields.uuid()
        _claim(page_id, fields.file, fields.data.lines["id"], self._ids, self._faults)
        return page_id, fields.line("title", required=True)

    def _names(self, fields: Fields, key: str, most: int) -> list[tuple[str, int]]:
        """The listed names with their lines; order is meaning, so each appears once."""
        names: list[tuple[str, int]] = []
        seen: dict[str, str] = {}
        for name, line in fields.numbered_texts(key, most=most):
            if (reason := check_relative(name)) or "/" in name:
                reason = reason or "may not contain /"
                self._faults.add(f"{name!r} cannot be used: a name {reason}.", file=fields.file, line=line)
            elif fold_name(name) in seen:
                other = seen[fold_name(name)]
                what = "is listed twice" if other == name else f"and {other!r} differ only in upper and lower case"
                self._faults.add(f"{name!r} {what}.", file=fields.file, line=line)
            else:
                seen[fold_name(name)] = name
                names.append((name, line))
        return names

    def _modules(self, names: list[tuple[str, int]]) -> Iterator[PackModule]:
        for name, line in names:
            path = f"modules/{name}/module.yml"
            if self._source.size(path) is None:
                self._faults.add(f"the module {name!r} has no {path}: add it.", file=COURSE_FILE, line=line)
                continue
            with self._faults.collect():
                yield self._module(name, path)

    def _module(self, name: str, path: str) -> PackModule:
        fields = self._yaml(path, "module file")
        head = _NO_HEAD
        with self._faults.collect():
            head = self._head(fields, _gate_readers(fields))
        lessons = tuple(self._lessons(f"modules/{name}", path, self._names(fields, "lessons", MAX_LESSONS)))
        self._check_slugs(path, lessons)
        return PackModule(head.id, head.title, head.slug, path, head.values, fields.rest(), lessons)

    def _lessons(self, folder: str, module_file: str, names: list[tuple[str, int]]) -> Iterator[PackLesson]:
        for name, line in names:
            path = f"{folder}/{name}"
            if not name.endswith(".md"):
                self._faults.add(f"the lesson {name!r} must be a .md file.", file=module_file, line=line)
            elif self._source.size(path) is None:
                self._faults.add(f"the lesson {name!r} has no {path}: add it.", file=module_file, line=line)
            else:
                with self._faults.collect():
                    yield self._lesson(path)

    def _lesson(self, path: str) -> PackLesson:
        text = read_text(self._source, path, limit=MAX_LESSON_BYTES, what="lesson")
        data, lines = split_front_matter(text, path)
        fields = Fields(data, path)
        head = _NO_HEAD
        blocks: tuple[PackBlock, ...] = ()
        minutes = {"minutes": lambda key: fields.integer(key, low=1, high=9999)}
        with self._faults.collect():
            head = self._head(fields, minutes | _gate_readers(fields))
        with self._faults.collect():
            blocks = read_blocks(lines, path)
        ids = {head.id: f"{path}:{fields.data.lines.get('id', 1)}"}
        for block in blocks:
            for found_id, line in _ids_in(block):
                _claim(found_id, path, line, ids, self._faults)
        return PackLesson(head.id, head.title, head.slug, path, head.values, fields.rest(), blocks)

    def _check_slugs(self, file: str, pages: Sequence[PackModule | PackLesson]) -> None:
        seen: dict[str, str] = {}
        for page in pages:
            if page.slug and (other := seen.setdefault(page.slug, page.file)) != page.file:
                self._faults.add(f"{other} and {page.file} have the same slug {page.slug!r}: change one.", file=file)


@dataclass(frozen=True, slots=True)
class _Head:
    id: str
    title: str
    slug: str | None
    values: dict[str, Any]


_NO_HEAD = _Head("", "", None, {})  # stands where the head has faults; the pack is refused in the end


def _claim(found_id: str, file: str, line: int, ids: dict[str, str], faults: Faults) -> None:
    """Ids carry learners' progress: each belongs to one thing."""
    if found_id in ids:
        faults.add(f"the id {found_id} is used before, at {ids[found_id]}.", file=file, line=line)
    else:
        ids[found_id] = f"{file}:{line}"


def _ids_in(block: PackBlock) -> Iterator[tuple[str, int]]:
    """The id of the block and of all that is in it, with the nearest line known."""
    yield block.id, block.line
    for question in block.fields.get("questions", ()):
        for each in [question, *question.get("questions", ())]:
            yield each["id"], each["line"]
            yield from ((part["id"], each["line"]) for name in PART_LISTS for part in each.get(name, ()))


def _course_readers(fields: Fields) -> dict[str, Callable[[str], Any]]:
    def positive(key: str) -> int | None:
        return fields.integer(key, low=1, high=1_000_000)

    return {
        "summary": lambda key: fields.line(key, max_length=300),
        "description": lambda key: fields.text(key, max_length=50_000),
        "cover": fields.path,
        "level": lambda key: fields.choice(key, Level.values),
        "language": lambda key: fields.line(key, max_length=12, required=True),
        "objectives": fields.texts,
        "prerequisites": fields.texts,
        "requires": lambda key: fields.requirements(key, "course"),
        "minutes": positive,
        "passing_percentage": lambda key: _required_integer(fields, key),
        "time_limit": positive,
        "completion_deadline": fields.date,
        "completion_days": positive,
        "expires_after_days": lambda key: fields.integer(key, low=0, high=36_500),
        "progression": lambda key: fields.choice(key, Progression.values),
        "access": lambda key: fields.choice(key, CourseAccess.values),
        "certificate": lambda key: fields.flag(key, default=True),
        "certificate_validity_months": lambda key: fields.integer(key, low=1, high=1200),
        "release_mode": lambda key: fields.choice(key, ReleaseMode.values),
        "release_policy": lambda key: fields.choice(key, ReleasePolicy.values),
        "delta_training": lambda key: fields.choice(key, DeltaTraining.values),
        "is_reviewed_as_whole": lambda key: fields.flag(key, default=False),
        "source": fields.line,
        "tags": lambda key: fields.texts(key, max_length=100),
        "categories": lambda key: [_read_category(item) for item in fields.maps(key, most=50, wrap="name")],
        "instructors": lambda key: [_read_instructor(item) for item in fields.maps(key, most=50, wrap="name")],
    }


def _gate_readers(fields: Fields) -> dict[str, Callable[[str], Any]]:
    """What modules and lessons share: a summary, where they come from, and when they open."""
    return {
        "summary": lambda key: fields.line(key, max_length=300),
        "source": fields.line,
        "release_at": fields.moment,
        "release_after_days": lambda key: fields.integer(key, low=1, high=MAX_DAYS),
        "requires": lambda key: fields.requirements(key, "lesson"),
    }


def _required_integer(fields: Fields, key: str) -> int:
    value = fields.integer(key, low=0, high=100)
    return 70 if value is None else value


def _read_category(fields: Fields) -> dict[str, Any]:
    category = {"name": fields.line("name", max_length=80, required=True), "slug": fields.slug()}
    return category | {"extra": fields.rest()}


def _read_instructor(fields: Fields) -> dict[str, Any]:
    name = fields.line("name", max_length=120, required=True)
    readers = {
        "role": lambda key: fields.line(key, max_length=120),
        "biography": lambda key: fields.text(key, max_length=20_000),
        "photo": fields.path,
    }
    return {"name": name} | read_present(fields, readers) | {"extra": fields.rest()}


def _take_named_extra(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The keys of categories and instructors that nobody reads, by address; takes them out of the values."""
    extra: dict[str, dict[str, Any]] = {}
    for key in ("categories", "instructors"):
        for item in values.get(key, []):
            if found := item.pop("extra"):
                extra[f"{key}/{item['name']}"] = found
    return extra


def _uses(values: dict[str, Any], modules: Sequence[PackModule]) -> Iterator[MediaUse]:
    """Every file that the pack names, in reading order."""
    if cover := values.get("cover"):
        yield MediaUse(cover, "image")
    for person in values.get("instructors", []):
        if photo := person.get("photo"):
            yield MediaUse(photo, "image", title=person["name"])
    for module in modules:
        for lesson in module.lessons:
            for block in lesson.blocks:
                yield from _block_uses(block)


def _block_uses(block: PackBlock) -> Iterator[MediaUse]:
    fields = block.fields
    if src := fields.get("src"):
        if block.type == "image":
            yield MediaUse(src, "image", title=fields["alt"])
        elif block.type == "file":
            yield MediaUse(src, "document", title=fields["title"])
        elif block.type == "video":
            yield MediaUse(src, "media", "video", fields["title"], fields["duration"])
        else:
            yield MediaUse(src, "media", "audio", fields["title"], fields["duration"])
    if poster := fields.get("poster"):
        yield MediaUse(poster, "image")
    for track in fields.get("captions", []):
        yield MediaUse(track["src"], "document", title=track["label"], is_captions=True)
