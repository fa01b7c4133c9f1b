"""Fixtures every test may use: the site as ``manage.py setup`` makes it, and fresh caches."""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.contrib.contenttypes.models import ContentType
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

    The run on PostgreSQL in turn leaves out what touches no database, and walks that take long and meet only queries
    that other tests send as well (``once``): they have been tested in the run on SQLite.
    """
    if connection.vendor != "postgresql":
        skip = pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL")
        for item in items:
            if "postgresql" in item.keywords:
                item.add_marker(skip)
        return
    config.hook.pytest_deselected(items=[item for item in items if not _belongs_to_postgresql(item)])
    items[:] = [item for item in items if _belongs_to_postgresql(item)]


def _belongs_to_postgresql(item: pytest.Item) -> bool:
    if "once" in item.keywords:
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return "django_db" in item.keywords or bool(fixtures & {"db", "transactional_db", "django_db_setup"})


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """On PostgreSQL, tests that commit are cleaned up after row by row: truncating 150 tables takes half a second."""
    if connection.vendor == "postgresql":
        connection.ops.sql_flush = _delete_rows


def _delete_rows(style: Any, tables: list[str], *, reset_sequences: bool = False, **options: Any) -> list[str]:
    """The statements that empty those of ``tables`` that ever held something; constraints and triggers look away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_relation_size(oid) > 0", [tables])
        written = [connection.ops.quote_name(name) for (name,) in cursor]
    return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in written)]  # noqa: S608 -- names of tables


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
    """A site whose root page is the parent of the catalogue at ``/courses/``; tests run without migrations.

    Written as rows: every second test begins here, and saving three pages Wagtail's way takes 85 queries.
    """
    locale, _ = Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    Site.objects.all().delete()
    Page.objects.filter(depth=1).delete()
    kinds = ContentType.objects.get_for_models(Page, CataloguePage)
    rows = (("Root", "root", "/", Page), ("Home", "site-home", "/site-home/", Page),
            ("Courses", "courses", "/site-home/courses/", CataloguePage))  # fmt: skip
    _root, home, shelf = Page.objects.bulk_create(
        Page(
            title=title,
            draft_title=title,
            slug=slug,
            url_path=url_path,
            path="0001" * depth,
            depth=depth,
            numchild=int(depth < len(rows)),
            locale=locale,
            content_type=kinds[model],
        )
        for depth, (title, slug, url_path, model) in enumerate(rows, start=1)
    )
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True, site_name="Coursewright")
    page = CataloguePage(page_ptr=shelf)
    page.save_base(raw=True, force_insert=True)
    return CataloguePage.objects.get(pk=page.pk)
