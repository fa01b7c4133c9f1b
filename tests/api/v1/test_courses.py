"""Course list, detail and outline: shapes, caching, filters, hostile queries, constant queries."""

import json
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework.test import APIClient

from courses.editions.queries import clear_caches
from tests.api.editions import Published, make_id, publish

PUBLIC = "public, max-age=60, stale-while-revalidate=300"


def test_list_gives_what_a_card_needs(api: APIClient, course: Published) -> None:
    answer = api.get("/api/v1/courses/").json()
    cover = answer["results"][0].pop("cover")
    assert answer == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": make_id("selling-well"),
                "slug": "selling-well",
                "title": "Selling Well",
                "path": "/courses/selling-well/",
                "summary": "About it.",
                "level": "beginner",
                "language": "en",
                "locale": "en",
                "minutes": 30,
                "access": "enrolled",
                "has_certificate": True,
                "categories": [{"name": "Sales", "slug": "sales"}],
                "tags": ["talking"],
                "module_count": 1,
                "lesson_count": 2,
            }
        ],
    }
    assert cover["src"].startswith("http://testserver/images/")
    assert {part.split("/images/")[0] for part in cover["srcset"].split(", ")} == {"http://testserver"}


def test_list_leaves_unpublished_courses_out(api: APIClient, db: None) -> None:
    publish("open-one")
    publish("withdrawn", is_published=False)
    assert [course["slug"] for course in api.get("/api/v1/courses/").json()["results"]] == ["open-one"]


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_two_queries(api: APIClient, db: None, django_assert_num_queries: Any, count: int) -> None:
    for number in range(count):
        publish(f"course-{number}")
    with django_assert_num_queries(2):
        api.get("/api/v1/courses/")


def test_list_pages_with_absolute_links(api: APIClient, db: None) -> None:
    for number in range(3):
        publish(f"course-{number}")
    first = api.get("/api/v1/courses/?limit=2&ordering=title").json()
    assert (first["count"], first["previous"]) == (3, None)
    assert first["next"] == "http://testserver/api/v1/courses/?limit=2&offset=2&ordering=title"
    assert [course["slug"] for course in api.get(first["next"]).json()["results"]] == ["course-2"]


