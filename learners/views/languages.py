"""The languages of a course on its pages: where each is, and the switch of whoever is in the middle of it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.editions.models import CourseState
from courses.editions.queries import find_lesson_by_id, find_path, get_versions, list_versions
from courses.languages import label_language, make_prefix
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState
from learners.progress.events import read_uuid
from learners.progress.languages import switch_language
from learners.progress.queries import get_course_map
from learners.progress.services import ProgressRefusedError
from learners.views.personal import personal
from learners.views.study import Study, lesson_url


@dataclass(frozen=True)
class LanguageOption:
    """``code`` is that of the version, ``language`` what it is taught in. With ``switch_url`` choosing it is a form."""

    code: str
    language: str
    label: str
    title: str
    url: str
    is_current: bool
    switch_url: str = ""
    lesson_id: str = ""


def make_language_menu(study: Study, lesson_id: str = "") -> list[LanguageOption]:
    """The published versions, of the lesson where one is named; empty where there is nothing to choose.

    One query, and one a language once a process; none on a site with one language.
    """
    versions = list_versions(study.state.course_key)
    if len(versions) < 2:
        return []
    is_studying = study.enrolment is not None and study.enrolment.state != ProgressState.COMPLETED
    switch_url = reverse("switch-language", args=[study.enrolment.pk]) if study.enrolment and is_studying else ""
    return [
        LanguageOption(
            code=state.language,
            language=state.content_language,
            label=label_language(state.content_language),
            title=state.title,
            url=_address(state, lesson_id),
            is_current=state.language == study.state.language,
            switch_url=switch_url,
            lesson_id=lesson_id,
        )
        for state in versions
    ]


def _address(state: CourseState, lesson_id: str) -> str:
    """Of the lesson in that version, or of the version where it has no such lesson."""
    if not lesson_id or state.edition is None:
        return state.path
    found = find_lesson_by_id(get_course_map(state.edition.pk, state.edition.digest).outline, lesson_id)
    return lesson_url(state.path, *found) if found else state.path


def lesson_in_own_language(study: Study, lesson_id: str) -> str:
    assert study.enrolment is not None  # noqa: S101 -- who has no enrolment studies in no language
    return _find_lesson(study.enrolment, study.studied_at, lesson_id)


def _find_lesson(enrolment: Enrolment, path: str, lesson_id: str) -> str:
    found = find_lesson_by_id(get_course_map(enrolment.edition_id, enrolment.edition.digest).outline, lesson_id)
    return lesson_url(path, *found) if found else path


def make_enrol_url(state: CourseState) -> str:
    if make_prefix(state.language):
        return reverse("enrol", args=[state.language, state.slug])
    return reverse("enrol", args=[state.slug])


def make_changes_url(state: CourseState) -> str:
    """Where its releases are told of."""
    if make_prefix(state.language):
        return reverse("course-changes", args=[state.language, state.slug])
    return reverse("course-changes", args=[state.slug])


@require_POST
@login_required
@personal
def change_language(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Fields language, and lesson to come back to the same lesson."""
    try:
        enrolment = switch_language(
            user=request.user,  # type: ignore[arg-type]
            enrolment_id=enrolment_id,
            language=request.POST.get("language", ""),
        )
    except ProgressRefusedError as refusal:
        if refusal.code == "not_found":
            raise Http404 from refusal
        messages.error(request, refusal.message)
        return redirect("continue", enrolment_id=enrolment_id)
    text = _("You study this course in %(language)s from here on. Everything you have done still counts.")
    messages.success(request, text % {"language": label_language(enrolment.edition.language)})
    path = find_path(get_versions([enrolment.edition]), enrolment.edition)
    lesson_id = read_uuid(request.POST.get("lesson", ""))
    return redirect(_find_lesson(enrolment, path, lesson_id) if lesson_id else path)
