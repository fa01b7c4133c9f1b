"""The course page: what it is about, its outline, and the way in."""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from courses.editions.queries import get_states
from learners.enrolments.locks import Access
from learners.enrolments.reasons import describe_open_dues
from learners.enrolments.renewing import read_renewals
from learners.progress.delta import Delta
from learners.progress.delta_cycles import find_offer
from learners.views.cards import EnrolmentCard
from learners.views.languages import make_changes_url, make_enrol_url, make_language_menu
from learners.views.personal import personal
from learners.views.study import Study, deliver_course, find_study, lesson_url, make_enrolment_card, make_outline_rows

OPEN_TO_ENROL = ("ok", "enrolment_required", "staff")


@require_safe
@personal
def show_course(request: HttpRequest, course_slug: str, language: str = "") -> HttpResponse:
    study = find_study(request, course_slug, language)
    if study.studied_at:
        return redirect(study.studied_at)
    rows = make_outline_rows(study)
    return render(
        request,
        "learning/course.html",
        {
            "course": deliver_course(study.outline["course"], study.state.path),
            "outline_rows": rows,
            "edition": study.outline["edition"],
            "changes_url": make_changes_url(study.state),
            "enrolment": explained_card(study),
            "delta": _find_delta(study),
            "delta_url": reverse("delta", args=[study.enrolment.pk]) if study.enrolment else None,
            "access": study.access,
            "enrol_url": _enrol_url(study),
            "required_course_url": required_course_url(study.access, study.state.language),
            "login_url": login_url(request),
            "continue_url": reverse("continue", args=[study.enrolment.pk]) if study.enrolment else None,
            "certificate_url": None,
            "languages": make_language_menu(study),
            "lesson_count": sum(len(row.lessons) for row in rows),
            "is_preview": False,
        },
    )


@require_safe
@personal
def show_module(request: HttpRequest, course_slug: str, module_slug: str, language: str = "") -> HttpResponse:
    """A module has no page of its own: its address leads to its first lesson, or to its place on the course page."""
    study = find_study(request, course_slug, language)
    for module in study.outline["modules"]:
        if module["slug"] == module_slug:
            if study.access.is_allowed and module["lessons"]:
                return redirect(lesson_url(study.state.path, module, module["lessons"][0]))
            return redirect(f"{study.url}#module-{module['id']}")
    raise Http404


def enrolment_card(study: Study) -> EnrolmentCard | None:
    """Without the reasons of its deadline: what a lesson page shows of it. No query."""
    if study.enrolment is None:
        return None
    return make_enrolment_card(study.enrolment, study.course, study.standing, study.state.path, study.request.user)


def explained_card(study: Study) -> EnrolmentCard | None:
    """With the reasons of its deadline, and when it can be renewed. Four queries."""
    card, enrolment = enrolment_card(study), study.enrolment
    if card is None or enrolment is None:
        return None
    due = describe_open_dues([enrolment], learner=study.request.user).get(enrolment.pk)  # type: ignore[arg-type]
    renewal = read_renewals([enrolment], {study.state.version: study.state}).get(enrolment.pk)
    renew_url = reverse("renew", args=[enrolment.pk]) if renewal and renewal.is_open else ""
    return replace(card, due=due, renewal=renewal, renew_url=renew_url)


def required_course_url(access: Access, language: str = "") -> str | None:
    """Where the course to complete first is, as long as it is offered, in ``language`` if it is offered in that. One
    query where there is one."""
    if not access.unlock_course_id:
        return None
    state = get_states([UUID(access.unlock_course_id)], language).get(UUID(access.unlock_course_id))
    return state.path if state is not None and state.is_offered else None


def login_url(request: HttpRequest) -> str | None:
    """Where a visitor logs in to come back to this very page."""
    if request.user.is_authenticated:
        return None
    return f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"


def _find_delta(study: Study) -> Delta | None:
    """What is new for somebody who has completed the course on an earlier edition, if they are offered to study it."""
    enrolment, state = study.enrolment, study.state
    is_older = enrolment is not None and enrolment.completed_at is not None and enrolment.edition_id != state.edition_id
    return find_offer(enrolment) if is_older and enrolment is not None and study.access.is_allowed else None


def _enrol_url(study: Study) -> str | None:
    can_enrol = (
        study.request.user.is_authenticated
        and study.enrolment is None
        and study.state.is_offered
        and study.access.code in OPEN_TO_ENROL
    )
    return make_enrol_url(study.state) if can_enrol else None
