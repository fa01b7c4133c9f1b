"""Course and module pages: the working copy that editors write and editions are compiled from."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.blocks import CharBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index
from wagtail_localize.fields import TranslatableField

from courses.blocks.gates import RequiredCourseBlock
from courses.enums import CourseAccess, DeltaTraining, Level, Progression, ReleaseMode, ReleasePolicy
from courses.languages import make_prefix
from courses.models.gates import GatedPage
from courses.models.studied import StudiedPage, same_in_all_languages
from courses.panels import ArchivedPanel, CompileErrorPanel, EditionPanel
from courses.publishing import PublishProblem


def default_language() -> str:
    return "en"


class CoursePage(StudiedPage):
    summary = models.CharField(max_length=300, blank=True, help_text=_("One or two sentences for the catalogue card."))
    description = RichTextField(blank=True, features=["h3", "bold", "italic", "ol", "ul", "link"])
    cover = models.ForeignKey("courses.CourseImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    categories = ParentalManyToManyField("courses.Category", blank=True, related_name="courses")
    tags = ClusterTaggableManager(through="courses.CourseTag", blank=True)
    instructors = ParentalManyToManyField("courses.Instructor", blank=True, related_name="courses")
    level = models.CharField(max_length=20, choices=Level, default=Level.BEGINNER)
    language = models.CharField(max_length=12, default=default_language, help_text=_("Language code, such as en."))
    objectives = StreamField(
        [("objective", CharBlock(max_length=255))], blank=True, verbose_name=_("what you will learn")
    )
    prerequisites = StreamField([("prerequisite", CharBlock(max_length=255))], blank=True)
    requires = StreamField(
        [("course", RequiredCourseBlock())],
        blank=True,
        verbose_name=_("required courses"),
        help_text=_("Courses to complete before one can enrol on this one."),
    )
    estimated_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Leave empty to add up the minutes of the lessons.")
    )
    passing_percentage = models.PositiveSmallIntegerField(
        default=70, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    time_limit = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=_("Most minutes of study, as measured; then the course closes for the learner. Empty: no limit."),
    )
    completion_deadline = models.DateField(null=True, blank=True)
    completion_days = models.PositiveIntegerField(
        null=True, blank=True, verbose_name=_("completion timeframe"), help_text=_("Days after enrolling.")
    )
    expires_after_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        verbose_name=_("closes after"),
        help_text=_("Days after the deadline at which an unfinished enrolment closes; empty: never."),
    )
    progression = models.CharField(max_length=12, choices=Progression, default=Progression.FREE)
    access = models.CharField(max_length=12, choices=CourseAccess, default=CourseAccess.ENROLLED)
    has_certificate = models.BooleanField(default=True, verbose_name=_("certificate"))
    certificate_validity_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Empty: the certificate never expires.")
    )
    release_mode = models.CharField(
        max_length=12, choices=ReleaseMode, default=ReleaseMode.AUTOMATIC, verbose_name=_("releases")
    )
    release_policy = models.CharField(
        max_length=12,
        choices=ReleasePolicy,
        default=ReleasePolicy.EVERYONE,
        verbose_name=_("who moves to a new edition"),
        help_text=_("People with an unfinished enrolment. A manual release may decide otherwise."),
    )
    is_reviewed_as_whole = models.BooleanField(
        default=False,
        verbose_name=_("review the whole course at once"),
        help_text=_("Modules and lessons are submitted and approved together with their course."),
    )
    delta_training = models.CharField(
        max_length=12,
        choices=DeltaTraining,
        default=DeltaTraining.OFF,
        verbose_name=_("after a major change"),
        help_text=_("What it means for people who have completed the course."),
    )
    source = models.CharField(max_length=255, blank=True, editable=False)
    is_archived = models.BooleanField(default=False, editable=False, verbose_name=_("archived"))

    exclude_fields_in_copy = ["is_archived"]
    content_panels = [
        ArchivedPanel(),
        CompileErrorPanel(),
        *StudiedPage.content_panels,
        FieldPanel("summary"),
        FieldPanel("cover"),
        FieldPanel("description"),
        FieldPanel("objectives"),
        FieldPanel("prerequisites"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("level"), FieldPanel("language"), FieldPanel("estimated_minutes")]),
                FieldPanel("categories", widget=CheckboxSelectMultiple),
                FieldPanel("tags"),
                FieldPanel("instructors", widget=CheckboxSelectMultiple),
            ],
            heading=_("Catalogue"),
        ),
    ]
    study_panels = [
        MultiFieldPanel([FieldPanel("access"), FieldPanel("progression"), FieldPanel("requires")], heading=_("Access")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("passing_percentage"), FieldPanel("time_limit")])], heading=_("Passing")
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("completion_deadline"), FieldPanel("completion_days"), FieldPanel("expires_after_days")]
                )
            ],
            heading=_("Deadline"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("has_certificate"), FieldPanel("certificate_validity_months")])],
            heading=_("Certificate"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("release_mode"),
                FieldPanel("release_policy"),
                FieldPanel("is_reviewed_as_whole"),
                FieldPanel("delta_training"),
            ],
            heading=_("Releases"),
        ),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Content")),
            ObjectList(study_panels, heading=_("Study rules")),
            ObjectList(
                [EditionPanel(heading=_("Edition in force")), *StudiedPage.promote_panels], heading=_("Promote")
            ),
        ]
    )
    translatable_fields = [
        *(TranslatableField(name) for name in ("title", "slug", "summary", "description", "objectives")),
        TranslatableField("prerequisites"),
        *same_in_all_languages("cover", is_replaceable=True),
        *same_in_all_languages(
            *("categories", "tagged_items", "instructors", "level", "requires", "estimated_minutes"),
            *("passing_percentage", "time_limit", "completion_deadline", "completion_days", "expires_after_days"),
            *("progression", "access", "has_certificate", "certificate_validity_months"),
            *("release_mode", "release_policy", "is_reviewed_as_whole", "delta_training"),
        ),
    ]
    # Listings leave templates out, also of what was searched for.
    search_fields = [*StudiedPage.search_fields, index.FilterField("is_template")]
    page_description = _("A course: its modules and lessons stand below it.")
    parent_page_types = ["courses.CataloguePage", "courses.TemplatesPage"]
    subpage_types = ["courses.ModulePage"]

    class Meta:
        verbose_name = _("course")

    @property
    def status_string(self) -> str:
        """As listings show it."""
        return gettext("archived") if self.is_archived else str(super().status_string)

    def with_content_json(self, content: dict[str, Any]) -> "CoursePage":
        """Archiving is a fact about the page: an older revision that is published or restored does not change it."""
        page: CoursePage = super().with_content_json(content)
        page.is_archived = self.is_archived
        return page

    @property
    def taught_in(self) -> str:
        """A translation is taught in the language it was translated into; what was written first says it itself."""
        code = self.locale.language_code
        return code if make_prefix(code) else self.language

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from courses.preview import preview_course

        return preview_course(request, self)

    def find_gate_problems(self) -> list[PublishProblem]:
        from courses.models.waiting import find_course_problems

        return find_course_problems(self)


class ModulePage(GatedPage, StudiedPage):
    summary = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=255, blank=True, editable=False)

    content_panels = [CompileErrorPanel(), *StudiedPage.content_panels, FieldPanel("summary"), *GatedPage.gate_panels]
    translatable_fields = [
        *(TranslatableField(name) for name in ("title", "slug", "summary")),
        *same_in_all_languages("release_at", "release_after_days", "requires"),
    ]
    levels_below_catalogue = 2
    page_description = _("A part of a course; lessons stand below it.")
    parent_page_types = ["courses.CoursePage"]
    subpage_types = ["courses.LessonPage"]

    class Meta:
        verbose_name = _("module")
