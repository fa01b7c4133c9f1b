"""Pages to documents: reads a live course tree in a constant number of queries, from stored JSON."""

import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict, cast

from wagtail.models import Page

from courses.blocks.gates import read_required
from courses.blocks.html import render_rich_text
from courses.blocks.lesson import LessonBody, RawItem
from courses.blocks.refs import FileRow, ImageRow, Reference, Refs
from courses.editions.canonical import sha256_hex, to_canonical_json
from courses.editions.documents import (
    Block,
    CourseFacts,
    Gate,
    LessonDocument,
    OutlineBlock,
    OutlineLesson,
    OutlineModule,
    RequiredCourse,
)
from courses.editions.duration import estimate_minutes
from courses.editions.fingerprints import fingerprint_lesson
from courses.editions.gates import CompileError, check_gates, compile_gate, lesson_keys, without_gate
from courses.editions.links import page_paths
from courses.editions.rows import Tree, read_live_tree, read_stream
from courses.languages import make_course_path
from courses.models.bank import QuestionCategory
from courses.models.course import CoursePage
from courses.models.files import CourseDocument, CourseImage, CourseMedia
from courses.quizzes.stored import quiz_to_json


@dataclass(frozen=True)
class CompiledLesson:
    """Digests of one lesson. ``document`` and ``answers`` are canonical JSON where they were made anew, ``None`` where
    the edition before has them already; ``answers_digest`` is empty for a lesson without a quiz."""

    key: str
    fingerprint: str
    document_digest: str
    answers_digest: str
    document: str | None = None
    answers: str | None = None


@dataclass(frozen=True)
class CompiledCourse:
    """An ``Outline`` without its ``edition``, the lessons in order, and the bank categories that quizzes draw from."""

    outline: dict[str, Any]
    lessons: list[CompiledLesson]
    bank_categories: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Previous:
    """The edition before: what its lessons were made from, and what they became. By lesson key."""

    fingerprints: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    lessons: Mapping[str, OutlineLesson] = field(default_factory=dict)


class RequiredCourses(TypedDict):
    requires: NotRequired[list[RequiredCourse]]


def compile_documents(
    course: CoursePage, previous: Previous | None = None, *, tree: Tree | None = None
) -> CompiledCourse:
    """Compile the modules and lessons under a course, those that are live unless ``tree`` has others. At most 20
    queries however many lessons.

    Lessons whose fingerprint stands in ``previous`` are not rendered again. Raises ``CompileError`` when two lessons
    share an id, a block id repeats within a lesson, or lessons wait for each other.
    """
    previous = previous or Previous()
    tree = tree or read_live_tree(course)
    modules = tree.modules
    slug_of_module = {module["path"]: module["slug"] for module in modules}
    language = course.locale.language_code
    # A lesson below a module that is not live is not published either.
    rows = [row for row in tree.lessons if row["path"][: -Page.steplen] in slug_of_module]
    paths = {
        row["path"]: make_course_path(language, course.slug, slug_of_module[row["path"][: -Page.steplen]], row["slug"])
        for row in rows
    }
    keys = lesson_keys(rows, modules)
    body = LessonBody()
    # A body is parsed and let go again: holding hundreds would cost more than parsing the few that changed once more.
    references = [list(body.references(cast(list[RawItem], read_stream(row["stored"])))) for row in rows]
    people = list(course.instructors.all())
    wanted = [reference for found in references for reference in found]
    wanted += [("image", person.photo_id) for person in people if person.photo_id]
    refs = load_refs(wanted, {row["source"]: paths[row["path"]] for row in rows if row["source"]}, language)
    paths_digest = sha256_hex(to_canonical_json(refs.lessons))

    lessons: dict[str, CompiledLesson] = {}
    outline_lessons: dict[str, list[OutlineLesson]] = {module["path"]: [] for module in modules}
    for row, found in zip(rows, references, strict=True):
        key, path = str(row["translation_key"]), paths[row["path"]]
        if key in lessons:
            raise CompileError(f"Two lessons have the id {key}; the second is “{row['title']}”.")
        fingerprint = fingerprint_lesson(row, found, refs, paths_digest)
        if previous.fingerprints.get(key) == fingerprint:
            lesson: CompiledLesson = CompiledLesson(
                key, fingerprint, previous.documents[key], previous.answers.get(key, "")
            )
            outline_lesson: OutlineLesson = {**without_gate(previous.lessons[key]), "path": path}
        else:
            document, quizzes = compile_lesson(row, read_stream(row["stored"]), body, refs.at(row["source"]))
            lesson = _new_lesson(key, fingerprint, document, quizzes)
            outline_lesson = _outline_lesson(document, path)
        lessons[key] = lesson
        outline_lessons[row["path"][: -Page.steplen]].append({**outline_lesson, **compile_gate(row, keys)})
    outline_modules = [
        _outline_module(module, outline_lessons[module["path"]], compile_gate(module, keys)) for module in modules
    ]
    check_gates(outline_modules, course.progression)
    facts = compile_facts(course, people, refs, sum(module["minutes"] for module in outline_modules))
    bank_categories = sorted({pk for kind, pk in wanted if kind == "bank"})
    return CompiledCourse({"course": facts, "modules": outline_modules}, list(lessons.values()), bank_categories)


