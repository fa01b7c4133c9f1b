"""The Courses listing in the admin menu, and what else a course page leads to."""

from collections.abc import Iterator
from typing import Any

from django.forms import RadioSelect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters.filters import ChoiceFilter
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView, PageFilterSet
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from courses.catalogue import access_label
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


class CourseListing(PageListingViewSet):
    model = CoursePage
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
    """From a course to its releases and to the analysis of its questions, for those who may see them."""
    if page.specific_class is CoursePage and can_see_impact(user, page):
        yield Button(_("Release…"), reverse("course-release", args=[page.pk]), icon_name="upload", priority=60)
        yield Button(_("Releases"), reverse("course-releases", args=[page.pk]), icon_name="history", priority=61)
    if page.specific_class is CoursePage and can_analyse(user):
        url = f"{reverse('analyses')}?course={page.translation_key}"
        yield Button(_("Question analysis"), url, icon_name="chart", priority=70)