def test_list_gives_at_most_a_hundred(api: APIClient, db: None) -> None:
    assert api.get("/api/v1/courses/?limit=100000000").status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=harbour", ["harbour-course"]),
        ("q=HARBOUR", ["harbour-course"]),
        ("q=nothing+like+it", []),
        ("level=advanced", ["harbour-course"]),
        ("level=nonsense", []),
        ("price=paid", ["harbour-course"]),
        ("price=free", ["plain-course"]),
        ("language=de", []),
        ("ordering=-minutes", ["harbour-course", "plain-course"]),
        ("ordering=minutes", ["plain-course", "harbour-course"]),
        ("", ["harbour-course", "plain-course"]),
    ],
)
def test_list_filters(api: APIClient, db: None, query: str, found: list[str]) -> None:
    publish("plain-course", minutes=5)
    publish("harbour-course", level="advanced", access="paid", minutes=50)
    assert [course["slug"] for course in api.get(f"/api/v1/courses/?{query}").json()["results"]] == found


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("offset=-1", "?offset"),
        ("offset=99999999999999999999999999", "?offset"),
        ("offset=1000001", "?offset"),
        ("limit=0", "?limit"),
        ("limit=-5", "?limit"),
        ("limit=ten", "?limit"),
        ("limit=%D9%A1", "?limit"),
        ("ordering=password", "?ordering"),
    ],
)
def test_list_refuses_nonsense(api: APIClient, db: None, query: str, pointer: str) -> None:
    response = api.get(f"/api/v1/courses/?{query}")
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "category=%00", "limit=%00", "offset=1%00"])
def test_list_refuses_nul(api: APIClient, db: None, query: str) -> None:
    response = api.get(f"/api/v1/courses/?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("query", ['"', "'", "%", "_", "\\", "*", "a" * 5000, "\u202e\U0001f600", "NEAR(", "a OR"])
def test_list_survives_any_search(api: APIClient, course: Published, query: str) -> None:
    assert api.get("/api/v1/courses/", {"q": query}).status_code == 200


def test_list_answers_304_to_its_etag(api: APIClient, course: Published) -> None:
    first = api.get("/api/v1/courses/")
    assert first["Cache-Control"] == PUBLIC
    assert api.get("/api/v1/courses/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    publish("another")
    assert api.get("/api/v1/courses/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_detail_gives_the_facts_of_the_edition(api: APIClient, course: Published) -> None:
    answer = api.get("/api/v1/courses/selling-well/").json()
    assert answer["edition"]["number"] == 1
    assert answer["edition"]["digest"] == course.edition.digest
    assert (answer["objectives"], answer["progression"], answer["lesson_count"]) == (["Sell"], "free", 2)
    assert answer["instructors"][0]["photo"]["src"].startswith("http://testserver/images/")


def test_detail_answers_304_to_its_etag(api: APIClient, course: Published) -> None:
    first = api.get("/api/v1/courses/selling-well/")
    again = api.get("/api/v1/courses/selling-well/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


@pytest.mark.parametrize("lessons", [1, 3])
def test_detail_needs_two_queries(api: APIClient, db: None, django_assert_num_queries: Any, lessons: int) -> None:
    publish("measured", lessons=lessons)
    clear_caches()
    with django_assert_num_queries(2):
        api.get("/api/v1/courses/measured/")


@pytest.mark.parametrize("path", ["courses/withdrawn/", "courses/withdrawn/outline/", "courses/no-such/outline/"])
def test_unpublished_and_unknown_courses_are_not_found(api: APIClient, db: None, path: str) -> None:
    publish("withdrawn", is_published=False)
    response = api.get(f"/api/v1/{path}")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_outline_is_the_stored_text(api: APIClient, course: Published) -> None:
    response = api.get("/api/v1/courses/selling-well/outline/")
    assert response.content.decode() == course.edition.outline
    assert response["ETag"] == f'"{course.edition.etag}"'
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == PUBLIC


@pytest.mark.parametrize("lessons", [1, 3])
def test_outline_needs_one_query(api: APIClient, db: None, django_assert_num_queries: Any, lessons: int) -> None:
    publish("measured", lessons=lessons)
    with django_assert_num_queries(1):
        api.get("/api/v1/courses/measured/outline/")


@pytest.mark.parametrize("prefix", ["", "W/", '"other", '])
def test_outline_answers_304_without_reading_it(
    api: APIClient, course: Published, django_assert_num_queries: Any, prefix: str
) -> None:
    with django_assert_num_queries(1) as captured:
        response = api.get(
            "/api/v1/courses/selling-well/outline/", headers={"If-None-Match": f'{prefix}"{course.edition.etag}"'}
        )
    assert (response.status_code, response.content) == (304, b"")
    assert "outline" not in captured.captured_queries[0]["sql"]


def test_outline_of_a_stale_etag_is_sent_again(api: APIClient, course: Published) -> None:
    response = api.get("/api/v1/courses/selling-well/outline/", headers={"If-None-Match": '"old"'})
    assert response.json()["course"]["slug"] == "selling-well"


def test_outline_answers_head(course: Published) -> None:
    assert Client().head("/api/v1/courses/selling-well/outline/").status_code == 200


def test_outline_takes_no_other_method(api: APIClient, course: Published) -> None:
    response = api.post("/api/v1/courses/selling-well/outline/")
    assert (response.status_code, json.loads(response.content)["code"]) == (405, "method_not_allowed")


def test_public_documents_vary_on_nobody(as_learner: APIClient, course: Published) -> None:
    for path in ("courses/", "courses/selling-well/", "courses/selling-well/outline/"):
        vary = {name.strip().lower() for name in as_learner.get(f"/api/v1/{path}").headers["Vary"].split(",")}
        assert vary - {"accept", "accept-encoding", "origin"} == set()


def test_outline_that_fails_says_nothing(course: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(slug: str) -> None:
        raise OperationalError("the database of db.internal is gone")

    monkeypatch.setattr("api.v1.courses.get_outline_text", fail)
    response = Client(raise_request_exception=False).get("/api/v1/courses/selling-well/outline/")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert "db.internal" not in response.content.decode()
