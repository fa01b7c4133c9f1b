"""The admin as one product: menu, icons, branding, home panel, registers, permissions on people's data."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail_modeladmin.menus import GroupMenuItem
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from certificates.wagtail_hooks import MENU_HOOK
from cms.dashboards.accommodations import AccommodationRegister, accommodation_urls
from cms.dashboards.analysis import analysis_urls
from cms.dashboards.archives import ArchiveRegister, archive_urls
from cms.dashboards.bank import bank_urls, make_bank_buttons
from cms.dashboards.certificate_actions import certificate_urls
from cms.dashboards.certificates import CertificateRegister
from cms.dashboards.checklists import checklist_urls, make_checked_viewsets
from cms.dashboards.companies import CompanyRegister, MembershipRegister, company_urls
from cms.dashboards.course_archiving import (
    ArchiveBulkAction,
    RestoreBulkAction,
    archiving_urls,
    make_archive_buttons,
)
from cms.dashboards.courses import CourseListing, make_course_buttons
from cms.dashboards.curriculum import curriculum_urls
from cms.dashboards.exams import make_exams_menu
from cms.dashboards.marking import marking_urls
from cms.dashboards.panels import AttentionPanel
from cms.dashboards.preview_links import make_preview_buttons, preview_link_urls, register_preview_actions
from cms.dashboards.registers import Registers
from cms.dashboards.regrading import LOG_ACTION, regrading_urls
from cms.dashboards.releases import release_urls
from cms.dashboards.reopening import reopening_urls
from cms.dashboards.templates import make_template_buttons, template_urls
from learners.accounts.models import User


class AllRegisters(Registers):
    """With those that have screens of their own."""

    items = (*Registers.items, AccommodationRegister, CompanyRegister, MembershipRegister)


class Certificates(ModelAdminGroup):
    """Everything about certificates: the register, what was downloaded from it, and the designs."""

    menu_label = _("Certificates")
    menu_icon = "award"
    menu_order = 260
    items = (CertificateRegister, ArchiveRegister)

    def get_menu_item(self) -> MenuItem:
        menu = Menu(register_hook_name=MENU_HOOK, items=self.get_submenu_items())
        return GroupMenuItem(self, self.get_menu_order(), menu)


modeladmin_register(AllRegisters)
modeladmin_register(Certificates)

ICONS = ("award", "book", "chart")


@hooks.register("register_admin_viewset")
def register_course_listing() -> ViewSet:
    return CourseListing("courses", url_prefix="courses")


@hooks.register("register_admin_viewset")
def register_checked_editors() -> list[ViewSet]:
    return make_checked_viewsets()


@hooks.register("register_admin_urls")
def register_screens_of_registers() -> list[URLPattern]:
    return [*accommodation_urls(), *archiving_urls(), *checklist_urls(), *company_urls(), *reopening_urls()]


@hooks.register("register_admin_urls")
def register_release_urls() -> list[URLPattern]:
    return release_urls()


@hooks.register("register_admin_urls")
def register_exam_urls() -> list[URLPattern]:
    return [*marking_urls(), *regrading_urls(), *analysis_urls()]


@hooks.register("register_admin_urls")
def register_curriculum_urls() -> list[URLPattern]:
    return [*curriculum_urls(), *template_urls(), *bank_urls()]


@hooks.register("register_snippet_listing_buttons")
def register_bank_buttons(snippet: Any, user: User, next_url: str | None = None) -> Iterator[Button]:
    return make_bank_buttons(snippet, user)


@hooks.register("register_admin_menu_item")
def register_exams_menu() -> MenuItem:
    return make_exams_menu()


@hooks.register("register_page_listing_more_buttons")
def register_course_listing_buttons(page: Page, user: User, next_url: str | None = None) -> Iterator[Button]:
    yield from make_course_buttons(page, user)
    yield from make_archive_buttons(page, user, next_url)
    yield from make_template_buttons(page, user)
    yield from make_preview_buttons(page, user)


@hooks.register("register_page_header_buttons")
def register_course_header_buttons(
    page: Page, user: User, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    yield from make_course_buttons(page, user)
    yield from make_archive_buttons(page, user, next_url)
    yield from make_template_buttons(page, user)
    yield from make_preview_buttons(page, user)


hooks.register("register_bulk_action", ArchiveBulkAction)
hooks.register("register_bulk_action", RestoreBulkAction)


@hooks.register("register_log_actions")
def register_regrade_action(actions: LogActionRegistry) -> None:
    """In the history of a course page: who had its quiz graded again, and why."""
    actions.register_action(LOG_ACTION, _("Grade again"), _("Graded attempts again with a corrected key"))
    register_preview_actions(actions)


@hooks.register("register_admin_urls")
def register_preview_urls() -> list[URLPattern]:
    return preview_link_urls()


@hooks.register("register_admin_urls")
def register_certificate_urls() -> list[URLPattern]:
    return [*certificate_urls(), *archive_urls()]


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    return [*icons, *(f"cms/icons/{name}.svg" for name in ICONS)]


@hooks.register("construct_homepage_panels")
def add_attention_panel(request: HttpRequest, panels: list[Component]) -> None:
    panels.insert(0, AttentionPanel())


@hooks.register("construct_homepage_summary_items", order=1000)
def drop_summary_items(request: HttpRequest, items: list[Any]) -> None:
    """Counts of pages and images say nothing; the panel below says what needs attention."""
    items.clear()


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/css/admin.css"))


@hooks.register("register_permissions")
def register_people_permissions() -> "QuerySet[Permission]":
    """Lets an administrator give groups sight of the registers, in the group editor."""
    return Permission.objects.filter(
        Q(
            content_type__app_label="learners",
            codename__in=[
                "view_enrolment",
                "add_accommodation",
                "view_accommodation",
                "add_essaymark",
                "add_regrade",
                "view_itemstatistics",
            ],
        )
        | Q(content_type__app_label="certificates", codename__in=["view_certificate", "change_certificate"])
        | Q(content_type__app_label="companies", codename__in=["view_company", "change_company", "view_membership"])
        | Q(content_type__app_label="learners", codename="change_enrolment")
        | Q(content_type__app_label="accounts", codename="view_user")
    )