def _new_lesson(key: str, fingerprint: str, document: LessonDocument, quizzes: dict[str, Any]) -> CompiledLesson:
    text = to_canonical_json(document)
    answers = to_canonical_json(quizzes) if quizzes else ""
    return CompiledLesson(key, fingerprint, sha256_hex(text), sha256_hex(answers) if answers else "", text, answers)


def compile_lesson(
    row: Mapping[str, Any], raw: list[dict[str, Any]], body: LessonBody, refs: Refs
) -> tuple[LessonDocument, dict[str, Any]]:
    """One lesson's document and its quizzes with keys by block id. No query.

    ``row`` holds translation_key, title, slug, summary and minutes. Raises ``CompileError`` for a repeated block id.
    """
    blocks = body.to_documents(cast(list[RawItem], raw), refs)
    if len({block["id"] for block in blocks}) != len(blocks):
        raise CompileError(f"A block id occurs twice in the lesson “{row['title']}”; delete one of the copies.")
    document: LessonDocument = {
        "id": str(row["translation_key"]),
        "title": row["title"],
        "slug": row["slug"],
        "summary": row["summary"],
        "minutes": row["minutes"] or estimate_minutes(blocks),
        "blocks": cast(list[Block], blocks),
    }
    quizzes = body.quizzes(cast(list[RawItem], raw), refs)
    return document, {block_id: quiz_to_json(quiz) for block_id, quiz in quizzes.items()}


def _outline_lesson(document: LessonDocument, path: str) -> OutlineLesson:
    blocks = [cast(dict[str, Any], block) for block in document["blocks"]]
    return {
        "id": document["id"],
        "title": document["title"],
        "slug": document["slug"],
        "path": path,
        "minutes": document["minutes"],
        "kinds": list(dict.fromkeys(block["type"] for block in blocks)),
        "blocks": [_outline_block(block) for block in blocks],
    }


def _outline_block(block: Mapping[str, Any]) -> OutlineBlock:
    is_quiz = block["type"] == "quiz"
    facts: OutlineBlock = {
        "id": block["id"],
        "type": block["type"],
        "is_required": block["is_required"],
        "weight": block["points"] if is_quiz else 0,
    }
    return {**facts, "time_limit": block["time_limit"]} if block["time_limit"] and not is_quiz else facts


def _outline_module(module: Mapping[str, Any], lessons: list[OutlineLesson], gate: Gate) -> OutlineModule:
    return {
        **gate,
        "id": str(module["translation_key"]),
        "title": module["title"],
        "slug": module["slug"],
        "summary": module["summary"],
        "minutes": sum(lesson["minutes"] for lesson in lessons),
        "lessons": lessons,
    }


