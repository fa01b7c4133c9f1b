"""Read-only registers in the admin: one hardened modeladmin base, and learners and enrolments on it."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.messages import warning
from django.db.models import Count, Max, Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup
from wagtail_modeladmin.views import IndexView, InspectView

from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.progress.reopening import list_ended_blocks

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def column(description: Any, order: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Names a computed column and says what it sorts by; nothing for links, which nobody sorts."""

    def decorate(function: Any) -> Any:
        function.short_description, function.admin_order_field = description, order
        return function

    return decorate


class ReadOnlyPermissions(PermissionHelper):
    """Only people with the model's own "view" permission see the register; rows change through services alone."""

    def user_can_list(self, user: User) -> bool:
        return self.user_has_specific_permission(user, self.get_perm_codename("view"))

    def user_can_inspect_obj(self, user: User, obj: Model) -> bool:
        return self.user_can_list(user)

    def user_can_create(self, user: User) -> bool:
        return False

    def user_can_edit_obj(self, user: User, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: User, obj: Model) -> bool:
        return False


class RegisterIndexView(IndexView):
    """Index that answers a mistyped filter with the whole list and a message, and exports no formulas.

    It is named as in the menu, unless a subclass says ``page_title``.
    """

    page_title: Any = ""

    def get_page_title(self) -> str:
        return str(self.page_title or self.model_admin.get_menu_label())

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except (IncorrectLookupParameters, ValueError):
            warning(request, _("That filter is not possible here, so the whole list is shown."))
            return redirect(request.path)

    def get_filters(self, request: HttpRequest) -> Any:
        """Only the filters of the register: modeladmin takes any lookup, which reads passwords letter by letter."""
        specs, has_filters, unknown, use_distinct = super().get_filters(request)
        if unknown:
            raise IncorrectLookupParameters(", ".join(unknown))
        return specs, has_filters, unknown, use_distinct

    def to_row_dict(self, item: Model) -> "OrderedDict[str, Any]":
        """None and "" are shown as "-", but 0 is a number. A spreadsheet would run a cell that starts like a formula:
        such text gets an apostrophe in front."""
        row: OrderedDict[str, Any] = super().to_row_dict(item)
        for field in self.list_export:
            value = lookup_field(field, item, self.model_admin)[2]
            if value == 0:
                row[field] = value
        for field, value in row.items():
            if isinstance(value, str) and value.startswith(FORMULA_STARTS) and value != "-":
                row[field] = f"'{value}"
        return row


class RegisterInspectView(InspectView):
    """Inspect page that also shows the register's own columns, not only fields of the model."""

    def __init__(self, model_admin: ModelAdmin, instance_pk: str) -> None:
        try:
            super().__init__(model_admin, instance_pk)
        except ValueError:  # not a number
            raise Http404 from None

    def get_field_label(self, field_name: str, field: Any = None) -> str:
        return str(label_for_field(field_name, model=self.model, model_admin=self.model_admin))

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        if computed := getattr(self.model_admin, field_name, None):
            value = computed(self.instance)
            return self.model_admin.get_empty_value_display(field_name) if value in (None, "") else value
        return super().get_field_display_value(field_name, field)


class Register(ModelAdmin):
    """Base of every operational register: checked, searchable, exportable, inspectable, never N+1, never editable.

    Closes what modeladmin leaves open: its history view has no permission check and its filters answer 500 to bad
    values. Subclasses say ``list_select_related`` for every relation their columns follow.
    """

    index_view_class = RegisterIndexView
    inspect_view_class = RegisterInspectView
    permission_helper_class = ReadOnlyPermissions
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50
    add_to_admin_menu = False
    index_view_extra_css = ["cms/css/registers.css"]
    inspect_view_extra_css = ["cms/css/registers.css"]


