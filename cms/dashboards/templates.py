"""Templates in the admin: a course from one, a course or lesson made one, and how far a big copy is."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from cms.dashboards.screens import Screen
from courses.curriculum.access import CurriculumError
from courses.curriculum.templates import (
    add_course_from_template,
    list_templates,
    may_add_courses,
    may_save_as_template,
    save_as_template,
)
from courses.models import CoursePage, LessonPage, TemplatesPage, TreeCopy
from learners.accounts.models import User


class FromTemplateForm(forms.Form):
    template = forms.TypedChoiceField(label=gettext_lazy("Template"), coerce=int)
    title = forms.CharField(
        label=gettext_lazy("Title of the new course"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, templates: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row["pk"], row["draft_title"]) for row in templates]
        self.fields["template"].choices = choices  # type: ignore[attr-defined]


class TemplateScreen(Screen):
    header_icon = "copy"

    def get_trail(self) -> list[tuple[str, Any]]:
        return [(reverse("courses:index"), _("Courses"))]


class NewCourseView(TemplateScreen):
    is_open_to = staticmethod(may_add_courses)
    page_title = gettext_lazy("Add a course from a template")
    template_name = "admin/curriculum/from_template.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        templates = list_templates(CoursePage)
        first = templates[0]["pk"] if templates else None
        form = kwargs.pop("form", None) or FromTemplateForm(initial={"template": first}, templates=templates)
        shelf = TemplatesPage.objects.first()
        return super().get_context_data(**kwargs) | {"form": form, "templates": templates, "shelf": shelf}

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FromTemplateForm(request.POST, templates=list_templates(CoursePage))
        if form.is_valid():
            try:
                row = add_course_from_template(
                    template_id=form.cleaned_data["template"], title=form.cleaned_data["title"], user=request.user
                )
            except CurriculumError as refused:
                form.add_error(None, refused.message)
            else:
                return redirect(find_next(request, row))
        return self.render_to_response(self.get_context_data(form=form))


class SaveAsTemplateView(TemplateScreen):
    """Says what will happen, and does it on POST."""

    page_title = gettext_lazy("Save as template")
    template_name = "admin/curriculum/save_as_template.html"

    @staticmethod
    def is_open_to(user: Any) -> bool:
        return user.has_perm("wagtailadmin.access_admin")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        page = Page.objects.filter(pk=kwargs["pk"]).first()
        if page is None:
            raise Http404
        self.page = page.specific
        if not may_save_as_template(self.page, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"page": self.page, "is_course": isinstance(self.page, CoursePage)}

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            row = save_as_template(page_id=pk, user=request.user)
        except CurriculumError as refused:
            messages.error(request, refused.message)
            return redirect(request.path)
        return redirect(find_next(request, row))


class CopyView(TemplateScreen):
    """How far a copy is; leads on when it is whole."""

    page_title = gettext_lazy("Copying")
    template_name = "admin/curriculum/copy.html"

    @staticmethod
    def is_open_to(user: Any) -> bool:
        return user.has_perm("wagtailadmin.access_admin")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = find_copy(request, kwargs["pk"])
        if self.row.finished_at is not None:
            return redirect(find_next(request, self.row))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"copy": self.row, "state": describe(self.row)}


def find_copy(request: HttpRequest, pk: UUID) -> TreeCopy:
    """Raises ``Http404`` for the copies of others."""
    row = TreeCopy.objects.filter(pk=pk).first()
    if row is None or (row.requested_by_id != request.user.pk and not request.user.is_superuser):
        raise Http404
    return row


def show_copy_state(request: HttpRequest, pk: UUID) -> JsonResponse:
    row = find_copy(request, pk)
    return JsonResponse({"done": row.done, "total": row.total, "text": describe(row), "is_over": row.is_over})


def describe(row: TreeCopy) -> str:
    return _("%(done)d of %(total)d pages") % {"done": row.done, "total": row.total}


def find_next(request: HttpRequest, row: TreeCopy) -> str:
    """Where a copy leads: to its curriculum, its editor, or to how far it is."""
    if row.finished_at is None:
        return reverse("tree-copy", args=[row.pk])
    page = Page.objects.filter(pk=row.page_id).first()
    if page is None:
        messages.error(request, _("The copy was deleted meanwhile."))
        return reverse("courses:index")
    messages.success(request, _("“%(title)s” was made, as a draft.") % {"title": page.draft_title})
    name = "curriculum" if page.specific_class is CoursePage else "wagtailadmin_pages:edit"
    return reverse(name, args=[page.pk])


def make_template_buttons(page: Page, user: User) -> Iterator[Button]:
    """From a course or lesson to the shelf of templates."""
    if page.specific_class in (CoursePage, LessonPage) and may_save_as_template(page.specific_deferred, user):
        url = reverse("save-as-template", args=[page.pk])
        yield Button(_("Save as template"), url, icon_name="copy", priority=80)


def template_urls() -> list[URLPattern]:
    return [
        path("courses/from-template/", NewCourseView.as_view(), name="course-from-template"),
        path("courses/templates/save/<int:pk>/", SaveAsTemplateView.as_view(), name="save-as-template"),
        path("courses/copies/<uuid:pk>/", CopyView.as_view(), name="tree-copy"),
        path("courses/copies/<uuid:pk>/state/", show_copy_state, name="tree-copy-state"),
    ]
