"""The catalogue: the one page under which every course lives."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from courses.catalogue import catalogue_context
from courses.models.localized import LocalizedPage


class CataloguePage(LocalizedPage, Page):
    introduction = RichTextField(blank=True, features=["bold", "italic", "link"])

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types = ["courses.CoursePage", "courses.TemplatesPage"]
    max_count = 1
    template = "catalogue/catalogue.html"

    class Meta:
        verbose_name = _("catalogue")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | catalogue_context(request, self.content_language)
