"""Where links to pages lead: the address of a published page, in the language of the lesson that links to it."""

from collections.abc import Iterable, Mapping
from typing import Any

from wagtail.models import Page, Site

from courses.languages import is_multilingual, make_prefix


def page_paths(page_ids: set[int], language: str = "") -> dict[int, str]:
    """Paths of live pages by primary key. Two queries, three on a site with several languages; none without links.

    A page is linked in ``language`` where it is published in that, else as it was chosen.
    """
    if not page_ids:
        return {}
    roots = _root_paths()
    chosen = list(_live(pk__in=page_ids))
    found = {row["pk"]: row for row in chosen}
    if is_multilingual():
        keys = {row["translation_key"]: row["pk"] for row in chosen}
        for row in _live(translation_key__in=keys, locale__language_code=language):
            found[keys[row["translation_key"]]] = row
    return {pk: path for pk, row in found.items() if (path := _path(row, roots)) is not None}


def _live(**wanted: Any) -> Iterable[Mapping[str, Any]]:
    pages = Page.objects.filter(**wanted).live()
    return pages.values("pk", "translation_key", "url_path", "locale__language_code")


def _root_paths() -> list[str]:
    """The tree paths of the site's home page in every language. One query."""
    sites = Site.objects.filter(is_default_site=True)
    if not is_multilingual():
        return [sites.values_list("root_page__url_path", flat=True).first() or "/"]
    homes = Page.objects.filter(translation_key__in=sites.values("root_page__translation_key"))
    return list(homes.values_list("url_path", flat=True))


def _path(row: Mapping[str, Any], roots: Iterable[str]) -> str | None:
    for root in roots:
        if row["url_path"].startswith(root):
            return f"{make_prefix(row['locale__language_code'])}/{row['url_path'][len(root) :]}"
    return None
