"""Enrolling, and the one Continue button that returns to the exact place."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.editions.queries import find_path, get_state, get_versions
from learners.enrolments.access import staff_or
from learners.enrolments.locks import walk_lessons
from learners.enrolments.queries import get_own_enrolment
from learners.enrolments.renewing import renew
from learners.enrolments.services import EnrolmentRefusedError, enrol
from learners.progress.delta_cycles import open_delta_cycle
from learners.progress.queries import get_course_map
from learners.progress.resuming import find_next_lesson, read_standings
from learners.progress.services import follow_current_edition
from learners.views.personal import personal
from learners.views.study import lesson_url


@require_POST
@personal
def enrol_learner(request: HttpRequest, slug: str, language: str = "") -> HttpResponse:
    state = get_state(slug, language)
    if state is None:
        raise Http404
    course_url = state.path
    try:
        enrolment, is_new = enrol(user=request.user, state=state)
    except EnrolmentRefusedError as refusal:
        if refusal.code == "not_found":
            raise Http404 from refusal
        if refusal.code == "login_required":
            return redirect(f"{reverse('account_login')}?next={course_url}")
        messages.error(request, refusal.message)
        # The page of an archived course is there for those who are on it alone.
        return redirect("/courses/" if refusal.code == "archived" else course_url)
    if is_new:
        messages.success(request, _("You are enrolled. Your progress is kept from here on."))
    return redirect("continue", enrolment_id=enrolment.pk)


@require_POST
@login_required
@personal
def renew_enrolment(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """The next cycle of a course whose certificate runs out; back to the course page when that is not possible."""
    enrolment = get_own_enrolment(request.user, enrolment_id)
    if enrolment is None:
        raise Http404
    try:
        renewed, is_new = renew(enrolment=enrolment, by=request.user)  # type: ignore[arg-type]
    except EnrolmentRefusedError as refusal:
        messages.error(request, refusal.message)
        return redirect(find_path(get_versions([enrolment.edition]), enrolment.edition))
    if is_new:
        messages.success(request, _("You have begun anew. What you completed before stays as it was."))
    return redirect("continue", enrolment_id=renewed.pk)


@require_POST
@login_required
@personal
def open_delta(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """A cycle for what has changed since; back to the course page when that is not possible."""
    enrolment = get_own_enrolment(request.user, enrolment_id)
    if enrolment is None:
        raise Http404
    try:
        opened, is_new = open_delta_cycle(enrolment=enrolment, by=request.user)  # type: ignore[arg-type]
    except EnrolmentRefusedError as refusal:
        messages.error(request, refusal.message)
        return redirect(find_path(get_versions([enrolment.edition]), enrolment.edition))
    if is_new:
        messages.success(request, _("Only what has changed is left to do. Everything else counts as before."))
    return redirect("continue", enrolment_id=opened.pk)


@require_safe
@login_required
@personal
def continue_course(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """To the lesson and block where the learner stopped, the player there knows the second; to the course page, which
    says what opens the next lesson, where none is open."""
    enrolment = get_own_enrolment(request.user, enrolment_id)
    if enrolment is None:
        raise Http404
    states = get_versions([enrolment.edition])
    state = states.get(enrolment.edition.version)
    if state is not None:
        enrolment = follow_current_edition(enrolment, state)
    path = find_path(states, enrolment.edition)
    course = get_course_map(enrolment.edition_id, enrolment.edition.digest)
    following = find_next_lesson(enrolment, course, read_standings([enrolment.pk])[enrolment.pk])
    if following is None:
        return redirect(path)
    lock, wanted = following.lock, following.lesson["id"]
    if lock is not None and not staff_or(request.user, lock).is_allowed:
        messages.info(request, f"{following.lesson['title']}: {lock.message}")
        return redirect(path)
    module = next(module for module, lesson in walk_lessons(course.outline) if lesson["id"] == wanted)
    is_last = str(enrolment.last_lesson_key) == wanted and enrolment.last_block_id is not None
    anchor = f"#block-{enrolment.last_block_id}" if is_last else ""
    return redirect(lesson_url(path, module, following.lesson) + anchor)
