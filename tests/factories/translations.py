"""Courses translated as an editor does it: submitted to wagtail-localize, strings translated, published."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.operations import translate_object

from courses.editions.models import CourseState
from courses.models import CataloguePage
from tests.factories.courses import make_edition, make_lesson, make_module, new_id, quiz_block, text_block


def add_language(catalogue: CataloguePage, code: str) -> CataloguePage:
    """The home page and the catalogue in another language."""
    MigrationRecorder(connection).ensure_schema()  # wagtail-localize asks which of our migrations were applied
    locale, _is_new = Locale.objects.get_or_create(language_code=code)
    home = catalogue.get_parent().specific
    if home.get_translation_or_none(locale) is None:
        home.copy_for_translation(locale).save_revision().publish()
    translated = catalogue.get_translation_or_none(locale) or catalogue.copy_for_translation(locale)
    translated.save_revision().publish()
    return translated.specific


def make_permission() -> None:
    """To submit pages for translation: wagtail-localize makes it in a migration, which tests do without."""
    content_type, _is_new = ContentType.objects.get_or_create(app_label="wagtail_localize", model="admin")
    Permission.objects.get_or_create(
        content_type=content_type, codename="submit_translation", defaults={"name": "Submit for translation"}
    )


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


def make_versions(*, quiz: bool = False, **facts: Any) -> tuple[CourseState, CourseState]:
    """A course in English and in German: two lessons with a required text each, and a quiz in the second if asked."""
    texts, check = [text_block(), text_block()], quiz_block()
    keys = [new_id(), new_id()]
    module_id = new_id()

    def make_modules(titles: list[str], module: str) -> list[Any]:
        lessons = [
            make_lesson(
                text | {"html": f"<p>{title}</p>"},
                *([check | {"title": f"Quiz {title}"}] if quiz and place else []),
                title=title,
                key=keys[place],
            )
            for place, (title, text) in enumerate(zip(titles, texts, strict=True))
        ]
        return [make_module(*lessons, title=module) | {"id": module_id}]

    english = make_edition(modules=make_modules(["Ask", "Wait"], "Listening"), slug="selling", title="Selling", **facts)
    german = make_edition(
        modules=make_modules(["Fragen", "Warten"], "Zuhoeren"),
        language="de",
        key=english.course_key,
        slug="verkaufen",
        title="Verkaufen",
        **facts,
    )
    return english, german
