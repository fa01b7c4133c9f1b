"""Companies, their teams and people, and the deadlines they set for their own."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Company(models.Model):
    """A customer's organisation. ``time_zone`` is where its days end; empty means the site's."""

    wagtail_reference_index_ignore = True

    name = models.CharField(max_length=150, unique=True)
    slug = models.SlugField(max_length=150, unique=True)
    time_zone = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A part of a company."""

    wagtail_reference_index_ignore = True

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="one_team_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    MEMBER = "member", _("Member")


class Membership(models.Model):
    """A person in a company. Owners and managers follow all its members."""

    wagtail_reference_index_ignore = True

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "user"], name="one_membership_a_company")]
        indexes = [models.Index(fields=["user", "role"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.company}"


class DeadlineRule(models.Model):
    """What a company asks of its members: finish a course (or, without ``course_key``, every course) by a day, or
    within days of enrolling."""

    wagtail_reference_index_ignore = True

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="deadline_rules")
    course_key = models.UUIDField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    days = models.PositiveIntegerField(null=True, blank=True, help_text=_("Days after enrolling."))
    note = models.CharField(max_length=255, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "course_key"], name="one_deadline_rule_a_course"),
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(course_key__isnull=True), name="one_deadline_rule_for_the_rest"
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__isnull=True, days__isnull=False)
                | models.Q(due_on__isnull=False, days__isnull=True),
                name="deadline_rule_has_a_day_or_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.course_key or '*'}"
