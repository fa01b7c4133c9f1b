"""Grading again in the admin: choose quiz and key, see who flips which way, give the reason, follow the work."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from cms.dashboards.screens import Screen
from courses.editions.models import CourseState, Edition
from courses.models import CoursePage
from learners.exams.access import can_regrade
from learners.exams.models import Regrade
from learners.exams.regrading import MAX_REASON, RegradeRefusedError, preview_regrade, start_regrade
from learners.exams.regrading_queries import (
    CourseQuiz,
    describe_regrades,
    get_learner_names,
    list_course_states,
    list_key_editions,
    list_quizzes,
    list_regrades,
    list_results,
)

LOG_ACTION = "coursewright.regrade"
FAVOUR, BOTH = "favour", "both"
POLICIES = (
    (FAVOUR, _("Only in the learner's favour: nobody loses points")),
    (BOTH, _("Both ways: scores may also fall")),
)


class RegradeScreen(Screen):
    is_open_to = staticmethod(can_regrade)
    header_icon = "rotate"


class RegradesView(RegradeScreen):
    page_title = _("Regrades")
    template_name = "admin/exams/regrades.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.paginate(list_regrades())
        return super().get_context_data(**kwargs) | {"page": page, "rows": describe_regrades(list(page.object_list))}


class RegradeView(RegradeScreen):
    """One regrade: progress, and whose result it changed."""

    template_name = "admin/exams/regrade.html"

    def get_trail(self) -> list[tuple[str, Any]]:
        return [(reverse("regrades"), _("Regrades"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        regrade = list_regrades().filter(pk=self.kwargs["pk"]).first()
        if regrade is None:
            raise Http404
        [(regrade, title)] = describe_regrades([regrade])
        self.page_title = title or _("Regrade")
        page = self.paginate(list_results(regrade))
        facts = {"regrade": regrade, "page": page, "rows": page.object_list}
        return super().get_context_data(**kwargs) | facts


class ChoiceForm(forms.Form):
    """Course, then quiz and key: each select holds what the one before it leaves."""

    course = forms.ChoiceField(label=_("Course"))
    quiz = forms.ChoiceField(label=_("Quiz"), required=False)
    edition = forms.ChoiceField(
        label=_("Corrected key"),
        required=False,
        help_text=_("Attempts on older editions are graded with the key of this one."),
    )
    policy = forms.ChoiceField(label=_("Results"), choices=POLICIES, required=False, initial=FAVOUR)


class NewRegradeView(RegradeScreen):
    """Everything but the decision is in the address, so that a trial can be passed on."""

    page_title = _("Grade again")
    template_name = "admin/exams/regrade_new.html"

    def get_trail(self) -> list[tuple[str, Any]]:
        return [(reverse("regrades"), _("Regrades"))]

    @cached_property
    def states(self) -> dict[str, CourseState]:
        return {str(state.pk): state for state in list_course_states()}

    @cached_property
    def state(self) -> CourseState | None:
        found = self.states.get(self.request.GET.get("course", ""))
        return CourseState.objects.select_related("edition").get(pk=found.pk) if found else None

    @cached_property
    def quizzes(self) -> dict[str, CourseQuiz]:
        return {quiz.key: quiz for quiz in list_quizzes(self.state)} if self.state else {}

    @cached_property
    def quiz(self) -> CourseQuiz | None:
        return self.quizzes.get(self.request.GET.get("quiz", ""))

    @cached_property
    def editions(self) -> dict[str, Edition]:
        return {str(each.number): each for each in list_key_editions(self.state)} if self.state else {}

    @cached_property
    def edition(self) -> Edition | None:
        """The one asked for, else the newest."""
        asked = self.request.GET.get("edition", "")
        return self.editions.get(asked) or next(iter(self.editions.values()), None)

    @property
    def is_in_favour_only(self) -> bool:
        return self.request.GET.get("policy") != BOTH

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | {"form": self._make_form(), "state": self.state}
        context |= {"quiz": self.quiz, "edition": self.edition, "is_in_favour_only": self.is_in_favour_only}
        context |= {"max_reason": MAX_REASON, "trial_query": self._trial_query()}
        return context | self._preview() if self.quiz and self.edition else context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.quiz is None or self.edition is None:
            raise Http404
        reason = request.POST.get("reason", "")
        try:
            regrade = start_regrade(
                key_edition=self.edition,
                lesson_key=self.quiz.lesson_key,
                block_id=self.quiz.block_id,
                reason=reason,
                author=self.person,
                is_in_favour_only=self.is_in_favour_only,
            )
        except RegradeRefusedError as refusal:
            context = self.get_context_data(refusal=refusal.message, reason=reason)
            return self.render_to_response(context, status=422)
        self._log(regrade)
        messages.success(request, _("The attempts are being graded again."))
        return redirect("regrade", regrade.pk)

    def _make_form(self) -> ChoiceForm:
        form = ChoiceForm(
            initial={
                "course": self.request.GET.get("course"),
                "quiz": self.request.GET.get("quiz"),
                "edition": str(self.edition.number) if self.edition else "",
                "policy": FAVOUR if self.is_in_favour_only else BOTH,
            }
        )
        courses = [(key, f"{state.title} ({state.language})") for key, state in self.states.items()]
        quizzes = [(key, f"{quiz.title} · {quiz.lesson_title}") for key, quiz in self.quizzes.items()]
        dates = [(number, _edition_label(edition)) for number, edition in self.editions.items()]
        for name, choices in (("course", courses), ("quiz", quizzes), ("edition", dates)):
            if name != "edition":
                choices = [("", "—"), *choices]
            form.fields[name].choices = choices  # type: ignore[attr-defined]
        if self.state is None:
            for name in ("quiz", "edition", "policy"):
                del form.fields[name]
        return form

    def _preview(self) -> dict[str, Any]:
        assert self.quiz is not None and self.edition is not None  # noqa: S101 -- the caller has looked
        unit = {"lesson_key": self.quiz.lesson_key, "block_id": self.quiz.block_id}
        try:
            preview = preview_regrade(key_edition=self.edition, **unit, is_in_favour_only=self.is_in_favour_only)
        except RegradeRefusedError as refusal:
            return {"refusal": refusal.message}
        page = self.paginate(preview.changes)
        changes = list(page.object_list)
        names = get_learner_names(changes)
        return {
            "preview": preview,
            "passes": preview.count("passes"),
            "fails": preview.count("fails"),
            "page": page,
            "rows": [(names.get(change.enrolment_id, ""), change) for change in changes],
            "kept_prompts": list(preview.kept_questions.values()),
        }

    def _trial_query(self) -> str:
        asked = self.request.GET.copy()
        asked.pop("p", None)
        return asked.urlencode()

    def _log(self, regrade: Regrade) -> None:
        """In the history of the course page, where there still is one."""
        course = CoursePage.objects.filter(pk=self.state.course_id).first() if self.state else None
        if course is not None:
            data = {"regrade": regrade.pk, "reason": regrade.reason}
            log(instance=course, action=LOG_ACTION, user=self.person, data=data)


def _edition_label(edition: Edition) -> str:
    return f"{edition.number} · {edition.created_at:%Y-%m-%d}"


def regrading_urls() -> list[URLPattern]:
    return [
        path("regrades/", RegradesView.as_view(), name="regrades"),
        path("regrades/new/", NewRegradeView.as_view(), name="regrade-new"),
        path("regrades/<int:pk>/", RegradeView.as_view(), name="regrade"),
    ]
