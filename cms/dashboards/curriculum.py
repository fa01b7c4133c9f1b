"""The curriculum of a course on one page: order, titles, rules of blocks and new lessons, with and without scripts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.dashboards.screens import Screen
from courses.blocks.lesson import LessonBody
from courses.curriculum.access import CurriculumError, CurriculumRights, find_rights
from courses.curriculum.block_rules import BlockRules, apply_block_rules
from courses.curriculum.queries import read_curriculum
from courses.curriculum.services import add_lesson, add_module, move_lessons, place_page, rename_page, step_page
from courses.curriculum.templates import add_lesson_from_template, list_templates
from courses.models import CoursePage, LessonPage

Outcome = tuple[str, list[str]]  # what was done, and warnings


class Numbers(forms.Form):
    """Whatever the page sends as numbers; nonsense counts as nothing."""

    page = forms.IntegerField(required=False, min_value=1)
    parent = forms.IntegerField(required=False, min_value=1)
    module = forms.IntegerField(required=False, min_value=1)
    template = forms.IntegerField(required=False, min_value=1)
    index = forms.IntegerField(required=False, min_value=0)
    time_limit = forms.IntegerField(required=False, min_value=0)
    lesson = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        ticked = [value for value in data.getlist("lesson") if value.isascii() and value.isdigit() and len(value) < 10]
        self.fields["lesson"].choices = [(value, value) for value in ticked]  # type: ignore[attr-defined]


class CurriculumView(Screen):
    """One address for everything: GET shows the tree, POST does what ``do`` says and shows the tree as it is then.

    The script asks for the tree alone, with ``X-Requested-With: curriculum``.
    """

    template_name = "admin/curriculum/page.html"
    header_icon = "list-ol"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        course = CoursePage.objects.filter(pk=kwargs["pk"]).first()
        if course is None:
            raise Http404
        self.course = course
        if not request.user.has_perm("wagtailadmin.access_admin") or not self.rights.view:
            raise PermissionDenied
        return super(Screen, self).dispatch(request, *args, **kwargs)

    @cached_property
    def rights(self) -> CurriculumRights:
        return find_rights(self.course, self.request.user)

    def get_page_title(self) -> str:
        return _("Curriculum: %(course)s") % {"course": self.course.draft_title}

    def get_trail(self) -> list[tuple[str, Any]]:
        return [
            (reverse("courses:index"), _("Courses")),
            (reverse("wagtailadmin_pages:edit", args=[self.course.pk]), self.course.draft_title),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        renamed = self.request.GET.get("rename", "")
        return super().get_context_data(**kwargs) | {
            "course": self.course,
            "tree": read_curriculum(self.course),
            "rights": self.rights,
            "templates": list_templates(LessonPage) if self.rights.add else [],
            "kinds": [(name, block.label) for name, block in LessonBody().child_blocks.items()],
            "renamed": int(renamed) if renamed.isascii() and renamed.isdigit() and len(renamed) < 10 else None,
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        is_script = request.headers.get("x-requested-with") == "curriculum"
        try:
            done, warnings = self._act(request)
            notes = [("success", done)] if done else []
            notes += [("warning", warning) for warning in warnings]
        except CurriculumError as refused:
            notes = [("error", refused.message)]
        if is_script:
            return render(request, "admin/curriculum/tree.html", self.get_context_data() | {"notes": notes})
        for level, text in notes:
            messages.add_message(request, getattr(messages, level.upper()), text)
        return HttpResponseRedirect(request.path)

    def _act(self, request: HttpRequest) -> Outcome:
        """Raises ``CurriculumError``."""
        name, _colon, page_id = request.POST.get("do", "").partition(":")
        numbers = Numbers(request.POST)
        numbers.is_valid()
        values = numbers.cleaned_data
        if page_id.isascii() and page_id.isdigit() and len(page_id) < 10:
            values["page"] = int(page_id)
        action = ACTIONS.get(name)
        if action is None:
            raise CurriculumError("invalid", _("Nothing was done: this page does not know what you asked for."))
        who = {"course_id": self.course.pk, "version": request.POST.get("version", ""), "user": request.user}
        return action(request.POST, values, who)


def _step(direction: Any) -> Callable[[Any, Any, Any], Outcome]:
    def act(data: Any, values: dict[str, Any], who: dict[str, Any]) -> Outcome:
        return _("Moved."), step_page(page_id=values.get("page") or 0, direction=direction, **who)

    return act


def _place(data: Any, values: dict[str, Any], who: dict[str, Any]) -> Outcome:
    warnings = place_page(
        page_id=values.get("page") or 0, parent_id=values.get("parent") or 0, index=values.get("index") or 0, **who
    )
    return _("Moved."), warnings


def _move(data: Any, values: dict[str, Any], who: dict[str, Any]) -> Outcome:
    chosen = values.get("lesson") or []
    warnings = move_lessons(lesson_ids=chosen, module_id=values.get("module") or 0, **who)
    text = ngettext("%(n)d lesson moved.", "%(n)d lessons moved.", len(chosen)) % {"n": len(chosen)}
    return text, warnings


def _rename(data: Any, values: dict[str, Any], who: dict[str, Any]) -> Outcome:
    if rename_page(page_id=values.get("page") or 0, title=data.get("title", ""), **who):
        return _("Renamed, as a draft: learners see the new title once it is published."), []
    return _("It has this title already."), []


def _set_rules(data: Any, values: dict[str, Any], who: dict[str, Any]) -> Outcome:
    if data.get("time_limit") and values.get("time_limit") is None:
        raise CurriculumError("invalid", _("The time limit is a number of minutes; 0 takes it away."))
    rules = BlockRules(
        is_required={"yes": True, "no": False}.get(data.get("required", "")),
        time_limit=values.get("time_limit"),
        kinds=frozenset({data["kind"]} if data.get("kind") else ()),
    )
    applied = apply_block_rules(lesson_ids=values.get("lesson") or [], rules=rules, **who)
    if not applied.blocks:
        return _("Nothing to change: all these blocks are like this already."), []
    text = _("%(blocks)d blocks changed in %(lessons)d lessons, as drafts: learners see it once they are published.")
    return text % {"blocks": applied.blocks, "lessons": applied.lessons}, []


def _add_module(data: Any, values: dict[str, Any], who: dict[str, Any]) -> Outcome:
    page = add_module(title=data.get("title", ""), **who)
    return _("The module “%(title)s” was added, as a draft.") % {"title": page.title}, []


def _add_lesson(data: Any, values: dict[str, Any], who: dict[str, Any]) -> Outcome:
    where = {"module_id": values.get("module") or 0, "title": data.get("title", "")}
    if values.get("template"):
        page = add_lesson_from_template(template_id=values["template"], **where, **who)
    else:
        page = add_lesson(**where, **who)
    return _("The lesson “%(title)s” was added, as a draft.") % {"title": page.title}, []


ACTIONS: dict[str, Callable[[Any, Any, Any], Outcome]] = {
    "up": _step("up"),
    "down": _step("down"),
    "place": _place,
    "move": _move,
    "rename": _rename,
    "rules": _set_rules,
    "add-module": _add_module,
    "add-lesson": _add_lesson,
}


def curriculum_urls() -> list[URLPattern]:
    return [path("courses/<int:pk>/curriculum/", CurriculumView.as_view(), name="curriculum")]
