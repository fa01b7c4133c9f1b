"""Refuses, politely, to delete content with learners' records: archive it instead. Lessons go with a warning."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.models import Page

from courses.models import CoursePage
from learners.accounts.models import User
from learners.deletion import DeletionRefusal, describe_kept_records, find_deletion_refusal
from learners.reporting.previews import count_impact


@hooks.register("describe_release_impact")
def describe_release_impact(course: CoursePage) -> dict[str, Any]:
    """For ``manage.py course plan``: what releasing the drafts of the course would do."""
    return count_impact(course)


@hooks.register("before_delete_page")
def refuse_to_delete_studied_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Also before the confirmation is shown: there is no point in asking."""
    if (refused := _refuse(request, [page])) is not None:
        return refused
    if request.method != "POST" and (warning := describe_kept_records(page)):
        messages.warning(request, warning)
    return None


@hooks.register("before_bulk_action")
def refuse_to_delete_studied_pages(
    request: HttpRequest, action_type: str, objects: list[Any], _action: Any
) -> HttpResponse | None:
    pages = [each for each in objects if isinstance(each, Page)]
    if action_type != "delete" or not pages:
        return None
    if (refused := _refuse(request, pages)) is not None:
        return refused
    for page in pages:
        if warning := describe_kept_records(page):
            messages.warning(request, warning)
    return None


@hooks.register("construct_admin_api", order=10)
def guard_admin_api(router: WagtailAPIRouter) -> None:
    """After the publishing gate, whose endpoint this one extends."""
    from learners.admin_api import GuardedPagesAPIViewSet

    router.register_endpoint("pages", GuardedPagesAPIViewSet)


def _refuse(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    """Nothing is deleted if one of several may not be; the answer leads to where the pages stand."""
    refusals = [refusal for page in pages if (refusal := find_deletion_refusal(page)) is not None]
    if not refusals:
        return None
    for refusal in refusals:
        messages.error(request, refusal.message, buttons=_offer_archive(request.user, refusal))
    parent = pages[0].get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent else pages[0].pk)


def _offer_archive(user: User | AnonymousUser, refusal: DeletionRefusal) -> list[Any]:
    course = Page.objects.filter(pk=refusal.course_id).first() if refusal.course_id else None
    if course is None or not course.permissions_for_user(user).can_publish():
        return []
    return [messages.button(reverse("archive_course", args=[course.pk]), _("Archive"))]
