"""Editions: immutable, numbered compiles of a course, and the one mutable row that says which is in force."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.languages import make_course_path


class Document(models.Model):
    """One lesson as learners get it: canonical JSON, addressed by its SHA-256, shared by all editions with it."""

    wagtail_reference_index_ignore = True

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()


class AnswerKey(models.Model):
    """The quizzes of one lesson with questions, keys and explanations. Only ``courses.editions.answers`` reads it."""

    wagtail_reference_index_ignore = True

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()


def make_outline_etag(digest: str, number: int) -> str:
    """Names one very outline: the digest alone would repeat when an old content comes back under a new number."""
    return f"{digest[:40]}-{number}"


class Edition(models.Model):
    """What was in force at one time. Rows are written once and never changed or deleted."""

    wagtail_reference_index_ignore = True

    course = models.ForeignKey(
        "courses.CoursePage", null=True, on_delete=models.SET_NULL, related_name="editions", db_constraint=False
    )
    course_key = models.UUIDField(help_text=_("The course page's translation_key: survives the page."))
    language = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text=_("SHA-256 over outline, lesson and answer-key digests."))
    title = models.CharField(max_length=255)
    slug = models.SlugField(max_length=255)
    outline = models.TextField(help_text=_("The outline document as it is served, canonical JSON."))
    contents = models.TextField(
        help_text=_('JSON by lesson key: {"lessons": document digests, "answers": key digests, "fingerprints": ...}.')
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course_key", "language", "number"], name="one_edition_a_number"),
        ]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.title} · edition {self.number}"

    @property
    def version(self) -> tuple[UUID, str]:
        """Which course in which language it is an edition of."""
        return self.course_key, self.language

    @property
    def etag(self) -> str:
        return make_outline_etag(self.digest, self.number)


class CourseState(models.Model):
    """One row a course: the edition in force, its address, its search text, and why the last compile failed."""

    wagtail_reference_index_ignore = True

    course = models.OneToOneField(
        "courses.CoursePage", null=True, on_delete=models.SET_NULL, related_name="state", db_constraint=False
    )
    course_key = models.UUIDField()
    language = models.CharField(max_length=12, default="en", help_text=_("Locale of the page; part of the key."))
    slug = models.SlugField(max_length=255, db_index=True)
    edition = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="+")
    is_published = models.BooleanField(default=False, help_text=_("The course page is live and has an edition."))
    title = models.CharField(max_length=255, blank=True)
    level = models.CharField(max_length=20, blank=True)
    content_language = models.CharField(max_length=12, blank=True, help_text=_("What the course is taught in."))
    access = models.CharField(max_length=12, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    card = models.TextField(blank=True, help_text=_("What a catalogue card shows, JSON; see courses.catalogue."))
    search_text = models.TextField(blank=True, help_text=_("Folded words of the course; no lesson text, no quiz."))
    bank_categories = models.JSONField(
        default=list, help_text=_("Primary keys of the question bank categories that its quizzes draw from.")
    )
    first_published_at = models.DateTimeField(null=True)
    compile_error = models.TextField(blank=True)
    compile_failed_at = models.DateTimeField(null=True)
    compiled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course_key", "language"], name="one_state_a_course")]

    def __str__(self) -> str:
        return self.slug

    @property
    def path(self) -> str:
        """Where the course is now, in this language."""
        return make_course_path(self.language, self.slug)
