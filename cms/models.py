"""The site's own pages: the home page, which shows the catalogue, and standard pages such as About and Privacy."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from courses.models.localized import LocalizedPage


class HomePage(LocalizedPage, Page):
    heading = models.CharField(max_length=120, blank=True)
    introduction = RichTextField(blank=True, features=["bold", "italic", "link"])
    hero = models.ForeignKey(
        "courses.CourseImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("Stands beside the heading. Without one the site draws its own."),
    )

    content_panels = [*Page.content_panels, FieldPanel("heading"), FieldPanel("introduction"), FieldPanel("hero")]
    subpage_types: ClassVar[list[str]] = ["courses.CataloguePage", "cms.StandardPage"]
    template = "catalogue/catalogue.html"

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # Models of this app load first, and the catalogue needs those of courses.
        from courses.catalogue import catalogue_context

        return super().get_context(request, *args, **kwargs) | catalogue_context(request, self.content_language)


class StandardPage(LocalizedPage, Page):
    body = RichTextField(blank=True, features=["h2", "h3", "bold", "italic", "ol", "ul", "link", "hr"])

    content_panels = [*Page.content_panels, FieldPanel("body")]
    parent_page_types: ClassVar[list[str]] = ["cms.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "cms/standard_page.html"

    class Meta:
        verbose_name = _("standard page")
