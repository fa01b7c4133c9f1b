"""Drafts as a trainee would see them: the page in the editor, compiled by the same code as editions, on the same pages.

Nobody is enrolled in a preview: every lesson is untouched, links to lessons stay on the page, and quizzes show their
questions without key.
"""

from dataclasses import dataclass, field
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.blocks.lesson import LessonBody
from courses.editions.compiler import compile_facts, compile_lesson, load_refs
from courses.editions.delivery import deliver_image, deliver_lesson
from courses.editions.documents import CourseFacts, LessonDocument, Outline
from courses.editions.models import CourseState
from courses.editions.queries import get_outline
from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage
from courses.quizzes.definition import Quiz
from courses.quizzes.paper import draw_paper

PREVIEW_SEED = 0
# Rows look like those of a trainee, but a preview is one page: the links go to its top.
STAY = "#main"


@dataclass(frozen=True)
class PreviewAccess:
    is_allowed: bool = True
    code: str = "staff"
    message: str = gettext_lazy("In a preview every lesson can be read, and nothing is recorded.")  # type: ignore[assignment]
    unlock: str = ""


@dataclass(frozen=True)
class PreviewQuizCard:
    lesson_id: str
    block_id: str
    attempts_allowed: int | None
    message: str = ""
    open_url: str = ""
    open_attempt_url: str | None = None
    attempts_used: int = 0
    best_score: None = None
    passed: bool = False
    can_open: bool = False
    enrolment_id: None = None
    attempts: tuple[()] = ()

    @property
    def attempts_left(self) -> int | None:
        return self.attempts_allowed


@dataclass(frozen=True)
class PreviewBlock:
    """What the block templates read. ``paper`` exists in previews only: the questions without their key."""

    block: dict[str, Any]
    quiz: PreviewQuizCard | None = None
    paper: dict[str, Any] | None = None
    state: str = "not_started"
    position: float = 0.0
    complete_url: str | None = None

    @property
    def is_required(self) -> bool:
        return bool(self.block["is_required"])


@dataclass(frozen=True)
class PreviewLessonRow:
    id: str
    title: str
    minutes: int
    kinds: list[str]
    is_current: bool = False
    url: str = STAY
    state: str = "not_started"
    is_locked: bool = False
    lock_reason: str = ""


@dataclass(frozen=True)
class PreviewModuleRow:
    id: str
    title: str
    summary: str
    lessons: list[PreviewLessonRow] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def minutes_left(self) -> int:
        return self.minutes


def compile_preview(page: LessonPage) -> LessonDocument:
    """The document the draft would have in an edition; block ids are those of the draft."""
    return compile_with_quizzes(page)[0]


def preview_lesson(request: HttpRequest, page: LessonPage) -> HttpResponse:
    document, quizzes = compile_with_quizzes(page)
    course = CoursePage.objects.select_related("locale").filter(path=page.course_tree_path).first() or _stand_in(page)
    rows = _outline_rows(course, page, document)
    context = make_lesson_context(document, quizzes, _course_facts(course, rows), rows)
    return render(request, "learning/lesson.html", context)


def make_lesson_context(
    document: LessonDocument, quizzes: dict[str, Quiz], course: CourseFacts, rows: list[PreviewModuleRow]
) -> dict[str, Any]:
    """What the lesson page shows of a draft to somebody who is not enrolled."""
    lessons = [lesson for row in rows for lesson in row.lessons]
    place = next((place for place, lesson in enumerate(lessons) if lesson.is_current), 0)
    delivered = deliver_lesson(document)
    blocks = [_block_view(cast(dict[str, Any], block), document["id"], quizzes) for block in delivered["blocks"]]
    module = next((row.title for row in rows if any(lesson.is_current for lesson in row.lessons)), "")
    return {
        "course": course,
        "module": module,
        "lesson": delivered,
        "blocks": blocks,
        "outline_rows": rows,
        "enrolment": None,
        "access": PreviewAccess(),
        "lesson_state": "not_started",
        "required_left": sum(view.is_required for view in blocks),
        "previous": lessons[place - 1] if place else None,
        "next": lessons[place + 1] if place + 1 < len(lessons) else None,
        "complete_url": None,
        "progress_url": None,
        "resume_block_id": None,
        "is_preview": True,
    }


def preview_course(request: HttpRequest, page: CoursePage) -> HttpResponse:
    rows = _outline_rows(page, None, None)
    return render(request, "learning/course.html", make_course_context(_course_facts(page, rows), rows))


def make_course_context(course: CourseFacts, rows: list[PreviewModuleRow]) -> dict[str, Any]:
    return {
        "course": course,
        "outline_rows": rows,
        "enrolment": None,
        "access": PreviewAccess(),
        "enrol_url": None,
        "login_url": None,
        "continue_url": None,
        "certificate_url": None,
        "lesson_count": sum(len(row.lessons) for row in rows),
        "is_preview": True,
    }


