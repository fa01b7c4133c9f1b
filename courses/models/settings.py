"""Settings of the site about content, edited in the admin: how serious each check of the quality gate is."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


class CheckLevel(models.TextChoices):
    ERROR = "error", _("Error: holds up the review")
    WARNING = "warning", _("Warning: is shown")
    OFF = "off", _("Off")


def _level(default: CheckLevel, name: Any, help_text: Any = "") -> "models.CharField[str, str]":
    return models.CharField(max_length=8, choices=CheckLevel, default=default, verbose_name=name, help_text=help_text)


@register_setting(icon="clipboard-list")
class QualitySettings(BaseGenericSetting):
    """One field a check, named as the check. What publishing refuses anyway has no field: it is always an error."""

    captions = _level(CheckLevel.ERROR, _("Video files without captions and transcript"))
    hosted_captions = _level(CheckLevel.WARNING, _("Videos hosted elsewhere (YouTube, Vimeo ...) without transcript"))
    transcripts = _level(CheckLevel.ERROR, _("Recordings without transcript"))
    media_titles = _level(CheckLevel.WARNING, _("Media from elsewhere without title"))
    alternative_texts = _level(
        CheckLevel.ERROR,
        _("Images without alternative text that are not decorative"),
        _("Publishing refuses these in any case."),
    )
    missing_files = _level(CheckLevel.ERROR, _("Images, media and documents that were deleted"))
    broken_links = _level(CheckLevel.ERROR, _("Links within the site that lead nowhere"))
    unpublished_links = _level(CheckLevel.WARNING, _("Links to what is not published"))
    explanations = _level(CheckLevel.WARNING, _("Questions without explanation"))
    reading_level = _level(CheckLevel.WARNING, _("Words that are hard to read"))
    max_grade = models.PositiveSmallIntegerField(
        default=14,
        validators=[MinValueValidator(4), MaxValueValidator(25)],
        verbose_name=_("most years of school"),
        help_text=_("English: Flesch-Kincaid. Also German, Dutch, Danish, Norwegian and Swedish."),
    )
    long_lessons = _level(CheckLevel.WARNING, _("Long lessons"))
    max_minutes = models.PositiveSmallIntegerField(
        default=45,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        verbose_name=_("most minutes of a lesson"),
    )
    headings = _level(CheckLevel.WARNING, _("Headings that leave out a level"))
    empty_lessons = _level(CheckLevel.ERROR, _("Lessons without content"))
    empty_modules = _level(CheckLevel.WARNING, _("Courses without modules, modules without lessons"))
    catalogue_card = _level(CheckLevel.WARNING, _("Courses without summary or cover"))

    check_names: ClassVar[tuple[str, ...]] = (
        *("captions", "hosted_captions", "transcripts", "media_titles", "alternative_texts", "missing_files"),
        *("broken_links", "unpublished_links", "explanations", "reading_level", "long_lessons", "headings"),
        *("empty_lessons", "empty_modules", "catalogue_card"),
    )
    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("captions"), FieldPanel("hosted_captions")]),
                FieldRowPanel([FieldPanel("transcripts"), FieldPanel("media_titles")]),
                FieldRowPanel([FieldPanel("alternative_texts"), FieldPanel("missing_files")]),
            ],
            heading=_("Pictures, film and sound"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("broken_links"), FieldPanel("unpublished_links")]),
                FieldRowPanel([FieldPanel("explanations"), FieldPanel("headings")]),
                FieldRowPanel([FieldPanel("reading_level"), FieldPanel("max_grade")]),
            ],
            heading=_("Words and questions"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("long_lessons"), FieldPanel("max_minutes")]),
                FieldRowPanel([FieldPanel("empty_lessons"), FieldPanel("empty_modules")]),
                FieldPanel("catalogue_card"),
            ],
            heading=_("Lessons, modules, courses"),
        ),
    ]

    class Meta:
        verbose_name = _("quality of courses")

    @property
    def levels(self) -> dict[str, str]:
        """By check."""
        return {name: getattr(self, name) for name in self.check_names}
