"""The footer leads to the site's own pages."""

from django.test import Client
from wagtail.models import Site

from cms.models import HomePage, StandardPage
from courses.models import CataloguePage


def test_footer_of_site_pages_links_to_standard_pages(client: Client, catalogue: CataloguePage) -> None:
    root = Site.objects.get().root_page
    home = root.get_parent().add_child(instance=HomePage(title="Home", slug="new-home"))
    Site.objects.update(root_page=home)
    Site.clear_site_root_paths_cache()
    home.add_child(instance=StandardPage(title="Privacy", slug="privacy"))
    home.add_child(instance=StandardPage(title="Draft", slug="draft", live=False))
    page = client.get("/").content.decode()
    assert '<a href="/privacy/">Privacy</a>' in page
    assert "Draft" not in page
