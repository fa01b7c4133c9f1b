"""Links between the site's own pages."""

from django import template
from django.db.models import QuerySet

from cms.models import StandardPage

register = template.Library()


@register.simple_tag
def standard_pages() -> "QuerySet[StandardPage]":
    """About, Privacy and the like, in the order of the page tree, for the footer. One query."""
    return StandardPage.objects.live().order_by("path").only("title", "url_path")[:6]
