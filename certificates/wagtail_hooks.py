"""Certificate designs in the admin: the designs themselves, and which course or company uses which.

Their entries go into a menu that the composition root makes, beside the register of certificates. Besides, what
certificates have to say when somebody further left asks through a hook.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from certificates.designs.forms import DesignAssignmentForm
from certificates.designs.models import CertificateDesign, DesignAssignment
from certificates.designs.queries import list_assignments
from certificates.queries import list_revoked_enrolments

MENU_HOOK = "register_certificates_menu_item"


class CertificateDesignViewSet(SnippetViewSet):
    model = CertificateDesign
    icon = "doc-full"
    menu_label = _("Designs")
    menu_hook = MENU_HOOK
    menu_order = 30
    list_display = ["name", "paper", "orientation", "language", LiveStatusTagColumn(), UpdatedAtColumn()]
    list_filter = ["paper", "orientation", "language"]
    search_fields = ["name"]
    list_per_page = 50


class DesignAssignmentViewSet(SnippetViewSet):
    model = DesignAssignment
    icon = "link"
    menu_label = _("Use of designs")
    menu_hook = MENU_HOOK
    menu_order = 40
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


register_snippet(CertificateDesignViewSet)
register_snippet(DesignAssignmentViewSet)


@hooks.register("find_revoked_enrolments")
def find_revoked_enrolments(enrolment_ids: Collection[int]) -> set[int]:
    """Asked before somebody may renew a certificate by studying only what has changed."""
    return list_revoked_enrolments(enrolment_ids)
