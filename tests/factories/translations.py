"""Courses translated as an editor does it: submitted to wagtail-localize, strings translated, published."""

from collections.abc import Mapping
from typing import Any

from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.operations import translate_object

from courses.models import CataloguePage


def add_language(catalogue: CataloguePage, code: str) -> CataloguePage:
    """The home page and the catalogue in another language."""
    locale, _is_new = Locale.objects.get_or_create(language_code=code)
    home = catalogue.get_parent().specific
    if home.get_translation_or_none(locale) is None:
        home.copy_for_translation(locale).save_revision().publish()
    translated = catalogue.get_translation_or_none(locale) or catalogue.copy_for_translation(locale)
    translated.save_revision().publish()
    return translated.specific


def submit(page: Page, code: str) -> None:
    """The page and everything below it as drafts in that language."""
    locale = Locale.objects.get(language_code=code)
    for each in Page.objects.descendant_of(page, inclusive=True).order_by("path"):
        translate_object(each.specific, [locale])


def translate(page: Page, code: str, words: Mapping[str, str], *, publish: bool = True, **kwargs: Any) -> Page:
    """Translate these strings of a page and publish it, or save it as a draft."""
    locale = Locale.objects.get(language_code=code)
    source = TranslationSource.objects.get_for_instance(page)
    for segment in StringSegment.objects.filter(source=source).select_related("string", "context"):
        if segment.string.data in words:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=locale,
                context=segment.context,
                defaults={"data": words[segment.string.data]},
            )
    Translation.objects.get(source=source, target_locale=locale).save_target(publish=publish)
    return page.get_translation(locale).specific


def publish_tree(page: Page, code: str) -> Page:
    """Publish every page of the tree in that language as it is; the course itself is returned."""
    locale = Locale.objects.get(language_code=code)
    root = page.get_translation(locale)
    for each in Page.objects.descendant_of(root, inclusive=True).order_by("-depth", "path"):
        each.specific.get_latest_revision().publish()
    return root.specific
