"""Refuses, politely, to delete content that people are studying: unpublish it instead."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.models import Page

from learners.progress.impact import count_learners_on


@hooks.register("before_delete_page")
def refuse_to_delete_studied_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    if request.method != "POST":
        return None
    return _refuse(request, [page], back_to=page)


@hooks.register("before_bulk_action")
def refuse_to_delete_studied_pages(
    request: HttpRequest, action_type: str, objects: list[Any], _action: Any
) -> HttpResponse | None:
    pages = [each for each in objects if isinstance(each, Page)]
    if action_type != "delete" or not pages:
        return None
    return _refuse(request, pages, back_to=pages[0])


def _refuse(request: HttpRequest, pages: list[Page], back_to: Page) -> HttpResponse | None:
    for page in pages:
        count = count_learners_on(page)
        if count:
            text = ngettext(
                "“%(title)s” was not deleted: %(count)s person is in the middle of it. "
                "Unpublish it instead; their progress and results are kept.",
                "“%(title)s” was not deleted: %(count)s people are in the middle of it. "
                "Unpublish it instead; their progress and results are kept.",
                count,
            )
            messages.error(request, text % {"title": page.get_admin_display_title(), "count": count})
            parent = back_to.get_parent()
            return redirect("wagtailadmin_explore", parent.pk if parent else back_to.pk)
    return None
