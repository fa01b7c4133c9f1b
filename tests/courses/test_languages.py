"""Languages of content: addresses, order of preference, names and direction."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.settings.languages import read_languages
from courses import languages as content
from courses.editions.models import CourseState
from tests.factories.courses import make_edition


def test_one_language_has_no_prefix_whatever_it_is() -> None:
    assert content.list_content_languages() == ["en"]
    assert [content.make_course_path(code, "selling") for code in ("", "en", "de")] == ["/courses/selling/"] * 3


@pytest.mark.usefixtures("languages")
def test_other_languages_than_the_main_one_have_a_prefix() -> None:
    assert content.list_content_languages() == ["en", "de", "ar"]
    assert content.make_course_path("en", "selling") == "/courses/selling/"
    assert content.make_course_path("de", "verkaufen", "teil", "fragen") == "/de/courses/verkaufen/teil/fragen/"


def test_names_and_directions() -> None:
    assert [content.label_language(code) for code in ("de", "ar", "zz")] == ["Deutsch", "العربيّة", "zz"]
    assert [content.text_direction(code) for code in ("de", "ar", "he", "zz")] == ["ltr", "rtl", "rtl", "ltr"]


@pytest.mark.django_db
def test_language_first_prefers_the_wanted_then_the_main_one(languages: None) -> None:
    key = make_edition(language="en").course_key
    for code in ("ar", "de"):
        make_edition(language=code, key=key)
    found = CourseState.objects.order_by(content.language_first("de"), "language").values_list("language", flat=True)
    assert list(found) == ["de", "en", "ar"]


def test_settings_take_known_languages_and_put_the_main_one_first() -> None:
    assert read_languages(["de", " ar ", "de"]) == [("en", "English"), ("de", "German"), ("ar", "Arabic")]
    with pytest.raises(ImproperlyConfigured, match="unknown language xx"):
        read_languages(["en", "xx"])


def test_main_language_comes_from_the_settings(settings: Any) -> None:
    assert content.main_language() == settings.LANGUAGE_CODE == "en"
