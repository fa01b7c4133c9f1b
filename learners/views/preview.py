"""The draft behind a preview link, on the site's pages. Whoever is signed in is nobody here: nothing is recorded."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.drafts import DraftError, compile_draft_outline, get_draft, get_draft_lesson
from courses.editions.documents import CourseFacts, Outline
from courses.models import CoursePage, LessonPage
from courses.preview import (
    PreviewLessonRow,
    PreviewModuleRow,
    compile_with_quizzes,
    make_course_context,
    make_lesson_context,
    preview_lesson,
)
from courses.preview_links import PreviewRefusedError, open_link
from courses.preview_tokens import find_token
from learners.progress.events import read_uuid
from learners.views.guessing import count_miss, is_guessing
from learners.views.study import deliver_course

SUBJECT = "previews"
STATUS = {"preview_forged": 403, "preview_revoked": 404, "preview_expired": 410, "too_many": 429}


def explain_refusal(code: str) -> str:
    return {
        "preview_expired": _("This preview link has expired. Ask whoever sent it for a new one."),
        "preview_revoked": _("This preview link was taken back. Ask whoever sent it for a new one."),
        "preview_forged": _("This is no preview link of this site. Check that it was copied whole."),
        "too_many": _("Too many wrong links were tried from here. Try again in ten minutes."),
    }[code]


@require_safe
def show_preview(request: HttpRequest) -> HttpResponse:
    """``?token=``, and ``lesson=`` for one lesson of a course. Fields of the address are all it listens to."""
    if is_guessing(request, SUBJECT):
        return _refuse(request, "too_many")
    token = find_token(request)
    try:
        link = open_link(token)
    except PreviewRefusedError as refusal:
        count_miss(request, SUBJECT)
        return _refuse(request, refusal.code)
    draft = get_draft(link)
    try:
        response = _show(request, draft, token)
    except DraftError as error:
        response = render(request, "learning/preview_refused.html", {"message": str(error)}, status=409)
    return _keep_private(response)


def _show(request: HttpRequest, draft: CoursePage | LessonPage, token: str) -> HttpResponse:
    if isinstance(draft, LessonPage):
        return preview_lesson(request, draft)
    outline = compile_draft_outline(draft)
    wanted = request.GET.get("lesson", "")
    if not wanted:
        rows = _make_rows(outline, token, "")
        return render(request, "learning/course.html", make_course_context(_deliver(outline, token), rows))
    lesson_id = read_uuid(wanted)
    if lesson_id is None:
        raise Http404(_("There is no such lesson in this preview."))
    document, quizzes = compile_with_quizzes(get_draft_lesson(draft, lesson_id))
    rows = _make_rows(outline, token, lesson_id)
    context = make_lesson_context(document, quizzes, _deliver(outline, token), rows)
    return render(request, "learning/lesson.html", context)


def _make_rows(outline: Outline, token: str, current: str) -> list[PreviewModuleRow]:
    return [
        PreviewModuleRow(
            module["id"],
            module["title"],
            module["summary"],
            [
                PreviewLessonRow(
                    id=lesson["id"],
                    title=lesson["title"],
                    minutes=lesson["minutes"],
                    kinds=lesson["kinds"],
                    is_current=lesson["id"] == current,
                    url=_url(token, lesson=lesson["id"]),
                )
                for lesson in module["lessons"]
            ],
        )
        for module in outline["modules"]
    ]


def _deliver(outline: Outline, token: str) -> CourseFacts:
    return deliver_course(outline["course"], _url(token))


def _url(token: str, **more: str) -> str:
    return f"/preview/?{urlencode({'token': token} | more)}"


def _refuse(request: HttpRequest, code: str) -> HttpResponse:
    context: dict[str, Any] = {"message": explain_refusal(code)}
    return _keep_private(render(request, "learning/preview_refused.html", context, status=STATUS[code]))


def _keep_private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    # The address is the secret: links to other sites must not carry it along.
    response["Referrer-Policy"] = "no-referrer"
    return response
