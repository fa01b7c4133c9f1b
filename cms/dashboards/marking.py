"""Marking essays in the admin: the queue, one answer at a time, and what has been marked."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cms.dashboards.screens import Screen
from learners.accounts.models import User
from learners.exams.access import can_mark
from learners.exams.marking import MAX_COMMENT, MAX_REASON, MarkingRefusedError, mark_essay
from learners.exams.marking_queries import (
    MANY,
    EssayToMark,
    count_waiting,
    describe_marks,
    describe_waiting,
    find_next_waiting,
    get_essay,
    list_marks,
    list_waiting,
    list_waiting_quizzes,
)
from learners.progress.events import read_uuid

BADGE_SECONDS = 60


def waiting_badge(user: User) -> str:
    """ "3", or "99+"; nothing for nothing. Asked by every page of the admin, so remembered for a minute."""
    key = _badge_key(user)
    count = cache.get(key)
    if count is None:
        count = count_waiting(user)
        cache.set(key, count, BADGE_SECONDS)
    return f"{MANY - 1}+" if count >= MANY else str(count or "")


def _badge_key(user: User) -> str:
    return f"marking:waiting:{user.pk}"


class QueueFilters:
    """``course`` and ``quiz`` of the address, as far as they are ids."""

    def __init__(self, request: HttpRequest) -> None:
        self.course_key = _read_key(request.GET.get("course"))
        self.block_id = _read_key(request.GET.get("quiz"))

    @property
    def query(self) -> str:
        pairs = {"course": self.course_key, "quiz": self.block_id}
        return urlencode({name: str(value) for name, value in pairs.items() if value})

    @property
    def arguments(self) -> dict[str, UUID | None]:
        return {"course_key": self.course_key, "block_id": self.block_id}


class MarkingScreen(Screen):
    is_open_to = staticmethod(can_mark)
    header_icon = "edit"

    @cached_property
    def filters(self) -> QueueFilters:
        return QueueFilters(self.request)


class QueueView(MarkingScreen):
    page_title = _("Marking")
    template_name = "admin/exams/marking_queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.paginate(list_waiting(self.person, **self.filters.arguments))
        quizzes = list_waiting_quizzes(self.person)
        return super().get_context_data(**kwargs) | {
            "page": page,
            "rows": describe_waiting(list(page.object_list)),
            "quizzes": quizzes,
            "courses": list({quiz.course_key: quiz.course_title for quiz in quizzes}.items()),
            "filters": self.filters,
        }


class MarkedView(MarkingScreen):
    page_title = _("Marked")
    template_name = "admin/exams/marked.html"

    def get_trail(self) -> list[tuple[str, Any]]:
        return [(reverse("marking"), _("Marking"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.paginate(list_marks())
        return super().get_context_data(**kwargs) | {"page": page, "rows": describe_marks(list(page.object_list))}


class MarkForm(forms.Form):
    """Points for each criterion of the rubric, or for the whole; a reason where a mark is changed. What is within
    bounds says the service."""

    def __init__(self, *args: Any, essay: EssayToMark, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.essay = essay
        held = essay.mark
        for place, item in enumerate(essay.question.rubric):
            initial = held.criteria.get(item.id) if held else None
            self.fields[f"criterion-{place}"] = _points_field(item.title, item.points, initial, item.description)
        if not essay.question.rubric:
            self.fields["points"] = _points_field(_("Points"), essay.question.points, held.points if held else None)
        self.fields["comment"] = forms.CharField(
            label=_("Comment to the learner"),
            required=False,
            max_length=MAX_COMMENT,
            initial=held.comment if held else "",
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("Shown with the result. Say what was good and what was missing."),
        )
        if held:
            self.fields["reason"] = forms.CharField(
                label=_("Why the mark is changed"),
                max_length=MAX_REASON,
                required=False,
                help_text=_("Stays on record with your name."),
            )

    @property
    def criteria(self) -> dict[str, Any]:
        return {
            item.id: self.cleaned_data.get(f"criterion-{place}")
            for place, item in enumerate(self.essay.question.rubric)
        }

    def add_refusal(self, refusal: MarkingRefusedError) -> None:
        """At the field it is about, where there is one."""
        ids = [item.id for item in self.essay.question.rubric]
        field = {"bad_comment": "comment", "reason_missing": "reason", "bad_reason": "reason"}.get(refusal.code)
        if refusal.code == "bad_points":
            field = f"criterion-{ids.index(refusal.field)}" if refusal.field in ids else "points"
        self.add_error(field if field in self.fields else None, refusal.message)


class EssayView(MarkingScreen):
    template_name = "admin/exams/mark.html"

    @cached_property
    def essay(self) -> EssayToMark:
        essay = get_essay(self.kwargs["attempt_id"], self.request.GET.get("question", ""))
        if essay is None:
            raise Http404
        return essay

    def get_trail(self) -> list[tuple[str, Any]]:
        return [(_with_query(reverse("marking"), self.filters), _("Marking"))]

    def get_page_title(self) -> str:
        return str(self.essay.attempt.enrolment.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_own = self.essay.attempt.enrolment.user_id == self.person.pk
        form = kwargs.pop("form", None) or MarkForm(essay=self.essay)
        next_url = self._find_next_url()
        return super().get_context_data(**kwargs) | {
            "essay": self.essay,
            "form": form,
            "is_own": is_own,
            "skip_url": next_url,
            "replaces": self.essay.mark.marked_at.isoformat() if self.essay.mark else "",
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MarkForm(request.POST, essay=self.essay)
        if not form.is_valid() or not self._mark(form):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        cache.delete(_badge_key(self.person))
        messages.success(request, _("Marked: %(person)s.") % {"person": self.essay.attempt.enrolment.user})
        if "next" in request.POST:
            return redirect(self._find_next_url())
        return redirect(_with_query(reverse("marking"), self.filters))

    def _mark(self, form: MarkForm) -> bool:
        try:
            mark_essay(
                attempt_id=self.essay.attempt.pk,
                question_id=self.essay.question.id,
                marker=self.person,
                points=form.cleaned_data.get("points"),
                criteria=form.criteria,
                comment=form.cleaned_data["comment"],
                reason=form.cleaned_data.get("reason", ""),
                replaces=_read_moment(self.request.POST.get("replaces")),
            )
        except MarkingRefusedError as refusal:
            form.add_refusal(refusal)
            return False
        return True

    def _find_next_url(self) -> str:
        """The next essay of this exam that waits, else the next exam in the queue, else the queue."""
        attempt = self.essay.attempt
        rest = get_essay(attempt.pk)
        if rest is not None and rest.mark is None and rest.question.id != self.essay.question.id:
            question = urlencode({"question": rest.question.id})
            return _with_query(f"{reverse('marking-essay', args=[attempt.pk])}?{question}", self.filters)
        after = (attempt.submitted_at, attempt.pk) if attempt.submitted_at else None
        following = find_next_waiting(self.person, after=after, **self.filters.arguments)
        name, arguments = ("marking", []) if following is None else ("marking-essay", [following])
        return _with_query(reverse(name, args=arguments), self.filters)


def _points_field(label: Any, most: int, initial: Any, description: str = "") -> forms.DecimalField:
    of = _("0 to %(most)s points.") % {"most": most}
    return forms.DecimalField(
        label=label,
        required=False,
        initial=None if initial is None else f"{Decimal(initial).normalize():f}",
        help_text=f"{description} {of}".strip(),
        widget=forms.NumberInput(attrs={"min": 0, "max": most, "step": "0.25", "class": "cw-points"}),
    )


def _with_query(url: str, filters: QueueFilters) -> str:
    if not filters.query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{filters.query}"


def _read_key(text: str | None) -> UUID | None:
    key = read_uuid(text) if text else None
    return UUID(key) if key else None


def _read_moment(text: str | None) -> datetime | None:
    try:
        return parse_datetime(text) if text else None
    except ValueError:
        return None


def marking_urls() -> list[URLPattern]:
    return [
        path("marking/", QueueView.as_view(), name="marking"),
        path("marking/done/", MarkedView.as_view(), name="marking-done"),
        path("marking/<uuid:attempt_id>/", EssayView.as_view(), name="marking-essay"),
    ]
