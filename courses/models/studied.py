"""What courses, modules and lessons share: the publishing gate, the study address, the way from page to course."""

from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, Revision
from wagtail_localize.fields import SynchronizedField

from courses.forms import ReviewedPageForm
from courses.languages import make_course_path
from courses.models.localized import LocalizedPage
from courses.publishing import GatedPublishAction


def same_in_all_languages(*names: str, is_replaceable: bool = False) -> list[SynchronizedField]:
    """Fields that translations copy from their source, for wagtail-localize; a replaceable one may differ after all."""
    return [SynchronizedField(name, overridable=is_replaceable) for name in names]


class StudiedPage(LocalizedPage, Page):
    """A page that editors edit and learners meet only as part of an edition."""

    is_template = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("In the templates section: never published; courses and lessons are made from it."),
    )
    # What a course pack says and no field holds; ``courses.packs.kept_keys`` writes and reads it.
    pack_keys = models.JSONField(default=dict, blank=True, editable=False)

    levels_below_catalogue: ClassVar[int] = 1
    exclude_fields_in_copy = ["is_template"]
    # Search engines and menus never see the page itself, so Wagtail's other promote fields would do nothing.
    promote_panels = [
        FieldPanel("slug", help_text=_("Part of the page's address. Changing it breaks links to the old address."))
    ]
    base_form_class = ReviewedPageForm

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and self.path:
            self.is_template = is_template_place(self.get_parent())
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """What was a template when a revision was made need not be one now."""
        page = super().with_content_json(content)
        page.is_template = self.is_template
        return page

    def can_move_to(self, parent: Page) -> bool:
        """Templates stay in their section and other pages out of it: a copy leads from one to the other."""
        return super().can_move_to(parent) and self.is_template == is_template_place(parent)

    @property
    def study_path(self) -> str:
        """Where learners find it: ``/courses/<course>/<module>/<lesson>/``, wherever the catalogue stands."""
        slugs = self.url_path.strip("/").split("/")[-self.levels_below_catalogue :]
        return make_course_path(self.content_language, slugs[0], *slugs[1:])

    @property
    def course_tree_path(self) -> str:
        """The tree path of the course it belongs to."""
        return self.path[: len(self.path) - (self.levels_below_catalogue - 1) * self.steplen]

    def get_workflow(self) -> Any:
        """None of their own for modules and lessons of a course that is reviewed as a whole."""
        if self.levels_below_catalogue > 1 and self.path and self._is_reviewed_with_course():
            return None
        return super().get_workflow()

    def _is_reviewed_with_course(self) -> bool:
        from courses.models.course import CoursePage

        return bool(CoursePage.objects.filter(path=self.course_tree_path, is_reviewed_as_whole=True).exists())

    def publish(
        self,
        revision: Revision,
        user: Any = None,
        changed: bool = True,
        log_action: bool | str = True,
        previous_revision: Revision | None = None,
        skip_permission_checks: bool = False,
    ) -> Any:
        """Publish a revision if nothing is wrong with it; bulk actions, workflows, schedules and code come here.

        Raises ``PublishRefusedError``.
        """
        return GatedPublishAction(
            revision, user=user, changed=changed, log_action=log_action, previous_revision=previous_revision
        ).execute(skip_permission_checks=skip_permission_checks)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Pages are never shown themselves: lead to the edition's address, which comes before Wagtail's in the URLs."""
        if request.path == self.study_path:
            raise Http404
        return HttpResponseRedirect(self.study_path)


def is_template_place(parent: Page | None) -> bool:
    """Whether what stands below this page is a template. One query at most."""
    if isinstance(parent, StudiedPage):
        return parent.is_template
    page_class = parent.specific_class if parent is not None else None
    if parent is None or page_class is None:
        return False
    if issubclass(page_class, StudiedPage):
        return bool(page_class.objects.filter(pk=parent.pk, is_template=True).exists())
    return getattr(page_class, "holds_templates", False)
