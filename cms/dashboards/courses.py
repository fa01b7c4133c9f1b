"""The Courses listing in the admin menu, and what else a course page leads to."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.forms import RadioSelect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters.filters import ChoiceFilter
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView, PageFilterSet
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.models import Page

from courses.catalogue import access_label
from courses.curriculum.access import find_rights
from courses.curriculum.templates import may_add_courses
from courses.models import CoursePage
from courses.releases.access import can_see_impact
from learners.accounts.models import User
from learners.exams.access import can_analyse


class CourseStateFilter(ChoiceFilter):
    """Draft, published or archived. By primary key, so that it also filters what was searched for."""

    def filter(self, qs: Any, value: str) -> Any:
        found = {
            "draft": CoursePage.objects.filter(live=False, is_archived=False),
            "published": CoursePage.objects.filter(live=True, is_archived=False),
            "archived": CoursePage.objects.filter(is_archived=True),
        }.get(value)
        return qs if found is None else qs.filter(pk__in=found.values("pk"))


class CourseFilterSet(PageFilterSet):
    state = CourseStateFilter(
        label=_("State"),
        empty_label=_("Any"),
        choices=[("draft", _("Draft")), ("published", _("Published")), ("archived", _("Archived"))],
        widget=RadioSelect,
    )


class CourseIndexView(IndexView):
    """Without templates, which nobody looks for here; with the way from one to a new course."""

    def get_base_queryset(self) -> QuerySet[CoursePage]:
        return super().get_base_queryset().filter(is_template=False)

    @cached_property
    def header_buttons(self) -> list[Button]:
        buttons = super().header_buttons
        if may_add_courses(self.request.user):
            url = reverse("course-from-template")
            buttons.append(HeaderButton(_("Add from template"), url=url, icon_name="copy"))
        return buttons


class CourseListing(PageListingViewSet):
    model = CoursePage
    index_view_class = CourseIndexView
    name = "courses"
    icon = "book"
    menu_label = _("Courses")
    menu_order = 110
    add_to_admin_menu = True
    filterset_class = CourseFilterSet
    columns = [
        *[column for column in IndexView.base_columns if column.name in ("bulk_actions", "title")],
        Column("level", label=_("Level"), accessor="get_level_display", sort_key="level"),
        Column("access", label=_("Access"), accessor=lambda course: access_label(course.access), sort_key="access"),
        *[column for column in IndexView.base_columns if column.name in ("latest_revision_created_at", "status")],
    ]


def make_course_buttons(page: Page, user: User) -> Iterator[Button]:
    """From a course to its curriculum, its releases and the analysis of its questions, for those who may see them."""
    if page.specific_class is not CoursePage:
        return
    if find_rights(page.specific_deferred, user).view:
        yield Button(_("Curriculum"), reverse("curriculum", args=[page.pk]), icon_name="list-ol", priority=5)
    if can_see_impact(user, page) and not page.specific_deferred.is_template:
        yield Button(_("Release…"), reverse("course-release", args=[page.pk]), icon_name="upload", priority=60)
        yield Button(_("Releases"), reverse("course-releases", args=[page.pk]), icon_name="history", priority=61)
    if can_analyse(user):
        url = f"{reverse('analyses')}?course={page.translation_key}"
        yield Button(_("Question analysis"), url, icon_name="chart", priority=70)
