"""When a module or lesson opens: on a date, days after enrolling, after other lessons."""

from collections.abc import Iterable
from typing import Any, cast

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField

from courses.blocks.gates import RequiredLessonBlock
from courses.publishing import PublishProblem

MAX_DAYS = 3650


class GatedPage(models.Model):
    """The fields that modules and lessons share. A chosen lesson is kept by its key: deleting it ends the rule."""

    release_at = models.DateTimeField(
        null=True, blank=True, verbose_name=gettext_lazy("opens on"), help_text=gettext_lazy("Empty: at once.")
    )
    release_after_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(MAX_DAYS)],
        verbose_name=gettext_lazy("days after enrolling"),
        help_text=gettext_lazy("It opens so many days after a learner enrolled."),
    )
    requires = StreamField(
        [("lesson", RequiredLessonBlock())],
        blank=True,
        verbose_name=gettext_lazy("opens after"),
        help_text=gettext_lazy("Lessons of this course to complete first."),
    )

    gate_panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("release_at"), FieldPanel("release_after_days")]), FieldPanel("requires")],
            heading=gettext_lazy("When it opens"),
        )
    ]

    class Meta:
        abstract = True

    def find_gate_problems(self) -> list[PublishProblem]:
        from courses.models.waiting import find_waiting_problems

        return find_waiting_problems(cast(Any, self))


def describe_cycle(titles: Iterable[str]) -> str:
    """For editors: which lessons wait for each other."""
    names = [f"“{title}”" for title in titles]
    if len(names) == 1:
        return _("%(lesson)s waits for itself.") % {"lesson": names[0]}
    return _("These wait for each other and could never open: %(lessons)s.") % {
        "lessons": " → ".join([*names, names[0]])
    }
