"""Sitting a quiz: start, answer, save, hand in, review. Every write works as a plain form and as JSON."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.editions.documents import QuizBlock
from courses.editions.models import Edition
from courses.editions.queries import find_path, get_lesson_document, get_versions
from learners.accommodations.queries import get_accommodation
from learners.enrolments.locks import walk_lessons
from learners.enrolments.queries import get_own_enrolment
from learners.enums import ProgressState
from learners.exams.answers import find_unanswered
from learners.exams.models import Attempt, AttemptState
from learners.exams.queries import get_attempt, list_attempts, list_scored_results
from learners.exams.review import is_key_shown
from learners.exams.services import AttemptRefusedError, close_if_over, open_attempt, save_answers, submit_attempt
from learners.progress.queries import get_course_map
from learners.progress.resuming import is_lesson_open
from learners.views.papers import make_attempt_view, read_form_answers
from learners.views.personal import BadBodyError, json_error, personal, read_json, wants_json
from learners.views.quizzes import make_quiz_card
from learners.views.results import make_results
from learners.views.study import deliver_course, lesson_url

STATUS = {"not_found": 404, "time_is_up": 409, "already_submitted": 409}


@require_POST
@login_required
@personal
def start_attempt(request: HttpRequest) -> HttpResponse:
    """Fields enrolment, lesson, block. A refusal is explained on the lesson page."""
    number = request.POST.get("enrolment", "")
    enrolment = get_own_enrolment(request.user, int(number)) if number.isascii() and number.isdigit() else None
    if enrolment is None:
        raise Http404
    lesson_id = request.POST.get("lesson", "")
    try:
        attempt = open_attempt(
            user=request.user,  # type: ignore[arg-type]
            enrolment=enrolment,
            lesson_key=lesson_id,
            block_id=request.POST.get("block", ""),
        )
    except AttemptRefusedError as refusal:
        if refusal.code == "not_found":
            raise Http404 from refusal
        messages.error(request, refusal.message)
        path = find_path(get_versions([enrolment.edition]), enrolment.edition)
        return redirect(_find_lesson_url(enrolment.edition, path, lesson_id))
    return redirect("attempt", attempt_id=attempt.pk)


@require_safe
@login_required
@personal
def show_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    attempt = get_attempt(request.user, attempt_id)
    if attempt is None:
        raise Http404
    if close_if_over(attempt).state != attempt.state:
        messages.warning(request, _("The time was up. What you had saved by then has been handed in."))
        attempt = cast(Attempt, get_attempt(request.user, attempt_id))
    context = _shared_context(attempt)
    if attempt.state == AttemptState.OPEN:
        context["attempt"] = make_attempt_view(attempt, timezone.now())
        context["save_url"] = reverse("attempt-save", args=[attempt.pk])
        context["submit_url"] = reverse("attempt-submit", args=[attempt.pk])
        return render(request, "learning/attempt.html", context)
    return render(request, "learning/attempt_result.html", context | _result_context(attempt, context["block"]))


@require_POST
@personal
def save_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """JSON for scripts: {saved, saved_at, deadline_at, server_time}; an empty list of answers asks for the time."""
    if not request.user.is_authenticated:
        return json_error(401, "login_required", _("Log in again: your last answers are not saved."))
    try:
        answers = _read_answers(request, attempt_id)
        result = save_answers(user=request.user, attempt_id=attempt_id, answers=answers)
    except BadBodyError:
        return json_error(400, "malformed", _("The body is not JSON with a list of answers."))
    except AttemptRefusedError as refusal:
        if refusal.code == "not_found":
            raise Http404 from refusal
        if wants_json(request):
            return json_error(STATUS.get(refusal.code, 403), refusal.code, refusal.message)
        messages.warning(request, refusal.message)
        return redirect("attempt", attempt_id=attempt_id)
    if wants_json(request):
        return JsonResponse(
            {
                "saved": list(result.saved),
                "saved_at": result.saved_at,
                "deadline_at": result.attempt.deadline_at,
                "server_time": result.saved_at,
            }
        )
    messages.success(request, _("Your answers are saved."))
    return redirect("attempt", attempt_id=attempt_id)


@require_POST
@login_required
@personal
def hand_in_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Without ``confirmed`` a form with open questions is saved and shown what is still open, before it counts."""
    attempt = get_attempt(request.user, attempt_id)
    if attempt is None:
        raise Http404
    try:
        answers = _read_answers(request, attempt_id)
        if not wants_json(request) and not request.POST.get("confirmed"):
            unanswered = _save_and_look(request, attempt, answers)
            if unanswered:
                return _ask_before_handing_in(request, attempt, unanswered)
        attempt = submit_attempt(user=request.user, attempt_id=attempt_id, answers=answers)  # type: ignore[arg-type]
    except BadBodyError:
        return json_error(400, "malformed", _("The body is not JSON with a list of answers."))
    except AttemptRefusedError as refusal:
        raise Http404 from refusal
    if wants_json(request):
        return JsonResponse({"url": reverse("attempt", args=[attempt_id])})
    if attempt.state == AttemptState.EXPIRED:
        messages.warning(request, _("The time was up. What you had saved by then has been handed in."))
    return redirect("attempt", attempt_id=attempt_id)


