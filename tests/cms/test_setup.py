"""``manage.py setup``: makes what is missing, once, and never touches what people made."""

import io
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from wagtail.models import Collection, GroupPagePermission, Locale, Page, Site, WorkflowPage

from cms.installation import set_up
from cms.models import HomePage
from courses.models import CataloguePage
from tests.factories.site import take_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def stock_site() -> Site:
    """What Wagtail's migrations leave behind; tests run without migrations."""
    Locale.objects.get_or_create(language_code="en")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    welcome = root.add_child(instance=Page(title="Welcome to your new Wagtail site!", slug="home"))
    return Site.objects.create(hostname="localhost", port=80, root_page=welcome, is_default_site=True)


@pytest.fixture
def database_cache(settings) -> Iterator[str]:
    table = "test_cache_table"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": table}}
    yield table
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")


def run_setup() -> str:
    output = io.StringIO()
    call_command("setup", stdout=output)
    return output.getvalue()


def test_setup_replaces_the_welcome_page_by_home_and_catalogue(stock_site, settings):
    settings.SITE_BASE_URL = "https://learn.example.org"
    set_up()
    stock_site.refresh_from_db()
    assert (stock_site.hostname, stock_site.port, stock_site.site_name) == ("learn.example.org", 443, "Coursewright")
    assert [(page.slug, page.specific_class) for page in Page.objects.filter(depth__gt=1).order_by("path")] == [
        ("home", HomePage),
        ("courses", CataloguePage),
    ]
    assert stock_site.root_page.slug == "home"
    assert CataloguePage.objects.get().get_url() == "/courses/"


def test_setup_works_in_a_database_without_any_page(settings):
    settings.SITE_BASE_URL = "http://127.0.0.1:8000"
    set_up()
    site = Site.objects.get()
    assert (site.root_page.slug, site.port, site.is_default_site) == ("home", 8000, True)
    assert Locale.objects.get().language_code == "en"


def test_setup_makes_groups_with_permissions_on_the_catalogue_only(stock_site):
    set_up()
    assert sorted(Group.objects.values_list("name", flat=True)) == ["Editors", "Reviewers"]
    catalogue = CataloguePage.objects.get()
    assert set(GroupPagePermission.objects.values_list("page_id", flat=True)) == {catalogue.pk}
    assert WorkflowPage.objects.get().page_id == catalogue.pk


def test_setup_twice_changes_nothing(stock_site):
    first = run_setup()
    before = take_snapshot()
    second = run_setup()
    assert take_snapshot() == before
    assert second == first.replace(": made", ": already there")
    assert "already there" not in first.replace("Language “en”: already there", "")


def test_setup_leaves_a_welcome_page_that_somebody_edited(stock_site):
    page = stock_site.root_page
    page.title = "Acme Academy"
    page.save()
    set_up()
    stock_site.refresh_from_db()
    assert (stock_site.hostname, stock_site.root_page.title) == ("localhost", "Acme Academy")
    assert not HomePage.objects.exists()
    assert CataloguePage.objects.get().get_parent().pk == page.pk


def test_setup_leaves_a_welcome_page_with_pages_below_it(stock_site):
    stock_site.root_page.add_child(instance=Page(title="Our history", slug="history"))
    set_up()
    assert list(Page.objects.filter(depth=2).values_list("title", flat=True)) == ["Welcome to your new Wagtail site!"]


def test_setup_leaves_the_address_of_an_existing_site(catalogue):
    set_up()
    assert list(Site.objects.values_list("hostname", flat=True)) == ["testserver"]
    assert CataloguePage.objects.get().pk == catalogue.pk


def test_setup_makes_the_table_of_a_database_cache(stock_site, database_cache):
    assert "Cache table of “default”: made" in run_setup()
    caches["default"].set("answer", 42)
    assert caches["default"].get("answer") == 42
    assert "Cache table of “default”: already there" in run_setup()


def test_setup_without_tables_says_what_to_do(monkeypatch, capsys):
    from django.core.management import CommandError
    from django.db import OperationalError

    def fail() -> None:
        raise OperationalError("no such table: wagtailcore_locale")

    monkeypatch.setattr("cms.management.commands.setup.set_up", fail)
    with pytest.raises(CommandError) as refused:
        call_command("setup")
    assert str(refused.value) == (
        "The database is not ready: no such table: wagtailcore_locale. Run “manage.py migrate” first."
    )