class LearnerRegister(Register):
    model = User
    base_url_path = "registers/learners"
    menu_label = _("Learners")
    menu_icon = "group"
    list_display = ("name_or_email", "email", "enrolment_count", "completed_count", "last_seen_on", "joined_on")
    list_export = ("name", "email", "enrolment_count", "completed_count", "last_seen", "date_joined", "is_active")
    list_filter = ("is_active", "date_joined")
    search_fields = ("name", "email")
    ordering = ("-date_joined",)
    inspect_view_fields = ("name", "email", "time_zone", "is_active", "date_joined", "last_login")
    export_filename = "learners"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[User]":
        return (
            super()
            .get_queryset(request)
            .annotate(
                enrolments_n=Count("enrolments"),
                completed_n=Count("enrolments", filter=Q(enrolments__completed_at__isnull=False)),
                seen_at=Max("enrolments__last_accessed_at"),
            )
        )

    @column(_("Name"), "name")
    def name_or_email(self, user: User) -> str:
        return user.name or user.email

    @column(_("Enrolments"), "enrolments_n")
    def enrolment_count(self, user: Any) -> int:
        return user.enrolments_n

    @column(_("Completed"), "completed_n")
    def completed_count(self, user: Any) -> int:
        return user.completed_n

    @column(_("Last seen"), "seen_at")
    def last_seen(self, user: Any) -> datetime | None:
        return user.seen_at

    @column(_("Last seen"), "seen_at")
    def last_seen_on(self, user: Any) -> date | None:
        return localdate(user.seen_at) if user.seen_at else None

    @column(_("Joined"), "date_joined")
    def joined_on(self, user: User) -> date:
        return localdate(user.date_joined)


class EnrolmentInspectView(RegisterInspectView):
    """With the timed parts that ended unfinished, which those who may change enrolments can open again."""

    def get_page_subtitle(self) -> str:
        return f"{self.instance.user} · {self.instance.edition.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = list_ended_blocks(self.instance.user, enrolment=self.instance)
        return super().get_context_data(**kwargs) | {"ended": ended}


class EnrolmentRegister(Register):
    model = Enrolment
    base_url_path = "registers/enrolments"
    inspect_view_class = EnrolmentInspectView
    inspect_template_name = "admin/registers/enrolment.html"
    menu_label = _("Enrolments")
    menu_icon = "clipboard-list"
    list_display = ("learner", "course", "edition_number", "state", "percent", "score", "due_on", "enrolled_on")
    list_export = (
        "learner",
        "email",
        "course",
        "edition_number",
        "cycle",
        "state",
        "percent",
        "score",
        "minutes_spent",
        "enrolled_at",
        "due_at",
        "completed_at",
        "last_accessed_at",
    )
    list_filter = ("state", "enrolled_at", "due_at")
    list_select_related = ("user", "edition")
    search_fields = ("user__name", "user__email", "edition__title")
    ordering = ("-enrolled_at",)
    inspect_view_fields = (
        "user",
        "edition",
        "cycle",
        "state",
        "percent",
        "score",
        "required_done",
        "minutes_spent",
        "enrolled_at",
        "started_at",
        "due_at",
        "completed_at",
        "last_accessed_at",
        "evidence",
    )
    export_filename = "enrolments"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Enrolment]":
        return super().get_queryset(request).defer("edition__outline", "edition__contents")

    @column(_("Learner"), "user__name")
    def learner(self, enrolment: Enrolment) -> str:
        return str(enrolment.user)

    @column(_("E-mail"), "user__email")
    def email(self, enrolment: Enrolment) -> str:
        return enrolment.user.email

    @column(_("Course"), "edition__title")
    def course(self, enrolment: Enrolment) -> str:
        return enrolment.edition.title

    @column(_("Edition"), "edition__number")
    def edition_number(self, enrolment: Enrolment) -> int:
        return enrolment.edition.number

    @column(_("Due"), "due_at")
    def due_on(self, enrolment: Enrolment) -> date | None:
        return localdate(enrolment.due_at) if enrolment.due_at else None

    @column(_("Enrolled"), "enrolled_at")
    def enrolled_on(self, enrolment: Enrolment) -> date:
        return localdate(enrolment.enrolled_at)

    @column(_("Evidence"), "pk")
    def evidence(self, enrolment: Enrolment) -> str:
        return format_html('<a href="{}">{}</a>', reverse("evidence", args=[enrolment.pk]), _("Open"))

    @column(_("Minutes spent"), "seconds_spent")
    def minutes_spent(self, enrolment: Enrolment) -> int:
        return enrolment.seconds_spent // 60


class Registers(ModelAdminGroup):
    """The registers of people under one menu item."""

    menu_label = _("Registers")
    menu_icon = "table"
    menu_order = 250
    items: tuple[type[Register], ...] = (LearnerRegister, EnrolmentRegister)
