"""The lesson page, found through editions: course slug, the learner's edition, module and lesson slug."""

from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.editions.concealing import conceal_unstarted
from courses.editions.delivery import deliver_lesson
from courses.editions.documents import LessonDocument, OutlineLesson, OutlineModule
from courses.editions.queries import find_lesson, get_lesson_document
from learners.accommodations.queries import get_accommodation
from learners.enrolments.access import staff_or
from learners.enrolments.locks import Access
from learners.exams.queries import list_attempts
from learners.progress.queries import BlockRow, list_clocks, media_rules
from learners.progress.services import touch_lesson
from learners.progress.timed import is_time_up
from learners.views.cards import BlockView, LessonRow, TimerView
from learners.views.courses import enrolment_card, login_url, required_course_url
from learners.views.languages import lesson_in_own_language, make_enrol_url, make_language_menu
from learners.views.personal import personal
from learners.views.quizzes import make_quiz_card, own_minutes
from learners.views.study import Study, deliver_course, find_study, make_outline_rows

NOT_TOUCHED = BlockRow("not_started", 0.0, None)


@require_safe
@personal
def show_lesson(
    request: HttpRequest, course_slug: str, module_slug: str, lesson_slug: str, language: str = ""
) -> HttpResponse:
    study = find_study(request, course_slug, language)
    found = find_lesson(study.outline, module_slug, lesson_slug)
    if found is None:
        raise Http404
    module, lesson = found
    if study.studied_at:
        return redirect(lesson_in_own_language(study, lesson["id"]))
    access = _lesson_access(study, lesson)
    if access.code == "login_required":
        return redirect(cast(str, login_url(request)))
    if not access.is_allowed:
        return _refuse(study, module, lesson, access)
    document = get_lesson_document(study.edition.pk, lesson["id"])
    if document is None:
        raise Http404
    resume_block_id = ""
    if study.enrolment is not None:
        if str(study.enrolment.last_lesson_key) == lesson["id"]:
            resume_block_id = str(study.enrolment.last_block_id or "")
        study.enrolment = touch_lesson(enrolment=study.enrolment, lesson_key=lesson["id"])
        study.note_opened(lesson["id"])
    return render(request, "learning/lesson.html", _context(study, module, lesson, document, resume_block_id))


def _lesson_access(study: Study, lesson: OutlineLesson) -> Access:
    """The same rules as ``lesson_access``, on the rows this page has read anyway."""
    if not study.access.is_allowed or study.locks is None:
        return study.access
    lock = study.locks.find(lesson["id"])
    if lock is not None and staff_or(study.request.user, lock).is_allowed:
        return Access(True, "staff")
    return lock or study.access


def _context(
    study: Study, module: OutlineModule, lesson: OutlineLesson, document: LessonDocument, resume_block_id: str
) -> dict[str, Any]:
    rows = make_outline_rows(study, lesson["id"])
    state = study.lesson_states[lesson["id"]]
    order = [row for each in rows for row in each.lessons]
    place = next(index for index, row in enumerate(order) if row.id == lesson["id"])
    enrolment = study.enrolment
    return {
        "course": deliver_course(study.outline["course"], study.state.path),
        "course_url": study.url,
        "module": {"id": module["id"], "title": module["title"]},
        "lesson": document,
        "blocks": _block_views(study, deliver_lesson(_conceal(study, document))),
        "outline_rows": rows,
        "enrolment": enrolment_card(study),
        "access": study.access,
        "lesson_state": state.state,
        "required_left": state.required_left,
        "required_total": state.required_total,
        "previous": order[place - 1] if place else None,
        "next": order[place + 1] if place + 1 < len(order) else None,
        "complete_url": reverse("lesson-complete", args=[enrolment.pk, lesson["id"]]) if enrolment else None,
        "progress_url": reverse("progress", args=[enrolment.pk]) if enrolment else None,
        "enrol_url": make_enrol_url(study.state) if enrolment is None else None,
        "login_url": login_url(study.request),
        "is_preview": False,
        "languages": make_language_menu(study, lesson["id"]),
        "resume_block_id": resume_block_id,
    }


