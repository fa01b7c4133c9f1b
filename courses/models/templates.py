"""The templates section: the one page under which templates of courses and lessons live, unpublished for ever."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class TemplatesPage(Page):
    subpage_types = ["courses.CoursePage", "courses.LessonPage"]
    parent_page_types = ["courses.CataloguePage"]
    max_count = 1
    holds_templates = True
    page_description = _("Holds the templates that courses and lessons are made from. Nothing in it is ever published.")

    class Meta:
        verbose_name = _("templates")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A shelf for editors: learners have nothing to see here."""
        raise Http404
