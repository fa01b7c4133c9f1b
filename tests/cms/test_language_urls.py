"""Addresses that begin with a language: pages of the tree in it, and nobody else's addresses taken."""

import pytest
from django.test import Client

from cms.language_urls import LanguageConverter
from cms.models import HomePage
from courses.editions.services import compile_course
from courses.models import CataloguePage
from tests.factories.pages import make_course, make_lesson, make_module
from tests.factories.translations import add_language, publish_tree, submit, translate


@pytest.mark.parametrize("code", ["de", "ar"])
def test_further_content_languages_are_prefixes(languages: None, code: str) -> None:
    converter = LanguageConverter()
    assert converter.to_url(converter.to_python(code)) == code


@pytest.mark.parametrize("code", ["en", "fr", "my"])
def test_the_main_language_and_others_are_no_prefixes(languages: None, code: str) -> None:
    with pytest.raises(ValueError):
        LanguageConverter().to_python(code)


@pytest.mark.django_db(transaction=True)
def test_catalogue_of_a_language_shows_its_versions(
    languages: None, transactional_catalogue: CataloguePage, client: Client
) -> None:
    course = make_course(transactional_catalogue, "Selling")
    make_lesson(make_module(course, "One"), "Ask")
    make_course(transactional_catalogue, "Only English")
    german = add_language(transactional_catalogue, "de")
    german.introduction = "<p>Willkommen</p>"
    german.save_revision().publish()
    for each in transactional_catalogue.get_children():
        compile_course(each.pk)
    submit(course, "de")
    translate(course, "de", {"Selling": "Verkaufen", "selling": "verkaufen"}, publish=False)
    translated = publish_tree(course, "de")
    page = client.get("/de/courses/")
    assert sorted((card.title, card.url) for card in page.context["cards"]) == [
        ("Only English", "/courses/only-english/"),
        ("Verkaufen", "/de/courses/verkaufen/"),
    ]
    assert "Willkommen" in page.content.decode()
    assert sorted(card.title for card in client.get("/courses/").context["cards"]) == ["Only English", "Selling"]
    [facet] = [group for group in page.context["facet_groups"] if group["name"] == "language"]
    assert [(option["value"], option["count"]) for option in facet["options"]] == [("en", 2), ("de", 1)]
    assert [card.title for card in client.get("/courses/?language=de").context["cards"]] == ["Verkaufen"]
    assert (german.url, translated.url, translated.study_path) == (
        "/de/courses/", "/de/courses/verkaufen/", "/de/courses/verkaufen/",
    )  # fmt: skip


@pytest.mark.django_db
def test_pages_without_a_translation_are_404(languages: None, catalogue: CataloguePage, client: Client) -> None:
    assert [client.get(path).status_code for path in ("/de/nothing/", "/fr/courses/")] == [404, 404]


def test_home_and_standard_pages_know_their_language() -> None:
    assert HomePage.get_url_parts.__module__ == "courses.models.localized"
