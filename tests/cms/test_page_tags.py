"""The footer's links: published standard pages in tree order, with one query."""

from wagtail.models import Site

from cms.models import StandardPage
from cms.templatetags.page_tags import standard_pages


def test_footer_lists_published_standard_pages_with_one_query(catalogue, django_assert_num_queries):
    home = Site.objects.get().root_page
    for title, is_live in (("About", True), ("Unfinished", False), ("Privacy", True)):
        home.add_child(instance=StandardPage(title=title, live=is_live))
    with django_assert_num_queries(1):
        assert [page.title for page in standard_pages()] == ["About", "Privacy"]
