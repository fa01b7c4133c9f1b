"""The languages of a course on its pages: links for visitors, a switch for learners, direction of the text."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory, UserFactory
from tests.factories.translations import make_versions

pytestmark = pytest.mark.django_db
LESSON = "/courses/selling/listening/ask/"
GERMAN_LESSON = "/de/courses/verkaufen/zuhoeren/fragen/"


@pytest.mark.usefixtures("languages")
def test_visitors_get_links_to_every_language(client: Client) -> None:
    make_versions(access="open")
    page = client.get("/de/courses/verkaufen/")
    assert page.context["course"]["title"] == "Verkaufen"
    assert [(each.label, each.url, each.is_current) for each in page.context["languages"]] == [
        ("English", "/courses/selling/", False),
        ("Deutsch", "/de/courses/verkaufen/", True),
    ]
    text = page.content.decode()
    assert '<link rel="alternate" hreflang="de" href="http://127.0.0.1:8000/de/courses/verkaufen/">' in text
    assert '<link rel="alternate" hreflang="x-default" href="http://127.0.0.1:8000/courses/selling/">' in text
    assert next(lesson.url for lesson in page.context["outline_rows"][0].lessons) == GERMAN_LESSON


@pytest.mark.usefixtures("languages")
def test_a_lesson_leads_to_the_same_lesson_in_other_languages(client: Client) -> None:
    make_versions(access="open")
    page = client.get(LESSON)
    assert [each.url for each in page.context["languages"]] == [LESSON, GERMAN_LESSON]


@pytest.mark.usefixtures("languages")
def test_a_slug_means_the_course_of_the_language_in_the_address(client: Client) -> None:
    english = make_edition(slug="same", title="English one", access="open")
    make_edition(slug="same", title="Deutsche", access="open", language="de")
    make_edition(slug="nur", title="Nur deutsch", access="open", language="de")
    titles = [client.get(path).context["course"]["title"] for path in ("/courses/same/", "/de/courses/same/")]
    assert titles == ["English one", "Deutsche"]
    assert [client.get(path).status_code for path in ("/courses/nur/", "/ar/courses/same/", "/xx/courses/same/")] == [
        404, 404, 404,
    ]  # fmt: skip
    assert client.get(english.path).status_code == 200


@pytest.mark.usefixtures("languages")
def test_an_unfinished_course_is_met_in_the_language_it_is_studied_in(client: Client) -> None:
    english, _german = make_versions()
    client.force_login(EnrolmentFactory(course=english).user)
    assert client.get("/de/courses/verkaufen/")["Location"] == "/courses/selling/"
    assert client.get(GERMAN_LESSON)["Location"] == LESSON
    page = client.get(LESSON)
    assert [bool(each.switch_url) for each in page.context["languages"]] == [True, True]


@pytest.mark.usefixtures("languages")
def test_switching_comes_back_to_the_same_lesson(client: Client) -> None:
    english, german = make_versions()
    enrolment = EnrolmentFactory(course=english)
    client.force_login(enrolment.user)
    lesson_id = client.get(LESSON).context["lesson"]["id"]
    url = reverse("switch-language", args=[enrolment.pk])
    response = client.post(url, {"language": "de", "lesson": lesson_id}, follow=True)
    assert response.redirect_chain == [(GERMAN_LESSON, 302)]
    assert response.context["lesson"]["title"] == "Fragen"
    enrolment.refresh_from_db()
    assert enrolment.edition_id == german.edition_id
    assert client.get(LESSON)["Location"] == GERMAN_LESSON
    assert client.get(reverse("continue", args=[enrolment.pk]))["Location"].startswith("/de/courses/verkaufen/")


@pytest.mark.usefixtures("languages")
def test_switching_to_what_is_not_there_says_so(client: Client) -> None:
    english, _german = make_versions()
    enrolment = EnrolmentFactory(course=english)
    client.force_login(enrolment.user)
    url = reverse("switch-language", args=[enrolment.pk])
    response = client.post(url, {"language": "ar"}, follow=True)
    assert "not offered in that language" in response.content.decode()
    client.force_login(UserFactory())
    assert client.post(url, {"language": "de"}).status_code == 404
    assert client.get(url).status_code == 405


@pytest.mark.usefixtures("languages")
def test_what_is_completed_can_be_read_in_every_language(client: Client) -> None:
    english, _german = make_versions()
    enrolment = EnrolmentFactory(course=english, completed=True)
    client.force_login(enrolment.user)
    page = client.get(GERMAN_LESSON)
    assert (page.status_code, page.context["lesson"]["title"]) == (200, "Fragen")
    assert [each.switch_url for each in page.context["languages"]] == ["", ""]
    enrolment.refresh_from_db()
    assert enrolment.edition_id == english.edition_id


@pytest.mark.usefixtures("languages")
def test_a_withdrawn_translation_is_not_there_for_whoever_completed_another(client: Client) -> None:
    english, german = make_versions()
    german.is_published = False
    german.save()
    client.force_login(EnrolmentFactory(course=english, completed=True).user)
    assert client.get(GERMAN_LESSON).status_code == 404


@pytest.mark.usefixtures("languages")
def test_arabic_runs_from_right_to_left(client: Client) -> None:
    state = make_edition(lessons=1, language="ar", access="open", slug="bay")
    page = client.get(state.path).content.decode()
    assert '<h1 lang="ar" dir="rtl">' in page
    lesson = client.get("/ar/courses/bay/module-1/lesson-1/").content.decode()
    assert re.search(r'<div class="block [^>]* lang="ar" dir="rtl">', lesson)


@pytest.mark.usefixtures("languages")
def test_enrolling_on_a_translation_studies_it_in_that_language(client: Client) -> None:
    make_versions()
    client.force_login(user := UserFactory())
    url = client.get("/de/courses/verkaufen/").context["enrol_url"]
    assert url == "/learn/enrol/de/verkaufen/"
    assert client.post(url).status_code == 302
    assert [each.edition.language for each in user.enrolments.all()] == ["de"]


def test_one_language_has_no_menu_and_no_query_for_it(client: Client) -> None:
    state = make_edition(lessons=1, access="open")
    page = client.get(state.path)
    assert page.context["languages"] == []
    assert 'rel="alternate"' not in page.content.decode()
