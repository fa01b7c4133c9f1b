"""Pages to documents: reads a live course tree in a constant number of queries, from raw StreamField JSON."""

import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from wagtail.models import Page, Site

from courses.blocks.html import render_rich_text
from courses.blocks.lesson import LessonBody
from courses.blocks.refs import FileRow, ImageRow, Reference, Refs
from courses.editions.canonical import sha256_hex, to_canonical_json
from courses.editions.documents import CourseFacts, LessonDocument, OutlineLesson, OutlineModule
from courses.editions.duration import estimate_minutes
from courses.models.course import CoursePage, ModulePage
from courses.models.files import CourseDocument, CourseImage, CourseMedia
from courses.models.lesson import LessonPage
from courses.quizzes.definition import quiz_to_json


@dataclass(frozen=True)
class CompiledLesson:
    """``document`` and ``answers`` are canonical JSON; ``answers`` is empty for a lesson without a quiz."""

    key: str
    document: str
    answers: str

    @property
    def document_digest(self) -> str:
        return sha256_hex(self.document)

    @property
    def answers_digest(self) -> str:
        return sha256_hex(self.answers)


@dataclass(frozen=True)
class CompiledCourse:
    """An ``Outline`` without its ``edition``, and the lessons in order."""

    outline: dict[str, Any]
    lessons: list[CompiledLesson]


class CompileError(Exception):
    """The course cannot be an edition; the message tells the editor why."""


def course_path(course_slug: str, *slugs: str) -> str:
    return "/".join(["/courses", course_slug, *slugs, ""])


def compile_documents(course: CoursePage) -> CompiledCourse:
    """Compile the live modules and lessons under a course. At most 14 queries however many lessons.

    Raises ``CompileError`` when two lessons share an id or a block id repeats within a lesson.
    """
    modules = list(
        ModulePage.objects.child_of(course)
        .live()
        .order_by("path")
        .values("path", "translation_key", "title", "slug", "summary")
    )
    slug_of_module = {module["path"]: module["slug"] for module in modules}
    rows = [
        row
        for row in LessonPage.objects.descendant_of(course)
        .live()
        .order_by("path")
        .values("path", "translation_key", "title", "slug", "summary", "minutes", "source", "body")
        # A lesson below a module that is not live is not published either.
        if row["path"][: -Page.steplen] in slug_of_module
    ]
    paths = {
        row["path"]: course_path(course.slug, slug_of_module[row["path"][: -Page.steplen]], row["slug"]) for row in rows
    }
    body = LessonBody()
    raw_bodies = {row["path"]: list(row["body"].raw_data) for row in rows}
    people = list(course.instructors.all())
    wanted = [found for raw in raw_bodies.values() for found in body.references(raw)]
    wanted += [("image", person.photo_id) for person in people if person.photo_id]
    refs = load_refs(wanted, {row["source"]: paths[row["path"]] for row in rows if row["source"]})

    lessons: dict[str, CompiledLesson] = {}
    outline_lessons: dict[str, list[OutlineLesson]] = {module["path"]: [] for module in modules}
    for row in rows:
        document, answers = compile_lesson(row, raw_bodies[row["path"]], body, refs.at(row["source"]))
        if document["id"] in lessons:
            raise CompileError(f"Two lessons have the id {document['id']}; the second is “{document['title']}”.")
        lessons[document["id"]] = CompiledLesson(
            document["id"], to_canonical_json(document), to_canonical_json(answers) if answers else ""
        )
        outline_lessons[row["path"][: -Page.steplen]].append(_outline_lesson(document, paths[row["path"]]))
    outline_modules = [_outline_module(module, outline_lessons[module["path"]]) for module in modules]
    facts = compile_facts(course, people, refs, sum(module["minutes"] for module in outline_modules))
    return CompiledCourse({"course": facts, "modules": outline_modules}, list(lessons.values()))


def compile_lesson(
    row: Mapping[str, Any], raw: list[dict[str, Any]], body: LessonBody, refs: Refs
) -> tuple[LessonDocument, dict[str, Any]]:
    """One lesson's document and its quizzes with keys by block id. No query.

    ``row`` holds translation_key, title, slug, summary and minutes. Raises ``CompileError`` for a repeated block id.
    """
    blocks = body.to_documents(raw, refs)
    if len({block["id"] for block in blocks}) != len(blocks):
        raise CompileError(f"A block id occurs twice in the lesson “{row['title']}”; delete one of the copies.")
    document: LessonDocument = {
        "id": str(row["translation_key"]),
        "title": row["title"],
        "slug": row["slug"],
        "summary": row["summary"],
        "minutes": row["minutes"] or estimate_minutes(blocks),
        "blocks": blocks,
    }
    return document, {block_id: quiz_to_json(quiz) for block_id, quiz in body.quizzes(raw).items()}


def _outline_lesson(document: LessonDocument, path: str) -> OutlineLesson:
    blocks = [cast(dict[str, Any], block) for block in document["blocks"]]
    return {
        "id": document["id"],
        "title": document["title"],
        "slug": document["slug"],
        "path": path,
        "minutes": document["minutes"],
        "kinds": list(dict.fromkeys(block["type"] for block in blocks)),
        "blocks": [
            {
                "id": block["id"],
                "type": block["type"],
                "is_required": block["is_required"],
                "weight": block["points"] if block["type"] == "quiz" else 0,
            }
            for block in blocks
        ],
    }


def _outline_module(module: Mapping[str, Any], lessons: list[OutlineLesson]) -> OutlineModule:
    return {
        "id": str(module["translation_key"]),
        "title": module["title"],
        "slug": module["slug"],
        "summary": module["summary"],
        "minutes": sum(lesson["minutes"] for lesson in lessons),
        "lessons": lessons,
    }


def compile_facts(course: CoursePage, people: Iterable[Any], refs: Refs, minutes: int) -> CourseFacts:
    """What the edition keeps of the course page itself. Two queries (categories, tags)."""
    cover = course.cover
    return {
        "id": str(course.translation_key),
        "title": course.title,
        "slug": course.slug,
        "path": course_path(course.slug),
        "language": course.language,
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


def load_refs(wanted: Iterable[Reference], lesson_paths: Mapping[str, str]) -> Refs:
    """Fetch every row that blocks refer to: one query for each kind, six at most."""
    ids: dict[str, set[int]] = {"image": set(), "media": set(), "document": set(), "page": set()}
    for kind, pk in wanted:
        ids[kind].add(pk)
    return Refs(
        images={
            pk: ImageRow(width, height)
            for pk, width, height in CourseImage.objects.filter(pk__in=ids["image"]).values_list("pk", "width", "height")
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
        pages=_page_paths(ids["page"]),
        lessons=lesson_paths,
    )


def _file_row(file: str, size: int | None, duration: float | None = None) -> FileRow:
    name = file.rsplit("/", 1)[-1]
    return FileRow(name, mimetypes.guess_type(name)[0] or "application/octet-stream", size or 0, duration)


def _page_paths(page_ids: set[int]) -> dict[int, str]:
    if not page_ids:
        return {}
    root = Site.objects.filter(is_default_site=True).values_list("root_page__url_path", flat=True).first() or "/"
    rows = Page.objects.filter(pk__in=page_ids).live().values_list("pk", "url_path")
    return {pk: "/" + url_path[len(root) :] for pk, url_path in rows if url_path.startswith(root)}
