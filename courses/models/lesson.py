"""Lesson pages: a StreamField of typed blocks whose ids carry every learner's progress."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.blocks.lesson import LessonBody


class LessonPage(Page):
    summary = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("How long the lesson takes. Leave empty for an estimate from its blocks.")
    )
    body = StreamField(LessonBody(), blank=True)
    source = models.CharField(max_length=255, blank=True, editable=False)

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("minutes"), FieldPanel("body")]
    parent_page_types = ["courses.ModulePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("lesson")
