"""Read-only panels of the page editors: why the last compile failed, and which edition is in force."""

from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.panels import Panel
from wagtail.models import Page, PageLogEntry

from courses.editions.models import CourseState
from courses.enums import ARCHIVE


def find_course_state(page: Page) -> CourseState | None:
    """The state of the course a course, module or lesson page belongs to; one query, none for a page not yet saved."""
    if not page.path:
        return None
    return (
        CourseState.objects.filter(course__path=page.course_tree_path)
        .select_related("edition")
        .only(
            *(f"edition__{name}" for name in ("number", "digest", "created_at")),
            "slug",
            "is_published",
            "is_archived",
            "compile_error",
            "compile_failed_at",
        )
        .first()
    )


class CourseStatePanel(Panel):
    """Shows what ``find_course_state`` found through a template."""

    template_name = ""

    class BoundPanel(Panel.BoundPanel):
        @cached_property
        def state(self) -> CourseState | None:
            return find_course_state(self.instance)

        @property
        def template_name(self) -> str:
            return self.panel.template_name

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "state": self.state}


class CompileErrorPanel(CourseStatePanel):
    """Stands on top of the form while the course's last compile failed, and is absent otherwise."""

    template_name = "admin/courses/compile_error.html"

    class BoundPanel(CourseStatePanel.BoundPanel):
        def is_shown(self) -> bool:
            return super().is_shown() and self.state is not None and bool(self.state.compile_error)


class ArchivedPanel(Panel):
    """Stands on top of the form of an archived course: since when, by whom, why, and the way back."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/courses/archived.html"

        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.is_archived

        @cached_property
        def entry(self) -> PageLogEntry | None:
            entries = PageLogEntry.objects.filter(page=self.instance.pk, action=ARCHIVE).select_related("user")
            return entries.order_by("-timestamp").first()

        @property
        def can_restore(self) -> bool:
            return bool(self.instance.permissions_for_user(self.request.user).can_publish())


class EditionPanel(CourseStatePanel):
    """Number, date and short digest of the edition learners study now."""

    template_name = "admin/courses/edition.html"
