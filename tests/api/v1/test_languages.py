"""``?locale=`` on courses, outlines and lessons; the languages of a course; switching over the API."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from courses.catalogue import build_card, build_search_text
from courses.editions.canonical import to_canonical_json
from courses.editions.models import CourseState
from courses.editions.queries import clear_caches, get_outline
from courses.models import CataloguePage
from learners.accounts.models import User
from learners.enrolments.services import enrol
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory
from tests.factories.translations import make_versions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("languages")]


def get(api: APIClient, path: str) -> Any:
    response = api.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.content
    return response.json()


def lesson_id(api: APIClient) -> str:
    return str(get(api, "courses/selling/outline/")["modules"][0]["lessons"][0]["id"])


@pytest.mark.parametrize(
    ("path", "title", "locale"),
    [
        ("courses/selling/", "Selling", "en"),
        ("courses/selling/?locale=de", "Verkaufen", "de"),
        ("courses/selling/?locale=DE", "Verkaufen", "de"),
        ("courses/verkaufen/", "Verkaufen", "de"),
        ("courses/verkaufen/?locale=en", "Selling", "en"),
        ("courses/selling/?locale=ar", "Selling", "en"),
    ],
)
def test_detail_is_the_version_asked_for_or_the_main_one(api: APIClient, path: str, title: str, locale: str) -> None:
    make_versions()
    course = get(api, path)
    assert (course["title"], course["locale"], course["language"]) == (title, locale, locale)
    assert course["languages"] == [
        {"code": "en", "language": "en", "direction": "ltr", "title": "Selling", "path": "/courses/selling/"},
        {"code": "de", "language": "de", "direction": "ltr", "title": "Verkaufen", "path": "/de/courses/verkaufen/"},
    ]


def test_outline_follows_locale_and_keeps_its_etag(api: APIClient) -> None:
    make_versions()
    response = api.get("/api/v1/courses/selling/outline/?locale=de")
    assert response.json()["course"]["title"] == "Verkaufen"
    assert response["Cache-Control"].startswith("public")
    again = api.get("/api/v1/courses/selling/outline/?locale=de", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert get(api, "courses/selling/outline/")["course"]["title"] == "Selling"
    assert get(api, "courses/selling/outline/?locale=ar")["course"]["title"] == "Selling"


@pytest.mark.parametrize("path", ["courses/", "courses/selling/", "courses/selling/outline/", "lessons/{lesson}/"])
def test_an_unknown_locale_is_refused_with_the_known_ones(api: APIClient, path: str) -> None:
    make_versions(access="open")
    response = api.get(f"/api/v1/{path.format(lesson=lesson_id(api))}?locale=xx")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    error = response.json()["errors"][0]
    assert (error["pointer"], error["message"]) == ("?locale", "“locale” must be one of en, de, ar.")


def test_list_has_every_course_once_in_the_language_one_reads(api: APIClient, catalogue: CataloguePage) -> None:
    make_versions()
    make_edition(language="de", slug="nur", title="Nur deutsch")

    def titles(query: str) -> list[str]:
        clear_caches()
        return [course["title"] for course in get(api, f"courses/?ordering=title{query}")["results"]]

    for state in CourseState.objects.all():
        outline = get_outline(state.edition.pk, state.edition.digest)
        state.card, state.search_text = to_canonical_json(build_card(outline)), build_search_text(outline)
        state.level, state.access = "beginner", "enrolled"
        state.save()
    assert titles("") == ["Nur deutsch", "Selling"]
    assert titles("&locale=de") == ["Nur deutsch", "Verkaufen"]
    assert titles("&locale=ar") == ["Nur deutsch", "Selling"]
    assert titles("&language=en") == ["Selling"]
    assert titles("&language=de") == ["Nur deutsch", "Verkaufen"]
    assert titles("&q=verkaufen") == ["Verkaufen"]


def test_lesson_of_an_open_course_is_read_in_any_language(api: APIClient) -> None:
    make_versions(access="open")
    lesson = lesson_id(api)
    answers = [api.get(f"/api/v1/lessons/{lesson}/{query}") for query in ("", "?locale=de", "?course=verkaufen")]
    assert [(each.json()["title"], each["Content-Language"]) for each in answers] == [
        ("Ask", "en"), ("Fragen", "de"), ("Fragen", "de"),
    ]  # fmt: skip


def test_lesson_of_a_learner_is_in_the_language_of_study(as_learner: APIClient, learner: User) -> None:
    _english, german = make_versions()
    enrol(user=learner, state=german)
    lesson = lesson_id(as_learner)
    answers = [as_learner.get(f"/api/v1/lessons/{lesson}/{query}") for query in ("", "?locale=en", "?course=selling")]
    assert [each.json()["title"] for each in answers] == ["Fragen"] * 3


def test_lesson_of_a_completed_course_is_read_in_any_language(as_learner: APIClient, learner: User) -> None:
    english, _german = make_versions()
    EnrolmentFactory(course=english, user=learner, completed=True)
    lesson = lesson_id(as_learner)
    answers = [as_learner.get(f"/api/v1/lessons/{lesson}/{query}") for query in ("", "?locale=de")]
    assert [each.json()["title"] for each in answers] == ["Ask", "Fragen"]


def test_switching_answers_the_enrolment_in_the_new_language(as_learner: APIClient, learner: User) -> None:
    english, _german = make_versions()
    enrolment, _is_new = enrol(user=learner, state=english)
    response = as_learner.post(f"/api/v1/enrolments/{enrolment.pk}/language/", {"language": "de"}, format="json")
    assert response.status_code == 200
    told = response.json()
    assert (told["edition"]["language"], told["course"]) == (
        "de",
        {"id": str(english.course_key), "slug": "verkaufen", "title": "Verkaufen", "path": "/de/courses/verkaufen/"},
    )
    detail = get(as_learner, f"enrolments/{enrolment.pk}/")
    assert detail["progress"]["next"]["path"] == "/de/courses/verkaufen/zuhoeren/fragen/"
    assert get(as_learner, f"enrolments/{enrolment.pk}/outline/")["course"]["title"] == "Verkaufen"
    assert get(as_learner, "me/dashboard/")["enrolments"][0]["next"]["path"].startswith("/de/courses/")


@pytest.mark.parametrize(
    ("language", "status", "code"), [("ar", 404, "not_translated"), ("", 400, "invalid"), ("x" * 13, 400, "invalid")]
)
def test_switching_says_why_not(as_learner: APIClient, learner: User, language: str, status: int, code: str) -> None:
    english, _german = make_versions()
    enrolment, _is_new = enrol(user=learner, state=english)
    path = f"/api/v1/enrolments/{enrolment.pk}/language/"
    response = as_learner.post(path, {"language": language}, format="json")
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_switching_is_for_its_own_learner(as_charlie: APIClient, learner: User) -> None:
    english, _german = make_versions()
    enrolment, _is_new = enrol(user=learner, state=english)
    response = as_charlie.post(f"/api/v1/enrolments/{enrolment.pk}/language/", {"language": "de"}, format="json")
    enrolment.refresh_from_db()
    assert (response.status_code, enrolment.edition.language) == (404, "en")


def test_enrolling_takes_a_locale_and_stays_one_enrolment(as_learner: APIClient) -> None:
    make_versions()
    first = as_learner.post("/api/v1/enrolments/", {"course": "selling", "locale": "de"}, format="json")
    second = as_learner.post("/api/v1/enrolments/", {"course": "selling"}, format="json")
    assert (first.status_code, second.status_code) == (201, 200)
    assert (first.json()["id"], first.json()["edition"]["language"]) == (second.json()["id"], "de")


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_enrolments_takes_the_same_queries_in_several_languages(
    as_learner: APIClient, learner: User, count: int
) -> None:
    for number in range(count):
        english = make_edition(slug=f"course-{number}")
        make_edition(slug=f"kurs-{number}", language="de", key=english.course_key)
        enrol(user=learner, state=english)
    with CaptureQueriesContext(connection) as queries:
        assert as_learner.get("/api/v1/enrolments/").json()["count"] == count
    assert len(queries) == 8
