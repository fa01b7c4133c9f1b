"""Set-up makes what is missing, and never touches what people made."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupPagePermission, Locale, Page, Site, WorkflowPage

from cms.installation import set_up
from cms.models import HomePage
from courses.models import CataloguePage, TemplatesPage

pytestmark = pytest.mark.django_db


def test_setup_replaces_the_welcome_page_by_home_and_catalogue(stock_site, settings):
    settings.SITE_BASE_URL = "https://learn.example.org"
    set_up()
    stock_site.refresh_from_db()
    assert (stock_site.hostname, stock_site.port, stock_site.site_name) == ("learn.example.org", 443, "Coursewright")
    assert [(page.slug, page.specific_class) for page in Page.objects.filter(depth__gt=1).order_by("path")] == [
        ("home", HomePage),
        ("courses", CataloguePage),
        ("templates", TemplatesPage),
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