def compile_with_quizzes(page: LessonPage) -> tuple[LessonDocument, dict[str, Quiz]]:
    """The same, and its quizzes, whose questions a page may show without their key."""
    page.ensure_block_ids()
    body, raw = cast(LessonBody, page.body.stream_block), list(page.body.get_prep_value())
    refs = load_refs(body.references(raw), _lesson_paths(page), page.content_language).at(page.source)
    row = {
        "translation_key": page.translation_key,
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "minutes": page.minutes,
    }
    return compile_lesson(row, raw, body, refs)[0], body.quizzes(raw, refs)


def _stand_in(page: LessonPage) -> CoursePage:
    """For a lesson that belongs to no course: a template."""
    return CoursePage(title=_("Template"), slug="template", path=page.path, locale=page.locale)


def _lesson_paths(page: LessonPage) -> dict[str, str]:
    """Where relative links of imported lessons lead: the study paths of the course's lessons by source."""
    if not page.source:
        return {}
    course_path = page.course_tree_path
    lessons = (
        LessonPage.objects.filter(path__startswith=course_path).live().exclude(source="").only("url_path", "source")
    )
    return {lesson.source: lesson.study_path for lesson in lessons.defer("body")}


def _block_view(block: dict[str, Any], lesson_id: str, quizzes: dict[str, Quiz]) -> PreviewBlock:
    quiz = quizzes.get(block["id"])
    if quiz is None:
        return PreviewBlock(block)
    card = PreviewQuizCard(lesson_id, block["id"], quiz.attempts_allowed)
    return PreviewBlock(block, card, draw_paper(quiz, PREVIEW_SEED))


def _course_facts(course: CoursePage, rows: list[PreviewModuleRow]) -> CourseFacts:
    people = list(course.instructors.all())
    refs = load_refs([("image", person.photo_id) for person in people if person.photo_id], {})
    facts = compile_facts(course, people, refs, sum(row.minutes for row in rows))
    facts["cover"] = deliver_image(facts["cover"])
    for person in facts["instructors"]:
        person["photo"] = deliver_image(person["photo"])
    return facts


def _find_state(course: CoursePage) -> CourseState | None:
    return CourseState.objects.filter(course_id=course.pk).select_related("edition").first()


def _known_lessons(course: CoursePage) -> dict[str, Any]:
    """Minutes and kinds of the lessons in the edition in force, by lesson id."""
    state = _find_state(course)
    if state is None or state.edition is None:
        return {}
    outline: Outline = get_outline(state.edition.pk, state.edition.digest)
    return {lesson["id"]: lesson for module in outline["modules"] for lesson in module["lessons"]}


def _outline_rows(
    course: CoursePage, current: LessonPage | None, document: LessonDocument | None
) -> list[PreviewModuleRow]:
    """Modules and lessons as the sidebar shows them: the live ones and the one in the editor.

    A course that is not published yet shows its drafts as well, so that its author sees it whole.
    """
    known = _known_lessons(course)
    pages = _children(course, ModulePage, ("summary",))
    rows = {
        page["path"]: PreviewModuleRow(str(page["translation_key"]), page["draft_title"], page["summary"])
        for page in pages
    }
    lessons = _children(course, LessonPage, ("minutes",))
    if current is not None and document is not None:
        lessons = [lesson for lesson in lessons if lesson["path"] != current.path]
        lessons.append({"path": current.path})
        lessons.sort(key=lambda lesson: lesson["path"])
    for lesson in lessons:
        row = rows.get(lesson["path"][: -course.steplen])
        if current is not None and document is not None and lesson["path"] == current.path:
            module = row or rows.setdefault(
                current.path[: -course.steplen], PreviewModuleRow("", _("Draft module"), "")
            )
            kinds: list[str] = list(dict.fromkeys(block["type"] for block in document["blocks"]))
            module.lessons.append(
                PreviewLessonRow(document["id"], document["title"], document["minutes"], kinds, is_current=True)
            )
        elif row is not None:
            key = str(lesson["translation_key"])
            facts = known.get(key, {})
            minutes = lesson["minutes"] or facts.get("minutes", 0)
            row.lessons.append(PreviewLessonRow(key, lesson["draft_title"], minutes, facts.get("kinds", [])))
    return list(rows.values())


def _children(course: CoursePage, page_type: Any, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    pages = page_type.objects.filter(path__startswith=course.path).exclude(path=course.path)
    if course.live:
        pages = pages.live()
    return list(pages.order_by("path").values("path", "translation_key", "draft_title", *fields))
