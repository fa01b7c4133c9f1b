"""Progress from the lesson page: the player's beacon, and the buttons that work without JavaScript."""

import json
import uuid
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.editions.queries import find_path, get_versions
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import get_own_enrolment
from learners.progress.queries import get_course_map
from learners.progress.resuming import is_lesson_open
from learners.progress.services import (
    LessonCompletion,
    ProgressRefusedError,
    ProgressResult,
    complete_lesson,
    record_progress,
)
from learners.views.personal import BadBodyError, json_error, personal, read_json, wants_json
from learners.views.study import lesson_url

STATUS = {"not_found": 404, "malformed": 400, "too_many_events": 413}


@require_POST
@personal
def receive_progress(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """``{"events": [...]}`` or the bare list as JSON, or as form field ``events`` (a beacon cannot set headers, but
    can send the CSRF token as a field)."""
    if not request.user.is_authenticated:
        return json_error(401, "login_required", _("Log in to keep your progress."))
    try:
        body = read_json(request) if wants_json(request) else json.loads(request.POST.get("events", ""))
    except (BadBodyError, ValueError, RecursionError):
        return json_error(400, "malformed", _("The body is not JSON."))
    events = body.get("events") if isinstance(body, dict) else body
    try:
        result = record_progress(user=request.user, enrolment_id=enrolment_id, events=events)
    except ProgressRefusedError as refusal:
        return json_error(STATUS.get(refusal.code, 403), refusal.code, refusal.message)
    return JsonResponse(_result_json(result))


def _result_json(result: ProgressResult) -> dict[str, Any]:
    """``results`` are the blocks that changed; ``lesson_state`` is of the lesson reported on last."""
    enrolment = result.enrolment
    return {
        "enrolment": enrolment.pk,
        "state": enrolment.state,
        "percent": enrolment.percent,
        "score": None if enrolment.score is None else float(enrolment.score),
        "completed_at": enrolment.completed_at,
        "server_time": result.now,
        "lesson_state": result.lesson_states.get(str(enrolment.last_lesson_key)),
        "events": [asdict(each) for each in result.events],
        "results": [asdict(each) for each in result.blocks],
    }


@require_POST
@login_required
@personal
def mark_lesson_complete(request: HttpRequest, enrolment_id: int, lesson_id: uuid.UUID) -> HttpResponse:
    enrolment = _own_enrolment(request, enrolment_id)
    try:
        result = complete_lesson(user=request.user, enrolment=enrolment, lesson_key=lesson_id)  # type: ignore[arg-type]
    except ProgressRefusedError as refusal:
        return _refused(request, enrolment, refusal)
    if not result.is_complete:
        names = "; ".join(f"{each.reason} “{each.title}”" if each.title else each.reason for each in result.missing)
        messages.warning(request, _("Not complete yet. Still to do: %(names)s.") % {"names": names})
        return redirect(f"{_lesson_url(result.enrolment, str(lesson_id))}#block-{result.missing[0].block_id}")
    return _go_on(request, result, str(lesson_id))


@require_POST
@login_required
@personal
def mark_block_complete(
    request: HttpRequest, enrolment_id: int, lesson_id: uuid.UUID, block_id: uuid.UUID
) -> HttpResponse:
    return _report_state(request, enrolment_id, lesson_id, block_id, "completed")


@require_POST
@login_required
@personal
def start_block(request: HttpRequest, enrolment_id: int, lesson_id: uuid.UUID, block_id: uuid.UUID) -> HttpResponse:
    """Starts the clock of a block with a time limit. Starting it again changes nothing."""
    return _report_state(request, enrolment_id, lesson_id, block_id, "in_progress")


def _report_state(
    request: HttpRequest, enrolment_id: int, lesson_id: uuid.UUID, block_id: uuid.UUID, state: str
) -> HttpResponse:
    enrolment = _own_enrolment(request, enrolment_id)
    event = {"id": str(uuid.uuid4()), "lesson": str(lesson_id), "block": str(block_id), "state": state}
    try:
        result = record_progress(user=request.user, enrolment_id=enrolment_id, events=[event])  # type: ignore[arg-type]
    except ProgressRefusedError as refusal:
        return _refused(request, enrolment, refusal)
    outcome = result.events[0]
    if outcome.code == "unknown_block":
        raise Http404
    if outcome.status == "refused":
        messages.error(request, outcome.message)
    elif result.is_newly_completed:
        messages.success(request, _("You have completed the course. Congratulations!"))
    return redirect(f"{_lesson_url(result.enrolment, str(lesson_id))}#block-{block_id}")


def _own_enrolment(request: HttpRequest, enrolment_id: int) -> Enrolment:
    enrolment = get_own_enrolment(request.user, enrolment_id)
    if enrolment is None:
        raise Http404
    return enrolment


def _go_on(request: HttpRequest, result: LessonCompletion, lesson_id: str) -> HttpResponse:
    """On to the lesson after this one, or where Continue leads if that is shut; after the last one, or the course, to
    the course page."""
    if result.is_course_completed:
        messages.success(request, _("You have completed the course. Congratulations!"))
        return redirect(_course_url(result.enrolment))
    messages.success(request, _("Lesson completed."))
    order = list(get_course_map(result.enrolment.edition_id, result.enrolment.edition.digest).lessons)
    place = order.index(lesson_id)
    if place + 1 == len(order):
        return redirect(_course_url(result.enrolment))
    if is_lesson_open(result.enrolment, order[place + 1]):
        return redirect(_lesson_url(result.enrolment, order[place + 1]))
    return redirect("continue", enrolment_id=result.enrolment.pk)


def _refused(request: HttpRequest, enrolment: Enrolment, refusal: ProgressRefusedError) -> HttpResponse:
    if refusal.code == "not_found":
        raise Http404 from refusal
    messages.error(request, refusal.message)
    return redirect(_course_url(enrolment))


def _course_url(enrolment: Enrolment) -> str:
    return find_path(get_versions([enrolment.edition]), enrolment.edition)


def _lesson_url(enrolment: Enrolment, lesson_id: str) -> str:
    course = get_course_map(enrolment.edition_id, enrolment.edition.digest)
    for module in course.outline["modules"]:
        for lesson in module["lessons"]:
            if lesson["id"] == lesson_id:
                return lesson_url(_course_url(enrolment), module, lesson)
    return _course_url(enrolment)
