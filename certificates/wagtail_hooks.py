"""Certificate designs in the admin, and what certificates have to say when somebody asks through a hook."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from certificates.designs.forms import DesignAssignmentForm
from certificates.designs.models import CertificateDesign, DesignAssignment
from certificates.designs.queries import list_assignments
from certificates.queries import list_revoked_enrolments


class CertificateDesignViewSet(SnippetViewSet):
    model = CertificateDesign
    icon = "doc-full"
    menu_label = _("Designs")
    list_display = ["name", "paper", "orientation", "language", UpdatedAtColumn()]
    list_filter = ["paper", "orientation", "language"]
    search_fields = ["name"]
    list_per_page = 50


class DesignAssignmentViewSet(SnippetViewSet):
    model = DesignAssignment
    icon = "link"
    menu_label = _("Use of designs")
    list_display = [
        "design",
        Column("course_title", label=_("Course"), accessor=lambda use: use.course_title or _("Every course")),
        Column("company", label=_("Company"), accessor=lambda use: use.company or _("Everybody")),
    ]
    list_per_page = 50
    edit_handler = ObjectList(
        [FieldPanel("design"), FieldPanel("course"), FieldPanel("company")], base_form_class=DesignAssignmentForm
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[DesignAssignment, Any]":
        return list_assignments()


@register_snippet
class CertificateDesignGroup(SnippetViewSetGroup):
    """One entry in the menu for designs and where they are used."""

    menu_label = _("Certificate designs")
    menu_icon = "doc-full"
    menu_order = 260
    items = (CertificateDesignViewSet, DesignAssignmentViewSet)


@hooks.register("find_revoked_enrolments")
def find_revoked_enrolments(enrolment_ids: Collection[int]) -> set[int]:
    """Asked before somebody may renew a certificate by studying only what has changed."""
    return list_revoked_enrolments(enrolment_ids)
