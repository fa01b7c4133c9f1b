"""Archiving and restoring courses in the admin: one at a time or several, with who is studying and a note."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_list_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from cms.dashboards.screens import Screen
from courses.archiving import MAX_NOTE, archive_course, restore_course
from courses.models import CoursePage
from learners.accounts.models import User
from learners.progress.impact import count_learners_by_course, count_learners_on


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        max_length=MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why; it stands in the history of the page."),
    )


def may_archive(user: Any, course: Page) -> bool:
    """Whoever may publish a course may stop offering it."""
    return bool(course.permissions_for_user(user).can_publish())


class ArchiveScreen(Screen):
    """Asks before one course is archived."""

    template_name = "admin/courses/archive.html"
    header_icon = "folder-inverse"
    page_title = _("Archive course")
    is_archiving = True

    @staticmethod
    def is_open_to(user: Any) -> bool:
        return bool(user.is_active)  # by course, in ``dispatch``

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        course = CoursePage.objects.filter(pk=kwargs["page_id"]).select_related("locale").first()
        if course is None or not may_archive(request.user, course):
            raise Http404
        self.course = course
        self.form = NoteForm(request.POST if request.method == "POST" else None)
        return super().dispatch(request, *args, **kwargs)

    def get_trail(self) -> list[tuple[str, Any]]:
        return [
            (reverse("courses:index"), _("Courses")),
            (reverse("wagtailadmin_pages:edit", args=[self.course.pk]), self.course.get_admin_display_title()),
        ]

    @property
    def back_url(self) -> str:
        return get_valid_next_url_from_request(self.request) or reverse(
            "wagtailadmin_pages:edit", args=[self.course.pk]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "course": self.course,
            "count": count_learners_on(self.course),
            "is_archiving": self.is_archiving,
            "is_done": self.course.is_archived == self.is_archiving,
            "back_url": self.back_url,
            "next": get_valid_next_url_from_request(self.request),
        }

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        change = archive_course if self.is_archiving else restore_course
        change(course=self.course, by=self.person, note=self.form.cleaned_data["note"])
        text = _("“%(title)s” is archived.") if self.is_archiving else _("“%(title)s” is offered again, as it was.")
        messages.success(request, text % {"title": self.course.get_admin_display_title()})
        return redirect(self.back_url)


class RestoreScreen(ArchiveScreen):
    """Asks before one course is restored."""

    page_title = _("Restore course")
    header_icon = "resubmit"
    is_archiving = False


def archiving_urls() -> list[URLPattern]:
    return [
        path("course-archive/<int:page_id>/archive/", ArchiveScreen.as_view(), name="archive_course"),
        path("course-archive/<int:page_id>/restore/", RestoreScreen.as_view(), name="restore_course"),
    ]


def make_archive_buttons(page: Page, user: User, next_url: str | None = None) -> Iterator[Button]:
    """Archive or Restore, for those who may."""
    if page.specific_class is not CoursePage or not may_archive(user, page):
        return
    course = page if isinstance(page, CoursePage) else page.specific
    name, label, icon = ("restore_course", _("Restore"), "resubmit") if course.is_archived else _ARCHIVE
    query = f"?next={next_url}" if next_url else ""
    yield Button(label, reverse(name, args=[page.pk]) + query, icon_name=icon, priority=60)


_ARCHIVE = ("archive_course", _("Archive"), "folder-inverse")


class ArchiveBulkAction(PageBulkAction):
    """Archives the chosen courses; other pages, and courses that are archived already, are named and left alone."""

    display_name = _("Archive")
    action_type = "archive"
    aria_label = _("Archive selected courses")
    template_name = "admin/courses/bulk_archive.html"
    action_priority = 60
    form_class = NoteForm
    is_archiving = True

    @classmethod
    def get_queryset(cls, model: Any, object_ids: list[Any]) -> list[Page]:
        return get_list_or_404(Page.objects.filter(pk__in=object_ids).defer_streamfields().specific())

    def check_perm(self, page: Page) -> bool:
        is_due = isinstance(page, CoursePage) and page.is_archived != self.is_archiving
        return is_due and may_archive(self.request.user, page)

    def annotate_items(self, items: list[Page]) -> list[Page]:
        self.people = count_learners_by_course(page.translation_key for page in items)
        return items

    def object_context(self, page: Page) -> dict[str, Any]:
        return super().object_context(page) | {"people": self.people.get(page.translation_key, 0)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"is_archiving": self.is_archiving}

    def get_execution_context(self) -> dict[str, Any]:
        assert self.cleaned_form is not None  # noqa: S101 -- the base class has validated it
        return super().get_execution_context() | {"note": self.cleaned_form.cleaned_data["note"]}

    @classmethod
    def execute_action(cls, objects: list[Any], note: str = "", user: Any = None, **kwargs: Any) -> tuple[int, int]:
        change = archive_course if cls.is_archiving else restore_course
        return sum(change(course=course, by=user, note=note) for course in objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        text = ngettext("%(n)d course is archived.", "%(n)d courses are archived.", num_parent_objects)
        return text % {"n": num_parent_objects}


class RestoreBulkAction(ArchiveBulkAction):
    display_name = _("Restore")
    action_type = "restore"
    aria_label = _("Restore selected courses from the archive")
    action_priority = 61
    is_archiving = False

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        text = ngettext("%(n)d course is offered again.", "%(n)d courses are offered again.", num_parent_objects)
        return text % {"n": num_parent_objects}
