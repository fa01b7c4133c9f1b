"""Editions: immutable, numbered compiles of a course, and the one mutable row that says which is in force."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.enums import ChangeClass, DeltaTraining, PlanState, ReleasePolicy
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


class Release(models.Model):
    """The act that put an edition in force: who, when, how much changed, and who moves. Written once, with it.

    Editions from before there were releases have none: they count as released for everyone.
    """

    wagtail_reference_index_ignore = True

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="release")
    previous = models.ForeignKey(
        Edition, null=True, on_delete=models.PROTECT, related_name="+", help_text=_("What was in force until then.")
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    released_at = models.DateTimeField()
    note = models.TextField(blank=True, help_text=_("What learners read about it."))
    computed_class = models.CharField(
        max_length=8, choices=ChangeClass, blank=True, help_text=_("What the comparison said; empty: the first.")
    )
    change_class = models.CharField(
        max_length=8, choices=ChangeClass, blank=True, help_text=_("The same, or what an editor raised it to.")
    )
    policy = models.CharField(max_length=12, choices=ReleasePolicy)
    delta_training = models.CharField(
        max_length=12,
        choices=DeltaTraining,
        default=DeltaTraining.OFF,
        help_text=_("What the course asked of those who had completed it."),
    )
    is_automatic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-released_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.edition} · {self.change_class}"


class ReleasePlan(models.Model):
    """Somebody's wish to publish these drafts and release the course: at once, at a time, or when a review approves it.

    What is published is what they saw: the revisions are named here, and later drafts stay drafts. The work is done
    in the background (``courses.releases.running``); this row says how far it is and how it ended.
    """

    wagtail_reference_index_ignore = True

    course = models.ForeignKey(
        "courses.CoursePage", null=True, on_delete=models.SET_NULL, related_name="release_plans", db_constraint=False
    )
    course_key = models.UUIDField()
    revisions = models.JSONField(default=dict, help_text=_("Revision to publish by page, both as primary keys."))
    note = models.TextField(blank=True)
    change_class = models.CharField(max_length=8, choices=ChangeClass, blank=True)
    policy = models.CharField(max_length=12, choices=ReleasePolicy)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    requested_at = models.DateTimeField()
    release_at = models.DateTimeField(null=True, blank=True, help_text=_("Not before; empty: at once."))
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.WAITING)
    claimed_until = models.DateTimeField(null=True, blank=True)
    pages_done = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True, help_text=_("Why it was refused."))
    release = models.OneToOneField(Release, null=True, on_delete=models.PROTECT, related_name="plan")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course"],  # a translation is a course page of its own
                condition=models.Q(finished_at__isnull=True),
                name="one_open_release_plan_a_course",
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_key} · {self.state}"

    @property
    def pages_total(self) -> int:
        return len(self.revisions)

    @property
    def is_open(self) -> bool:
        return self.finished_at is None


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
    is_archived = models.BooleanField(
        default=False, help_text=_("No longer offered: only those enrolled find it. See courses.archiving.")
    )
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
    unreleased_digest = models.CharField(
        max_length=64, blank=True, help_text=_("What a release would make of what is published; empty: nothing new.")
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
    def is_offered(self) -> bool:
        """Whether people who are not enrolled may find it, and enrol."""
        return self.is_published and not self.is_archived

    @property
    def version(self) -> tuple[UUID, str]:
        """Which course in which language it stands for."""
        return self.course_key, self.language

    @property
    def path(self) -> str:
        """Where the course is now, in this language."""
        return make_course_path(self.language, self.slug)
