"""Fixtures every test may use: the site as ``manage.py setup`` makes it, and fresh caches."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from wagtail.models import Locale, Page, Site

from courses.editions.queries import clear_caches
from courses.models import CataloguePage


@pytest.fixture(autouse=True)
def fresh_caches() -> Iterator[None]:
    """Parsed editions and the cache outlive a rolled-back test; ids do not."""
    clear_caches()
    cache.clear()
    Site.clear_site_root_paths_cache()
    yield


@pytest.fixture
def catalogue(db: None) -> CataloguePage:
    """A site whose root page is the parent of the catalogue at ``/courses/``; tests run without migrations."""
    Locale.objects.get_or_create(language_code="en")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")
    home = root.add_child(instance=Page(title="Home", slug="site-home"))
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True, site_name="Coursewright")
    page = CataloguePage(title="Courses", slug="courses")
    home.add_child(instance=page)
    return page