def _conceal(study: Study, document: LessonDocument) -> LessonDocument:
    """Staff read everything; visitors, who have no clock, see that a timed block is there."""
    if study.access.code != "ok":
        return document
    return conceal_unstarted(document, list_clocks(study.rows.items(), document["id"]))


def _block_views(study: Study, document: LessonDocument) -> list[BlockView]:
    measured = media_rules(study.edition.pk, document["id"]) if study.enrolment else {}
    has_quiz = any(block["type"] == "quiz" for block in document["blocks"])
    attempts = list_attempts(study.enrolment, document["id"]) if has_quiz else {}
    is_limited = any(
        block["time_limit"] or (block["type"] == "quiz" and block["attempts_allowed"]) for block in document["blocks"]
    )
    held = get_accommodation(study.enrolment.user_id) if is_limited and study.enrolment else None
    views, now = [], timezone.now()
    for block in document["blocks"]:
        row = study.rows.get((document["id"], block["id"]), NOT_TOUCHED)
        quiz = None
        is_over = row.state != "completed" and is_time_up(row.deadline_at, now)
        if block["type"] == "quiz":
            quiz = make_quiz_card(
                block,
                document["id"],
                study.enrolment,
                attempts.get(block["id"], []),
                is_passed=row.state == "completed",
                accommodation=held,
            )
        can_complete = (
            study.enrolment is not None
            and block["is_required"]
            and row.state != "completed"
            and quiz is None
            and block["id"] not in measured
            and block.get("is_started", True)
            and not is_over
        )
        views.append(
            BlockView(
                block=block,
                state=row.state,
                is_required=block["is_required"],
                position=row.position,
                complete_url=_complete_url(study, document["id"], block["id"]) if can_complete else None,
                quiz=quiz,
                is_waiting=not block.get("is_started", True),
                start_url=_start_url(study, document["id"], block["id"]),
                limit_minutes=own_minutes(block["time_limit"], held),
                is_untimed=bool(block["time_limit"] and held and held.is_untimed),
                timer=_timer(row, now) if block.get("is_started") and not is_over else None,
                is_over=is_over,
            )
        )
    return views


def _timer(row: BlockRow, now: datetime) -> TimerView | None:
    if row.clock_started_at is None or row.deadline_at is None or row.state == "completed":
        return None
    return TimerView(row.clock_started_at, row.deadline_at, now)


def _start_url(study: Study, lesson_id: str, block_id: str) -> str | None:
    if study.enrolment is None:
        return None
    return reverse("block-start", args=[study.enrolment.pk, lesson_id, block_id])


def _complete_url(study: Study, lesson_id: str, block_id: str) -> str:
    return reverse("block-complete", args=[study.enrolment.pk if study.enrolment else 0, lesson_id, block_id])


def _refuse(study: Study, module: OutlineModule, lesson: OutlineLesson, access: Access) -> HttpResponse:
    """Says why the lesson is shut and what opens it. Nothing of the lesson but its title is shown."""
    rows = make_outline_rows(study, lesson["id"])
    unlock: LessonRow | None = next(
        (row for each in rows for row in each.lessons if row.id == access.unlock_lesson_id), None
    )
    can_enrol = access.code == "enrolment_required" and study.request.user.is_authenticated
    return render(
        study.request,
        "learning/locked.html",
        {
            "course": deliver_course(study.outline["course"], study.state.path),
            "course_url": study.url,
            "module": {"id": module["id"], "title": module["title"]},
            "lesson": {"id": lesson["id"], "title": lesson["title"], "minutes": lesson["minutes"]},
            "access": access,
            "unlock_lesson": unlock,
            "required_course_url": required_course_url(access, study.state.language),
            "enrol_url": make_enrol_url(study.state) if can_enrol else None,
            "outline_rows": rows,
        },
        status=403,
    )