def compile_facts(course: CoursePage, people: Iterable[Any], refs: Refs, minutes: int) -> CourseFacts:
    """What the edition keeps of the course page itself. Two queries, a third for required courses."""
    cover = course.cover
    facts: CourseFacts = {
        "id": str(course.translation_key),
        "title": course.title,
        "slug": course.slug,
        "path": make_course_path(course.locale.language_code, course.slug),
        "language": course.taught_in,
        "summary": course.summary,
        "description": render_rich_text(course.description, refs),
        "cover": {"id": cover.pk, "width": cover.width, "height": cover.height, "alt": ""} if cover else None,
        "level": course.level,
        "categories": [{"name": category.name, "slug": category.slug} for category in course.categories.all()],
        "tags": sorted(tag.name for tag in course.tags.all()),
        "instructors": [
            {
                "name": person.name,
                "role": person.role,
                "biography": person.biography,
                "photo": refs.image(person.photo_id, ""),
            }
            for person in people
        ],
        "objectives": [item["value"] for item in course.objectives.raw_data],
        "prerequisites": [item["value"] for item in course.prerequisites.raw_data],
        "minutes": course.estimated_minutes or minutes,
        "passing_percentage": course.passing_percentage,
        "time_limit": course.time_limit,
        "completion_deadline": course.completion_deadline.isoformat() if course.completion_deadline else None,
        "completion_days": course.completion_days,
        "progression": cast(Any, course.progression),
        "access": cast(Any, course.access),
        "has_certificate": course.has_certificate,
        "certificate_validity_months": course.certificate_validity_months,
    }
    facts.update(_required_courses(course))  # type: ignore[typeddict-item]
    if course.expires_after_days is not None:  # courses without this rule keep the digest they had before there was one
        facts["expires_after_days"] = course.expires_after_days
    return facts


def _required_courses(course: CoursePage) -> RequiredCourses:
    """No key without any; else one query. A course that was deleted since is required no more."""
    wanted = read_required(course.requires.raw_data)
    if not wanted:
        return {}
    chosen = CoursePage.objects.filter(pk__in=[pk for pk, _score in wanted])
    versions = list(
        CoursePage.objects.filter(translation_key__in=chosen.values("translation_key"))
        .exclude(translation_key=course.translation_key)
        .values("pk", "translation_key", "title", "slug", "locale_id", "live")
    )
    keys = {page["pk"]: page["translation_key"] for page in versions}
    # A translation names the required course as it is called in its own language, where it is offered in that.
    translated = {
        page["translation_key"]: page for page in versions if page["locale_id"] == course.locale_id and page["live"]
    }
    pages = {page["pk"]: translated.get(keys[page["pk"]], page) for page in versions}
    found: list[RequiredCourse] = [
        {"id": str(page["translation_key"]), "title": page["title"], "slug": page["slug"], "minimum_score": score}
        for pk, score in wanted
        if (page := pages.get(pk)) is not None
    ]
    return {"requires": found} if found else {}


def load_refs(wanted: Iterable[Reference], lesson_paths: Mapping[str, str], language: str = "") -> Refs:
    """Fetch every row that blocks refer to: one query for each kind, eight at most.

    Links to pages lead to their version in ``language`` where there is one.
    """
    ids: dict[str, set[int]] = {"image": set(), "media": set(), "document": set(), "page": set(), "bank": set()}
    for kind, pk in wanted:
        ids[kind].add(pk)
    return Refs(
        images={
            pk: ImageRow(width, height)
            for pk, width, height in CourseImage.objects.filter(pk__in=ids["image"]).values_list(
                "pk", "width", "height"
            )
        },
        media_rows={
            pk: _file_row(file, size, duration)
            for pk, file, size, duration in CourseMedia.objects.filter(pk__in=ids["media"]).values_list(
                "pk", "file", "file_size", "duration"
            )
        },
        documents={
            pk: _file_row(file, size)
            for pk, file, size in CourseDocument.objects.filter(pk__in=ids["document"]).values_list(
                "pk", "file", "file_size"
            )
        },
        pages=page_paths(ids["page"], language),
        lessons=lesson_paths,
        bank=QuestionCategory.load_questions(ids["bank"]),
    )


def _file_row(file: str, size: int | None, duration: float | None = None) -> FileRow:
    name = file.rsplit("/", 1)[-1]
    return FileRow(name, mimetypes.guess_type(name)[0] or "application/octet-stream", size or 0, duration)
