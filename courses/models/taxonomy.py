"""Snippets that describe courses: categories, instructors, tags."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.snippets.models import register_snippet


@register_snippet
class Category(models.Model):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.CharField(max_length=255, blank=True)

    panels = [TitleFieldPanel("name", targets=["slug"]), FieldPanel("slug"), FieldPanel("description")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


@register_snippet
class Instructor(models.Model):
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120, blank=True, help_text=_("For example: Head of sales, Acme"))
    biography = models.TextField(blank=True)
    photo = models.ForeignKey("courses.CourseImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    panels = [FieldPanel("name"), FieldPanel("role"), FieldPanel("biography"), FieldPanel("photo")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")

    def __str__(self) -> str:
        return self.name


class Tag(TagBase):
    free_tagging = True

    class Meta:
        verbose_name = _("course tag")
        verbose_name_plural = _("course tags")


class CourseTag(ItemBase):
    """Joins a tag to a course page."""

    tag = models.ForeignKey(Tag, related_name="tagged_courses", on_delete=models.CASCADE)
    content_object = ParentalKey("courses.CoursePage", related_name="tagged_items", on_delete=models.CASCADE)
