"""Releasing a course in the admin: what would change and for whom, the decision, how far it is, what was released."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from cms.dashboards.screens import Screen
from courses.editions.drafts import PendingPage, list_pending_pages
from courses.editions.gates import CompileError
from courses.editions.models import CourseState, ReleasePlan
from courses.editions.releasing import Candidate, compare_editions
from courses.editions.services import ReleaseRefusedError
from courses.enums import ReleasePolicy
from courses.models import CoursePage
from courses.releases.access import can_release, can_see_impact
from courses.releases.describing import class_choices, describe_changes
from courses.releases.queries import get_last_plan, get_release, list_releases
from courses.releases.services import MAX_NOTE, cancel_plan, plan_release, read_candidate
from learners.reporting.impact import predict_impact
from learners.reporting.previews import list_affected

# So many people are named on the page; the rest is a number, and the whole list is in the API.
SHOWN = 20


class ReleaseForm(forms.Form):
    """How to release; which drafts to take along and who moves was chosen before looking."""

    policy = forms.ChoiceField(required=False, choices=ReleasePolicy.choices, widget=forms.HiddenInput)
    change_class = forms.ChoiceField(
        label=_("How much changes"), help_text=_("You may call it more than the comparison says, never less.")
    )
    note = forms.CharField(
        label=_("Note for learners"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands above the list of changes that learners see."),
    )
    release_at = forms.DateTimeField(
        label=_("Not before"), required=False, widget=AdminDateTimeInput, help_text=_("Empty: now.")
    )
    expected_digest = forms.CharField(required=False, widget=forms.HiddenInput)


class CourseScreen(Screen):
    """A screen about one course; seen by whoever may edit the course page."""

    header_icon = "upload"

    @cached_property
    def course(self) -> CoursePage:
        return get_object_or_404(CoursePage.objects.select_related("locale"), pk=self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_see_impact(request.user, self.course):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD") and not can_release(request.user, self.course):
            raise PermissionDenied
        return super(Screen, self).dispatch(request, *args, **kwargs)

    @cached_property
    def language(self) -> str:
        return str(self.course.locale.language_code)

    def get_trail(self) -> list[tuple[str, Any]]:
        return [(reverse("wagtailadmin_pages:edit", args=[self.course.pk]), self.course.get_admin_display_title())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"course": self.course, "can_release": can_release(self.request.user, self.course)}
        return super().get_context_data(**kwargs) | facts


class ReleaseView(CourseScreen):
    """Choose, look, decide. Everything but the decision is in the address, so that a look can be passed on."""

    page_title = _("Release")
    template_name = "admin/releases/release.html"

    @cached_property
    def pending(self) -> list[PendingPage]:
        return list_pending_pages(self.course)

    @property
    def query(self) -> QueryDict:
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @property
    def policy(self) -> str:
        asked = self.query.get("policy", "")
        return asked if asked in ReleasePolicy.values else str(self.course.release_policy)

    @cached_property
    def chosen(self) -> list[int]:
        """The drafts asked for; when nobody has asked yet, those that are usually meant."""
        if "policy" not in self.query:
            return [page.pk for page in self.pending if not page.is_withdrawn and not page.is_scheduled]
        asked = set(self.query.getlist("page"))
        return [page.pk for page in self.pending if str(page.pk) in asked]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        plan = get_last_plan(self.course)
        context |= {
            "open_plan": plan if plan is not None and plan.is_open else None,
            "pending": [(page, page.pk in self.chosen) for page in self.pending],
            "policy": self.policy,
            "policies": ReleasePolicy.choices,
        }
        try:
            candidate = read_candidate(self.course, self.chosen)
        except CompileError as error:
            return context | {"refusal": str(error)}
        return context | self._describe(candidate) | ({"form": kwargs["form"]} if "form" in kwargs else {})

    def _describe(self, candidate: Candidate) -> dict[str, Any]:
        lowest = candidate.diff.change_class
        initial = {
            "policy": self.policy,
            "change_class": lowest,
            "note": self.query.get("note", ""),
            "expected_digest": candidate.digest,
        }
        form = ReleaseForm(initial=initial)
        form.fields["change_class"].choices = class_choices(lowest)  # type: ignore[attr-defined]
        if candidate.previous is None:
            del form.fields["change_class"]
        return {
            **self._predict(candidate),
            "form": form,
            "candidate": candidate,
            "is_first": candidate.previous is None,
            "changes": describe_changes(candidate.diff),
        }

    def _predict(self, candidate: Candidate) -> dict[str, Any]:
        """What it would do, and the first of those whom it concerns most."""
        state = CourseState.objects.filter(course=self.course).select_related("edition").first()
        if state is None or candidate.previous is None or not candidate.is_news:
            return {}
        impact = predict_impact(state=state, candidate=candidate, policy=self.policy)
        return {
            "impact": impact,
            "completing": list_affected(impact.completing[:SHOWN], viewer=self.person),
            "gaining": list_affected(impact.gaining[:SHOWN], viewer=self.person),
            "more_completing": max(0, len(impact.completing) - SHOWN),
            "more_gaining": max(0, len(impact.gaining) - SHOWN),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReleaseForm(request.POST)
        form.fields["change_class"].choices = class_choices("cosmetic")  # type: ignore[attr-defined]
        form.fields["change_class"].required = False
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            plan_release(course=self.course, user=self.person, page_ids=self.chosen, **form.cleaned_data)
        except ReleaseRefusedError as refused:
            return self.render_to_response(self.get_context_data(refusal=refused.message), status=422)
        later = form.cleaned_data["release_at"]
        messages.success(request, _("The release is planned.") if later else _("The course is being released."))
        return redirect("course-releases", self.course.pk)


class ImpactView(ReleaseView):
    """The numbers alone, for the panel beside the form of the course."""

    http_method_names = ["get"]
    template_name = "admin/releases/panel_impact.html"


class ReleasesView(CourseScreen):
    """What was released, and what is under way."""

    page_title = _("Releases")
    template_name = "admin/releases/releases.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.paginate(list_releases(self.course.translation_key, self.language))
        return super().get_context_data(**kwargs) | {
            "plan": get_last_plan(self.course),
            "page": page,
            "state": CourseState.objects.filter(course=self.course).first(),
        }


class ReleaseDetailView(CourseScreen):
    """One release: what it changed."""

    template_name = "admin/releases/detail.html"

    def get_trail(self) -> list[tuple[str, Any]]:
        return [*super().get_trail(), (reverse("course-releases", args=[self.course.pk]), _("Releases"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        release = get_release(self.course.translation_key, self.language, self.kwargs["number"])
        if release is None:
            raise Http404
        self.page_title = _("Edition %(number)d") % {"number": release.edition.number}
        changes = describe_changes(compare_editions(release.previous, release.edition)) if release.previous else None
        return super().get_context_data(**kwargs) | {"release": release, "changes": changes}


class PlanProgressView(CourseScreen):
    """How far a release is, for the page that waits for it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plan = get_last_plan(self.course)
        if plan is None:
            raise Http404
        return JsonResponse({"state": plan.state, "done": plan.pages_done, "total": plan.pages_total})


class CancelPlanView(CourseScreen):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plan = get_object_or_404(ReleasePlan, course=self.course, pk=self.kwargs["plan"])
        try:
            cancel_plan(plan=plan, user=self.person)
        except ReleaseRefusedError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("The planned release is cancelled. Its drafts stay drafts."))
        return redirect("course-releases", self.course.pk)


def release_urls() -> list[URLPattern]:
    return [
        path("courses/<int:pk>/release/", ReleaseView.as_view(), name="course-release"),
        path("courses/<int:pk>/release/impact/", ImpactView.as_view(), name="course-impact"),
        path("courses/<int:pk>/releases/", ReleasesView.as_view(), name="course-releases"),
        path("courses/<int:pk>/releases/progress/", PlanProgressView.as_view(), name="course-release-progress"),
        path("courses/<int:pk>/releases/<int:number>/", ReleaseDetailView.as_view(), name="course-release-detail"),
        path("courses/<int:pk>/releases/cancel/<int:plan>/", CancelPlanView.as_view(), name="course-release-cancel"),
    ]
