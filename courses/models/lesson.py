"""Lesson pages: a StreamField of typed blocks whose ids carry every learner's progress."""

import copy
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail_localize.fields import TranslatableField

from courses.blocks.ids import ensure_ids, has_all_ids
from courses.blocks.lesson import LessonBody
from courses.models.gates import GatedPage
from courses.models.studied import StudiedPage, same_in_all_languages
from courses.panels import CompileErrorPanel


class LessonPage(GatedPage, StudiedPage):
    summary = models.CharField(max_length=300, blank=True, help_text=_("One sentence for the course outline."))
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("How long the lesson takes. Leave empty for an estimate from its blocks.")
    )
    body = StreamField(LessonBody(), blank=True)
    source = models.CharField(max_length=255, blank=True, editable=False)

    content_panels = [
        CompileErrorPanel(),
        *StudiedPage.content_panels,
        FieldRowPanel([FieldPanel("summary"), FieldPanel("minutes")]),
        FieldPanel("body"),
        *GatedPage.gate_panels,
    ]
    parent_page_types = ["courses.ModulePage", "courses.TemplatesPage"]
    subpage_types: list[str] = []
    translatable_fields = [
        *(TranslatableField(name) for name in ("title", "slug", "summary", "body")),
        *same_in_all_languages("minutes", "release_at", "release_after_days", "requires"),
    ]
    levels_below_catalogue = 3
    page_description = _("Text, media and quizzes that a learner works through in one go.")

    class Meta:
        verbose_name = _("lesson")

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.ensure_block_ids()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.ensure_block_ids()
        super().save(*args, **kwargs)

    def serializable_data(self) -> dict[str, Any]:
        """What a revision stores; a draft of a live page is never saved itself, so ids are made sure of here too."""
        self.ensure_block_ids()
        return super().serializable_data()

    def ensure_block_ids(self) -> None:
        """Give every block, question and choice its own id; bodies that are in order stay untouched."""
        block, raw = self.body.stream_block, self.body.get_prep_value()
        if not has_all_ids(block, raw):
            self.body = StreamValue(block, ensure_ids(block, copy.deepcopy(raw)), is_lazy=True)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from courses.preview import preview_lesson

        return preview_lesson(request, self)