def _save_and_look(request: HttpRequest, attempt: Attempt, answers: object) -> list[str]:
    """Save; the questions that are still open. None when the attempt is closed, which handing in will tell."""
    try:
        saved = save_answers(user=request.user, attempt_id=attempt.pk, answers=answers)  # type: ignore[arg-type]
    except AttemptRefusedError:
        return []
    return find_unanswered(saved.attempt.paper, saved.attempt.answers)


def _ask_before_handing_in(request: HttpRequest, attempt: Attempt, unanswered: list[str]) -> HttpResponse:
    questions = list(enumerate(attempt.paper["questions"], start=1))
    context = _shared_context(attempt) | {
        "attempt": make_attempt_view(attempt, timezone.now()),
        "attempt_url": reverse("attempt", args=[attempt.pk]),
        "submit_url": reverse("attempt-submit", args=[attempt.pk]),
        "unanswered": [(number, question) for number, question in questions if question["id"] in unanswered],
    }
    return render(request, "learning/attempt_open_questions.html", context)


def _read_answers(request: HttpRequest, attempt_id: uuid.UUID) -> list[Any] | None:
    """From JSON ``{"answers": [...]}``, or from the paper's fields. Raises ``BadBodyError``."""
    if not wants_json(request) and request.POST.get("confirmed") == "saved":
        return None  # from the page of open questions, which holds none
    if not wants_json(request):
        attempt = get_attempt(request.user, attempt_id)
        if attempt is None:
            raise Http404
        return read_form_answers(request.POST, attempt.paper)
    body = read_json(request)
    answers = body.get("answers") if isinstance(body, dict) else body
    if answers is not None and not isinstance(answers, list):
        raise BadBodyError
    return answers


def _shared_context(attempt: Attempt) -> dict[str, Any]:
    """The quiz's own words come from the lesson document, which holds no key."""
    lesson_id, block_id = str(attempt.lesson_key), str(attempt.block_id)
    document = get_lesson_document(attempt.edition_id, lesson_id)
    block = next((each for each in document["blocks"] if each["id"] == block_id), None) if document else None
    if document is None or block is None:
        raise Http404
    course = get_course_map(attempt.edition_id, attempt.edition.digest)
    path = find_path(get_versions([attempt.edition]), attempt.edition)
    lesson_address = _find_lesson_url(attempt.edition, path, lesson_id)
    return {
        "course": deliver_course(course.outline["course"], path),
        "course_url": path,
        "lesson": {"id": lesson_id, "title": document["title"]},
        "lesson_url": f"{lesson_address}#block-{block_id}",
        "quiz": block,
        "block": block,
    }


def _result_context(attempt: Attempt, block: QuizBlock) -> dict[str, Any]:
    lesson_id = str(attempt.lesson_key)
    attempts = list_attempts(attempt.enrolment, lesson_id)[block["id"]]
    return {
        "attempt": attempt,
        "results": make_results(attempt),
        "gradings": list_scored_results(attempt),
        "is_key_shown": is_key_shown(attempt),
        "next_url": _next_url(attempt),
        "retry": make_quiz_card(
            block,
            lesson_id,
            attempt.enrolment,
            attempts,
            is_passed=any(each.passed for each in attempts),
            accommodation=get_accommodation(attempt.enrolment.user_id),
        ),
        "review_note": _explain_review(attempt, block),
        "enrolment": attempt.enrolment,
        # A look back at a failed attempt is no moment to congratulate.
        "course_completed": bool(attempt.passed) and attempt.enrolment.state == ProgressState.COMPLETED,
        "certificate_url": None,
    }


def _explain_review(attempt: Attempt, block: QuizBlock) -> str:
    """Why the key is not shown, and when it will be."""
    policy = block.get("review_policy", "when_useless")
    if policy == "never":
        return _("Right answers and explanations of this quiz are not shown.")
    if policy == "after_passing":
        return _("The right answers and explanations are shown once you have passed.")
    due_at = attempt.enrolment.due_at if policy == "after_deadline" else None
    if due_at is not None and due_at <= timezone.now():
        return _("The right answers and explanations are shown once the attempt you have begun is handed in.")
    if due_at is not None:
        moment = date_format(timezone.localtime(due_at), "j M Y, H:i")
        return _("The right answers and explanations are shown after %(moment)s.") % {"moment": moment}
    return _("The right answers and explanations are shown once you have passed or used your last attempt.")


def _next_url(attempt: Attempt) -> str | None:
    """The lesson after this one, if there is one and it is open to the learner."""
    course = get_course_map(attempt.edition_id, attempt.edition.digest)
    order = [lesson["id"] for _module, lesson in walk_lessons(course.outline)]
    place = order.index(str(attempt.lesson_key)) + 1
    if place >= len(order):
        return None
    if not is_lesson_open(attempt.enrolment, order[place]):
        return None
    path = find_path(get_versions([attempt.edition]), attempt.edition)
    return _find_lesson_url(attempt.edition, path, order[place])


def _find_lesson_url(edition: Edition, path: str, lesson_id: str) -> str:
    """In the course at ``path``; the course itself where the edition has no such lesson."""
    for module in get_course_map(edition.pk, edition.digest).outline["modules"]:
        for lesson in module["lessons"]:
            if lesson["id"] == lesson_id:
                return lesson_url(path, module, lesson)
    return path
