"""What comes after exams, under one menu item that says how many wait for a person."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from cms.dashboards.marking import waiting_badge
from learners.exams.access import can_analyse, can_mark, can_regrade


class CheckedItem(MenuItem):
    """Shown to those who may enter. Items are shared by all requests, so a label with a number is made anew."""

    def __init__(self, *args: Any, is_open_to: Callable[[Any], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_open_to = is_open_to

    def is_shown(self, request: HttpRequest) -> bool:
        return self.is_open_to(request.user)


class MarkingItem(CheckedItem):
    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        component.label = with_badge(self.label, request)
        return component


class ExamsItem(SubmenuMenuItem):
    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        if can_mark(request.user):
            component.label = with_badge(self.label, request)
        return component


class ExamsMenu(Menu):
    @cached_property
    def registered_menu_items(self) -> list[MenuItem]:
        return [
            MarkingItem(
                _("Marking"), reverse_lazy("marking"), name="marking", icon_name="edit", order=10, is_open_to=can_mark
            ),
            CheckedItem(
                _("Question analysis"),
                reverse_lazy("analyses"),
                name="question-analysis",
                icon_name="chart",
                order=20,
                is_open_to=can_analyse,
            ),
            CheckedItem(
                _("Regrades"),
                reverse_lazy("regrades"),
                name="regrades",
                icon_name="rotate",
                order=30,
                is_open_to=can_regrade,
            ),
        ]


def with_badge(label: Any, request: HttpRequest) -> str:
    """ "Marking (3)"; without a number where nothing waits."""
    badge = waiting_badge(request.user)  # type: ignore[arg-type]
    return f"{label} ({badge})" if badge else str(label)


def make_exams_menu() -> MenuItem:
    return ExamsItem(_("Exams"), ExamsMenu(), name="exams", icon_name="tasks", order=240)
