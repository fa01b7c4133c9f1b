"""Fixtures every test may use: the site as ``manage.py setup`` makes it, and fresh caches."""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from wagtail.models import Collection, Locale, Page, Site

from courses.editions.queries import clear_caches
from courses.models import CataloguePage

# No test is timed: machines are slow at times, and what is fast enough is measured by ``make bench``.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Races are invisible on SQLite, where one writer goes at a time: such tests run on PostgreSQL only.

    The run on PostgreSQL in turn leaves out what touches no database: it has been tested in the run on SQLite.
    """
    if connection.vendor != "postgresql":
        skip = pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL")
        for item in items:
            if "postgresql" in item.keywords:
                item.add_marker(skip)
        return
    pure = [item for item in items if not _touches_database(item)]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if _touches_database(item)]


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return "django_db" in item.keywords or bool(fixtures & {"db", "transactional_db", "django_db_setup"})


@pytest.fixture(autouse=True)
def fresh_caches() -> Iterator[None]:
    """Parsed editions and the cache outlive a rolled-back test; ids do not."""
    clear_caches()
    cache.clear()
    Site.clear_site_root_paths_cache()
    yield


@pytest.fixture
def languages(settings: Any) -> None:
    """A site in English, German and Arabic."""
    settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("de", "German"), ("ar", "Arabic")]
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "Arabic")]
    settings.WAGTAIL_I18N_ENABLED = True


@pytest.fixture
def catalogue(db: None) -> CataloguePage:
    return _make_catalogue()


@pytest.fixture
def transactional_catalogue(transactional_db: None) -> CataloguePage:
    """The catalogue for tests in which commits really happen."""
    return _make_catalogue()


def _make_catalogue() -> CataloguePage:
    """A site whose root page is the parent of the catalogue at ``/courses/``; tests run without migrations."""
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")
    home = root.add_child(instance=Page(title="Home", slug="site-home"))
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True, site_name="Coursewright")
    page = CataloguePage(title="Courses", slug="courses")
    home.add_child(instance=page)
    return page
