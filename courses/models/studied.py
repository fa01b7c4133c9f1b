"""What courses, modules and lessons share: the publishing gate, the study address, the way from page to course."""

from typing import Any, ClassVar

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

    levels_below_catalogue: ClassVar[int] = 1
    # Search engines and menus never see the page itself, so Wagtail's other promote fields would do nothing.
    promote_panels = [
        FieldPanel("slug", help_text=_("Part of the page's address. Changing it breaks links to the old address."))
    ]
    base_form_class = ReviewedPageForm

    class Meta:
        abstract = True

    @property
    def study_path(self) -> str:
        """Where learners find it: ``/courses/<course>/<module>/<lesson>/``, wherever the catalogue stands."""
        slugs = self.url_path.strip("/").split("/")[-self.levels_below_catalogue :]
        return make_course_path(self.content_language, slugs[0], *slugs[1:])

    @property
    def course_tree_path(self) -> str:
        """The tree path of the course it belongs to."""
        return self.path[: len(self.path) - (self.levels_below_catalogue - 1) * self.steplen]

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
