"""Content in the admin: the gate where Wagtail skips ``Page.publish``, news of the compile, private files."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.messages import SUCCESS, add_message, get_messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.actions.registry import ActionRegistry
from wagtail.admin import messages
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from courses.downloads import pack_buttons
from courses.downloads import urlpatterns as download_urls
from courses.editions.services import mark_courses
from courses.enums import ARCHIVE, RESTORE
from courses.middleware import explain_refusal
from courses.models.bank import BankQuestion, QuestionCategory
from courses.models.course import CoursePage
from courses.models.review import QualityGateTask
from courses.models.studied import StudiedPage, is_template_place
from courses.models.taxonomy import Category, Instructor
from courses.panels import find_course_state
from courses.publishing import REFUSED, GatedPublishAction, PublishRefusedError, find_publish_errors
from courses.releases.history import register_release_actions
from courses.translating import refuse_alias

SUBMITTING = {"action-submit", "action-restart-workflow"}


@hooks.register("before_publish_page")
def refuse_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The create and edit views publish without calling ``Page.publish``; what their form let through stops here."""
    if not isinstance(page, StudiedPage) or not (problems := find_publish_errors(page)):
        return None
    return explain_refusal(request, PublishRefusedError(page, problems))


@hooks.register("construct_page_action_menu")
def offer_no_publishing_of_templates(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    page = context.get("page") or context.get("parent_page")
    place = page.specific_deferred if page is not None else None
    if is_template_place(place):
        refused = {"action-publish", "action-submit", "action-restart-workflow"}
        menu_items[:] = [item for item in menu_items if item.name not in refused]


@hooks.register("register_actions")
def gate_registered_actions(registry: ActionRegistry) -> None:
    """Actions that are looked up in the registry; the admin's API has a list of its own, see ``gate_admin_api``."""
    registry.register(Page, GatedPublishAction)


@hooks.register("construct_admin_api")
def gate_admin_api(router: WagtailAPIRouter) -> None:
    from courses.admin_api import GatedPagesAPIViewSet

    router.register_endpoint("pages", GatedPagesAPIViewSet)


@hooks.register("after_publish_page")
def tell_compile_error(request: HttpRequest, page: Page) -> None:
    if not isinstance(page, StudiedPage):
        return
    state = find_course_state(page)
    if state is not None and state.compile_error:
        messages.error(
            request,
            _("The page is published, but learners do not see the change: no new edition of the course could be made.")
            + f" {state.compile_error} "
            + _("Mend what it names and publish again."),
        )


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def tell_quality_gate(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Wagtail says that the page was submitted; where the gate sent it back at once, that is said instead."""
    if request.method != "POST" or not isinstance(page, StudiedPage) or not SUBMITTING.intersection(request.POST):
        return None
    state = page.current_workflow_state
    if state is None or state.status != state.STATUS_NEEDS_CHANGES or state.current_task_state is None:
        return None
    if not isinstance(state.current_task_state.task.specific, QualityGateTask):
        return None
    for message in get_messages(request):
        if message.level != SUCCESS:
            add_message(request, message.level, message.message, extra_tags=message.extra_tags)
    heading, *lines = state.current_task_state.comment.splitlines()
    text = _("“%(title)s” was not passed on to the reviewers. The draft is kept.")
    messages.error(
        request,
        format_html(
            "{} {} <ul>{}</ul>",
            text % {"title": page.get_admin_display_title()},
            heading,
            format_html_join("", "<li>{}</li>", ((line.removeprefix("• "),) for line in lines)),
        ),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    @actions.register_action(REFUSED)
    class PublicationRefused(LogFormatter):
        label = gettext_lazy("Refuse publication")

        def format_message(self, log_entry: Any) -> str:
            return _("Scheduled publication refused: %(problems)s") % {
                "problems": " ".join(log_entry.data.get("problems", []))
            }

    register_release_actions(actions)

    @actions.register_action(ARCHIVE)
    class CourseArchived(NotedFormatter):
        label = gettext_lazy("Archive")
        message = gettext_lazy("Archived, no longer offered")

    @actions.register_action(RESTORE)
    class CourseRestored(NotedFormatter):
        label = gettext_lazy("Restore")
        message = gettext_lazy("Restored from the archive")


class NotedFormatter(LogFormatter):
    """With the note of whoever did it."""

    def format_message(self, log_entry: Any) -> str:
        note = log_entry.data.get("note")
        return f"{self.message}: “{note}”" if note else str(self.message)


@hooks.register("register_admin_urls", order=-1)
def keep_translations() -> list[URLPattern]:
    """In front of wagtail-localize's own address: see ``courses.translating.refuse_alias``."""
    return [path("localize/page/<int:page_id>/convert_to_alias/", refuse_alias)]


@hooks.register("construct_page_action_menu")
def hide_alias_conversion(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    items[:] = [item for item in items if item.name != "localize-convert-to-alias"]


@hooks.register("before_serve_document")
def keep_documents_private(document: Any, request: HttpRequest) -> None:
    """Wagtail's own document addresses are for the admin; learners get signed ones from ``courses.files``."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404


@hooks.register("insert_global_admin_css")
def editor_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("courses/editor.css"))


@hooks.register("register_admin_urls")
def register_downloads() -> list[URLPattern]:
    return download_urls


@hooks.register("register_page_header_buttons")
def pack_header_buttons(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    return pack_buttons(page, user)


@hooks.register("register_page_listing_more_buttons")
def pack_listing_buttons(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    return pack_buttons(page, user)


@hooks.register("after_edit_snippet")
def compile_courses_of_snippet(request: HttpRequest, instance: Any) -> None:
    """A course names its categories and instructors: a change there is a change of every course with them."""
    mark_courses(_live_courses_with(instance))


@hooks.register("before_delete_snippet")
def remember_courses_of_snippets(request: HttpRequest, instances: Iterable[Any]) -> None:
    request.courses_to_compile = {  # type: ignore[attr-defined]
        pk for instance in instances for pk in _live_courses_with(instance)
    }


@hooks.register("after_delete_snippet")
def compile_courses_of_deleted_snippets(request: HttpRequest, instances: Iterable[Any]) -> None:
    mark_courses(getattr(request, "courses_to_compile", ()))


def _live_courses_with(snippet: Any) -> list[int]:
    if not isinstance(snippet, Category | Instructor):
        return []
    relation = "categories" if isinstance(snippet, Category) else "instructors"
    return list(CoursePage.objects.live().filter(**{relation: snippet}).values_list("pk", flat=True))


class QuestionCategoryViewSet(SnippetViewSet):
    model = QuestionCategory
    icon = "folder-inverse"
    list_display = ["name", "description"]
    search_fields = ["name", "description"]


class BankIndexView(IndexView):
    """With the way to the import, a screen of ``cms``."""

    @cached_property
    def header_buttons(self) -> list[Button]:
        buttons = super().header_buttons
        if self.add_url:
            buttons.append(HeaderButton(_("Import questions"), url=reverse("question-import"), icon_name="upload"))
        return buttons


class BankQuestionViewSet(SnippetViewSet):
    model = BankQuestion
    index_view_class = BankIndexView
    icon = "help"
    list_display = ["title", "type_label", "category", "status_label", UpdatedAtColumn()]
    list_filter = ["category"]
    search_fields = ["title"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[BankQuestion]:
        return BankQuestion.objects.select_related("category")


@register_snippet
class QuestionBankGroup(SnippetViewSetGroup):
    """One entry in the menu for questions and their categories."""

    menu_label = gettext_lazy("Question bank")
    menu_icon = "help"
    menu_order = 250
    items = (BankQuestionViewSet, QuestionCategoryViewSet)
