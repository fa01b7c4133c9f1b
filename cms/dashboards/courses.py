"""The Courses listing in the admin menu, and what else a course page leads to."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from courses.catalogue import access_label
from courses.curriculum.access import find_rights
from courses.models import CoursePage
from learners.accounts.models import User
from learners.exams.access import can_analyse


class CourseListing(PageListingViewSet):
    model = CoursePage
    name = "courses"
    icon = "book"
    menu_label = _("Courses")
    menu_order = 110
    add_to_admin_menu = True
    columns = [
        *[column for column in IndexView.base_columns if column.name in ("bulk_actions", "title")],
        Column("level", label=_("Level"), accessor="get_level_display", sort_key="level"),
        Column("access", label=_("Access"), accessor=lambda course: access_label(course.access), sort_key="access"),
        *[column for column in IndexView.base_columns if column.name in ("latest_revision_created_at", "status")],
    ]


def make_course_buttons(page: Page, user: User) -> Iterator[Button]:
    """From a course to its curriculum and to the analysis of its questions, for those who may see them; from a course
    or lesson to the shelf of templates."""
    if page.specific_class is CoursePage:
        if find_rights(page.specific_deferred, user).view:
            yield Button(_("Curriculum"), reverse("curriculum", args=[page.pk]), icon_name="list-ol", priority=60)
        if can_analyse(user):
            url = f"{reverse('analyses')}?course={page.translation_key}"
            yield Button(_("Question analysis"), url, icon_name="chart", priority=70)
