"""Renders the gallery of components, or with ``?page=`` a whole page of the site with invented content."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace as Row
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from cms.styleguide.blocks import make_block_views, make_quiz_block, make_quiz_cards
from cms.styleguide.content import COURSE, EDITION, catalogue_context, make_cards, make_outline
from cms.styleguide.people import (
    SampleUser,
    attempt_context,
    home_context,
    make_certificate,
    make_certificate_cards,
    make_completed,
    make_delta,
    make_enrolment,
    make_enrolments,
    result_context,
    waiting_context,
)

Rendering = tuple[str, dict[str, Any]]

ACCESS = {
    "enrol": ("enrolment_required", "Enrol to open the lessons of this course.", "Enrol on the course page."),
    "login": ("login_required", "Log in to study this course.", "Log in."),
    "open": ("ok", "", ""),
    "paid": ("purchase_required", "This course has to be bought first.", "Buy it, or ask your company for a seat."),
    "invitation": ("invitation_required", "This course is only open to people who were invited.", "Ask for one."),
    "staff": ("staff", "You can read this because you work on the site.", ""),
}


class SampleForm(forms.Form):
    name = forms.CharField(label="Full name", help_text="As it should be printed on certificates.")
    email = forms.EmailField(label="E-mail address")
    time_zone = forms.ChoiceField(
        label="Time zone", choices=[("utc", "UTC"), ("berlin", "Europe/Berlin")], required=False
    )
    message = forms.CharField(label="Message", widget=forms.Textarea, required=False)
    remember = forms.BooleanField(label="Remember me", required=False)


def show_styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    make_page = PAGES.get(request.GET.get("page", "components"))
    if make_page is None:
        raise Http404
    template, context = make_page()
    return render(request, template, context)


def show_components() -> Rendering:
    bound = SampleForm({"name": "", "email": "not an address", "time_zone": "utc"})
    bound.is_valid()
    return "styleguide/components.html", {
        "pages": sorted(PAGES),
        "cards": make_cards()[:3],
        "enrolments": [*make_enrolments(), *make_completed()],
        "certificates": make_certificate_cards(),
        "outline_rows": make_outline(),
        "form": SampleForm(initial={"name": "Lena Beispiel"}),
        "bound_form": bound,
        "quiz_cards": [
            Row(
                name=name,
                view=Row(
                    block=make_quiz_block() | {"id": f"quiz{number}", "title": f"Quiz {number + 1}"},
                    quiz=card,
                    is_required=True,
                ),
            )
            for number, (name, card) in enumerate(make_quiz_cards())
        ],
        "lesson": {"id": "lesson-2"},
        "course": COURSE,
        "user": SampleUser(),
        "palettes": [f"Palette {letter}" for letter in "ABCDEFGHIJKL"],
    }


def show_course(kind: str) -> Rendering:
    context: dict[str, Any] = {
        "course": COURSE,
        "slug": "sample",
        "edition": EDITION,
        "lesson_count": 7,
        "login_url": "/accounts/login/",
        "enrol_url": None,
        "enrolment": None,
        "continue_url": "/styleguide/?page=lesson",
        "certificate_url": None,
        "is_preview": kind == "preview",
        "user": SampleUser(),
    }
    if kind == "login":
        del context["user"]
    if kind in ("enrol", "open", "staff"):
        context["enrol_url"] = "#"
    if kind == "enrolled":
        context["enrolment"] = make_enrolment(0)
    if kind == "completed":
        context["enrolment"] = make_enrolment(0, state="completed", percent=100)
        context["certificate_url"] = "/styleguide/?page=verify"
        context["delta"], context["delta_url"] = make_delta(), "#"
    code, message, unlock = ACCESS.get(kind, ("ok", "", ""))
    context["access"] = Row(is_allowed=code in ("ok", "staff"), code=code, message=message, unlock=unlock)
    context["outline_rows"] = make_outline(is_enrolled=context["enrolment"] is not None)
    return "learning/course.html", context


def show_lesson(*, is_enrolled: bool = True, is_preview: bool = False, state: str = "in_progress") -> Rendering:
    rows = make_outline(is_enrolled=is_enrolled, current=2)
    lessons = [lesson for row in rows for lesson in row.lessons]
    return "learning/lesson.html", {
        "course": COURSE,
        "module": {"title": rows[1].title},
        "lesson": {
            "id": lessons[2].id,
            "title": lessons[2].title,
            "summary": "How ten seconds decide about twenty minutes.",
            "minutes": 14,
        },
        "blocks": make_block_views(is_enrolled=is_enrolled),
        "outline_rows": rows,
        "enrolment": make_enrolment(0) if is_enrolled else None,
        "lesson_state": state,
        "required_left": 3,
        "previous": lessons[1],
        "next": lessons[3] if state == "completed" else lessons[4],
        "complete_url": "#" if is_enrolled else None,
        "progress_url": "/styleguide/progress/" if is_enrolled else None,
        "is_preview": is_preview,
        "resume_block_id": None,
        "user": SampleUser(),
    }


def show_home(*, is_empty: bool = False) -> Rendering:
    nothing: dict[str, Any] = {
        "continue_card": None,
        "in_progress": [],
        "due_soon": [],
        "completed": [],
        "certificates": [],
    }
    return "learning/home.html", {"user": SampleUser()} | (nothing if is_empty else home_context())


def show_catalogue(*, is_empty: bool = False, is_home: bool = False) -> Rendering:
    context = catalogue_context() | {"page": Row(title="Courses", introduction="", heading="")}
    if is_empty:
        context |= {"cards": [], "total": 0, "pagination": {"pages": 1}}
    if is_home:
        introduction = (
            "<p>Short courses by people who do the work. Start today, stop when you like, continue anywhere.</p>"
        )
        context |= {"page": Row(heading="Learn it properly, once.", introduction=introduction), "active_filters": []}
    return "catalogue/catalogue.html", context


VERDICTS = ("revoked", "superseded", "expired", "altered", "not_ours", "unreadable", "unknown")


def show_verify(status: str) -> Rendering:
    """As a stranger sees it; valid ones as their owner does."""
    is_valid = status == "valid"
    return "certificates/verify.html", {
        "state": status,
        "certificate": make_certificate(status) if status in ("valid", "revoked", "superseded", "expired") else None,
        "reason": "It was changed after it was signed." if status == "altered" else "",
        "pdf_url": "/styleguide/?page=verify" if is_valid else "",
        "own": make_certificate_cards()[0] if is_valid else None,
        "not_found_number": "CW-0000-0000",
    }


def show_locked() -> Rendering:
    return "learning/locked.html", {
        "course": COURSE,
        "course_url": "/styleguide/?page=course",
        "module": {"title": "3. Closing well"},
        "lesson": {"title": "Final quiz", "minutes": 25},
        "access": Row(message="This lesson opens after “An opening worth hearing”.", unlock="", code="locked_in_order"),
        "unlock_lesson": Row(title="An opening worth hearing", url="/styleguide/?page=lesson"),
        "enrol_url": None,
        "user": SampleUser(),
    }


def show_error(code: int) -> Rendering:
    return f"errors/{code}.html", {}


PAGES: dict[str, Callable[[], Rendering]] = {
    "components": show_components,
    "landing": lambda: show_catalogue(is_home=True),
    "catalogue": show_catalogue,
    "catalogue-empty": lambda: show_catalogue(is_empty=True),
    "course": lambda: show_course("enrol"),
    **{f"course-{kind}": partial(show_course, kind) for kind in (*ACCESS, "enrolled", "completed", "preview")},
    "lesson": show_lesson,
    "lesson-completed": lambda: show_lesson(state="completed"),
    "lesson-guest": lambda: show_lesson(is_enrolled=False),
    "lesson-preview": lambda: show_lesson(is_enrolled=False, is_preview=True),
    "locked": show_locked,
    "attempt": lambda: ("learning/attempt.html", attempt_context()),
    "attempt-extended": lambda: ("learning/attempt.html", attempt_context(limit_minutes=23)),
    "result-waiting": lambda: ("learning/attempt_result.html", waiting_context()),
    "result": lambda: ("learning/attempt_result.html", result_context(is_passed=True)),
    "result-failed": lambda: ("learning/attempt_result.html", result_context(is_passed=False)),
    "result-course": lambda: ("learning/attempt_result.html", result_context(is_passed=True, is_course_completed=True)),
    "home": show_home,
    "home-empty": lambda: show_home(is_empty=True),
    "profile": lambda: ("learning/profile.html", {"form": SampleForm(), "user": SampleUser()}),
    "lookup": lambda: ("certificates/lookup.html", {}),
    "verify": lambda: show_verify("valid"),
    **{f"verify-{state}": partial(show_verify, state) for state in VERDICTS},
    "verify-stopped": lambda: ("certificates/too_many.html", {"minutes": 10}),
    "verify-waiting": lambda: ("certificates/not_drawn.html", {}),
    "gallery": lambda: ("certificates/gallery.html", {"certificates": make_certificate_cards(), "user": SampleUser()}),
    "gallery-empty": lambda: ("certificates/gallery.html", {"certificates": [], "user": SampleUser()}),
    **{f"error-{code}": partial(show_error, code) for code in (400, 403, 404, 500)},
}
