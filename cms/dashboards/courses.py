"""The Courses listing in the admin menu."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet

from courses.catalogue import access_label
from courses.models import CoursePage


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
