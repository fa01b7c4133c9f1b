"""Checks a pack by itself: what cannot be read, what would stop publishing, and what deserves a second look."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast

from courses.enums import Progression
from courses.gates import find_cycle
from courses.models.bank import QuestionCategory
from courses.models.course import CoursePage
from courses.models.gates import describe_cycle
from courses.models.lesson import LessonPage
from courses.packs.bodies import build_body
from courses.packs.definition import MediaKind, Pack, PackBlock, PackLesson, PackPage
from courses.packs.errors import PackError
from courses.packs.kept_keys import name_unknown
from courses.packs.page_links import find_linked, rich_texts
from courses.packs.reader import read_pack
from courses.packs.rich_text import to_rich_text

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class LintProblem:
    """One thing that is wrong (``error``: applying or publishing would refuse it) or odd (``warning``)."""

    level: Level
    message: str
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return f"{place}: {self.level}: {self.message}" if place else f"{self.level}: {self.message}"


def lint_path(path: Path, *, media_folders: Sequence[Path] = ()) -> list[LintProblem]:
    """Everything about the pack at ``path``: the faults of reading it or, where there are none, of what it says."""
    try:
        pack = read_pack(path, media_folders=media_folders)
    except PackError as error:
        return _faults(error)
    return lint_pack(pack)


def lint_pack(pack: Pack) -> list[LintProblem]:
    """In reading order. One query for the categories of the question bank, and one for each quiz that draws from it."""
    checks = [_lint_course(pack), *(_lint_lesson(pack, lesson) for lesson in pack.lessons), _lint_order(pack)]
    problems = [problem for check in checks for problem in check]
    places = {page.file: place for place, page in enumerate(_pages(pack))}
    return sorted(problems, key=lambda problem: (places.get(problem.file, -1), problem.line or 0))


def _pages(pack: Pack) -> Iterator[PackPage]:
    yield pack
    for module in pack.modules:
        yield module
        yield from module.lessons


def _faults(error: PackError) -> list[LintProblem]:
    return [LintProblem("error", fault.message, fault.file, fault.line) for fault in error.faults]


def _lint_course(pack: Pack) -> Iterator[LintProblem]:
    """The course file, and what holds for every page."""
    if not any(True for _lesson in pack.lessons):
        yield LintProblem("warning", "the course has no lessons: there is nothing to learn in it.", pack.file)
    features = CoursePage._meta.get_field("description").features
    try:
        html = to_rich_text(pack.fields.get("description", ""), features, file=pack.file)
        yield from _lint_links(pack, html, pack.file, None)
    except PackError as error:
        yield from _faults(error)
    for module in pack.modules:
        if not module.lessons:
            yield LintProblem("warning", "the module has no lessons.", module.file)
    yield from _lint_course_files(pack)
    for page in _pages(pack):
        yield from _lint_head(pack, page)


def _lint_course_files(pack: Pack) -> Iterator[LintProblem]:
    names = [("cover", pack.fields.get("cover"))]
    names += [(f"photo of {person['name']}", person.get("photo")) for person in pack.fields.get("instructors", ())]
    for what, name in names:
        if name:
            yield from _lint_file(pack, what, name, "image", pack.file, None)


def _lint_head(pack: Pack, page: PackPage) -> Iterator[LintProblem]:
    """Unknown keys, which may be slips, and what has to be completed first."""
    for line, unknown in name_unknown(page):
        yield LintProblem("warning", f"not known here, but kept: {', '.join(unknown)}.", page.file, line)
    lessons = {lesson.id for lesson in pack.lessons}
    for required in page.fields.get("requires", ()) if page is not pack else ():
        if required["id"] == page.id:
            yield LintProblem("error", "the lesson requires itself.", page.file)
        elif required["id"] not in lessons:
            message = f"requires the lesson {required['id']}, which this pack lacks: the site must have it."
            yield LintProblem("warning", message, page.file)


def _lint_order(pack: Pack) -> Iterator[LintProblem]:
    """Lessons that wait for each other."""
    titles = {lesson.id: lesson for lesson in pack.lessons}
    requires = {
        lesson.id: [
            required["id"]
            for page in (lesson, module)
            for required in page.fields.get("requires", ())
            if required["id"] in titles and required["id"] != lesson.id
        ]
        for module in pack.modules
        for lesson in module.lessons
    }
    is_in_order = pack.fields.get("progression") == Progression.IN_ORDER
    if cycle := find_cycle(list(titles), requires, is_in_order=is_in_order):
        message = describe_cycle(titles[lesson_id].title for lesson_id in cycle)
        yield LintProblem("error", message, titles[cycle[0]].file)


def _lint_lesson(pack: Pack, lesson: PackLesson) -> Iterator[LintProblem]:
    if not lesson.blocks:
        yield LintProblem("warning", "the lesson is empty.", lesson.file)
    states = {(file.path, file.kind): file.state for file in pack.media}
    banks = dict(QuestionCategory.objects.values_list("slug", "pk")) if _draws(lesson) else {}
    body = cast(Any, LessonPage._meta.get_field("body")).stream_block

    def find_media(path: str, kind: MediaKind) -> int | None:
        return 1 if states[path, kind] == "found" else None

    for block in lesson.blocks:
        yield from _lint_block(pack, lesson, block)
        for slug in _draws_of(block):
            if slug and slug not in banks:
                message = f"the question bank here has no category {slug!r}: make it, or the quiz draws nothing."
                yield LintProblem("warning", message, lesson.file, block.line)
        single = PackLesson(lesson.id, lesson.title, None, lesson.file, {}, {}, (block,))
        try:
            raw = build_body(single, find_media, None, banks.get)
        except PackError as error:
            yield from _faults(error)
            continue
        for _item, problem in body.find_problems(raw):
            yield LintProblem(problem.level, str(problem.message), lesson.file, block.line)
        for _block, html in rich_texts(raw):
            yield from _lint_links(pack, html, lesson.file, block.line)


def _lint_block(pack: Pack, lesson: PackLesson, block: PackBlock) -> Iterator[LintProblem]:
    """What finding problems in the stored form cannot see."""
    fields = block.fields
    is_missing = block.type == "image" and fields["src"] and not _is_found(pack, fields["src"], "image")
    if is_missing and not fields["alt"] and not fields["is_decorative"]:
        yield LintProblem("warning", "the image has no alternative text.", lesson.file, block.line)
    if poster := fields.get("poster"):
        yield from _lint_file(pack, "poster", poster, "image", lesson.file, block.line)
    for track in fields.get("captions", ()):
        yield from _lint_file(pack, "captions", track["src"], "document", lesson.file, block.line)
    for file in pack.media:
        if file.path == fields.get("src") and file.state == "changed":
            message = f"{file.path} is not the file that media.tsv lists."
            yield LintProblem("warning", message, lesson.file, block.line)


def _lint_file(pack: Pack, what: str, path: str, kind: MediaKind, file: str, line: int | None) -> Iterator[LintProblem]:
    if not _is_found(pack, path, kind):
        yield LintProblem("warning", f"the {what} {path} is missing, or not the file that media.tsv lists.", file, line)


def _is_found(pack: Pack, path: str, kind: MediaKind) -> bool:
    return any((file.path, file.kind, file.state) == (path, kind, "found") for file in pack.media)


def _lint_links(pack: Pack, html: str, file: str, line: int | None) -> Iterator[LintProblem]:
    known = {page.id for page in _pages(pack)}
    for page_id in find_linked(html):
        if page_id not in known:
            message = f"links to the page {page_id}, which this pack lacks: the site must have it."
            yield LintProblem("warning", message, file, line)


def _draws(lesson: PackLesson) -> bool:
    return any(True for block in lesson.blocks for _slug in _draws_of(block))


def _draws_of(block: PackBlock) -> Iterator[str]:
    return (each["category"] for each in block.fields.get("questions", ()) if each["type"] == "bank")


def lint_to_json(problems: Sequence[LintProblem]) -> dict[str, Any]:
    counts = {f"{level}s": sum(problem.level == level for problem in problems) for level in ("error", "warning")}
    return counts | {"problems": [asdict(problem) for problem in problems]}


def render_lint(problems: Sequence[LintProblem]) -> str:
    counts = lint_to_json(problems)
    lines = [str(problem) for problem in problems]
    lines.append(f"{counts['errors']} errors, {counts['warnings']} warnings." if problems else "Nothing is wrong.")
    return "\n".join(lines)
