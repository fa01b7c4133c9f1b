"""Content in the admin: the gate where Wagtail skips ``Page.publish``, news of the compile, private files."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.actions.registry import ActionRegistry
from wagtail.admin import messages
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from courses.editions.services import mark_courses
from courses.middleware import explain_refusal
from courses.models.bank import BankQuestion, QuestionCategory
from courses.models.course import CoursePage
from courses.models.studied import StudiedPage
from courses.models.taxonomy import Category, Instructor
from courses.panels import find_course_state
from courses.publishing import REFUSED, GatedPublishAction, PublishRefusedError, find_publish_errors
from courses.translating import refuse_alias


@hooks.register("before_publish_page")
def refuse_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The create and edit views publish without calling ``Page.publish``; what their form let through stops here."""
    if not isinstance(page, StudiedPage) or not (problems := find_publish_errors(page)):
        return None
    return explain_refusal(request, PublishRefusedError(page, problems))


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


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    @actions.register_action(REFUSED)
    class PublicationRefused(LogFormatter):
        label = gettext_lazy("Refuse publication")

        def format_message(self, log_entry: Any) -> str:
            return _("Scheduled publication refused: %(problems)s") % {
                "problems": " ".join(log_entry.data.get("problems", []))
            }


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


class BankQuestionViewSet(SnippetViewSet):
    model = BankQuestion
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
