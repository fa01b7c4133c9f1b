"""What is to be mended, beside the form of course, module and lesson: a side panel, and the same list on demand."""

from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from courses.editions.models import CourseState
from courses.models import CoursePage, LessonPage, ModulePage
from courses.quality.checking import check_page, check_tree
from courses.quality.findings import Finding, list_errors
from courses.releases.queries import get_open_plan
from courses.releases.services import list_offered_pages


class ChecklistPanel(BaseSidePanel):
    """Of the draft in the form as it was last saved. Its toggle counts what holds up the review."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle checklist")
        icon_name = "clipboard-list"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"count": len(list_errors(self.panel.findings))}

    name = "checklist"
    title = _("Checklist")
    template_name = "admin/courses/checklist_panel.html"
    order = 340

    @cached_property
    def findings(self) -> list[Finding]:
        return check_page(self.object)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return super().get_context_data(parent_context) | {
            "sections": group_by_page(self.findings),
            "has_below": not isinstance(self.object, LessonPage) and self.object.numchild > 0,
            "checklist_url": reverse("checklist", args=[self.object.pk]),
        }


class ReleasePanel(BaseSidePanel):
    """What a release of the course would publish, and on demand whom it would touch."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle release")
        icon_name = "upload"

    name = "release"
    title = _("Release")
    template_name = "admin/releases/panel.html"
    order = 350

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return super().get_context_data(parent_context) | {
            "course": self.object,
            "drafts": len(list_offered_pages(self.object)),
            "state": CourseState.objects.filter(course=self.object).select_related("edition").first(),
            "plan": get_open_plan(self.object),
        }


class CheckedEditView(EditView):
    """The page editor with the checklist and, for courses, the release."""

    def get_side_panels(self) -> MediaContainer:
        panels = super().get_side_panels()
        if not self.expects_json_response and not self.hydrate_create_view:
            panels.append(ChecklistPanel(self.page, self.request))
            if isinstance(self.page, CoursePage) and not self.page.is_template:
                panels.append(ReleasePanel(self.page, self.request))
        return panels


class CheckedPageViewSet(PageViewSet):
    """For one page type; listings stay Wagtail's own."""

    edit_view_class = CheckedEditView
    parent_models: list[type[Page]] = []


def make_checked_viewsets() -> list[ViewSet]:
    return [
        CheckedPageViewSet(f"checked_{model._meta.model_name}", model=model)
        for model in (CoursePage, ModulePage, LessonPage)
    ]


@require_safe
def show_checklist(request: HttpRequest, page_id: int) -> HttpResponse:
    """The list alone, of the latest draft; with ``?below=1`` of everything below the page as well."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not isinstance(page, CoursePage | ModulePage | LessonPage):
        raise PermissionDenied
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    findings = check_tree(draft) if request.GET.get("below") else check_page(draft)
    context = {"sections": group_by_page(findings), "is_whole": bool(request.GET.get("below")), "page": page}
    return render(request, "admin/courses/checklist.html", context)


def group_by_page(findings: list[Finding]) -> list[dict[str, Any]]:
    """One section a page that has something to mend, with the address of its form."""
    sections = []
    for (page_id, title), rows in groupby(findings, key=lambda finding: (finding.page_id, finding.page_title)):
        url = reverse("wagtailadmin_pages:edit", args=[page_id])
        sections.append({"page_id": page_id, "title": title, "url": url, "findings": list(rows)})
    return sections


def checklist_urls() -> list[URLPattern]:
    return [path("checklist/<int:page_id>/", show_checklist, name="checklist")]
