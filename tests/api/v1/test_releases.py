"""Releases for everybody, and the impact of the next one for those who may edit the course."""

import json

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from courses.editions.models import CourseState, Release
from courses.editions.services import release_course
from courses.models import LessonPage
from learners.progress.carrying import continue_carry_overs
from tests.factories.learners import EnrolmentFactory, UserFactory, make_editor
from tests.factories.pages import PLANTED_SECRET, make_course, make_quiz, make_text
from tests.factories.pages import make_lesson as make_lesson_page


@pytest.fixture
def page(catalogue):
    """In force with two required texts in two lessons, and a learner who has not started."""
    page = make_course(catalogue, modules=1, lessons=2)
    release_course(course_id=page.pk, by=None, note="The first.")
    EnrolmentFactory(course=CourseState.objects.select_related("edition").get(course=page))
    return page


@pytest.fixture
def as_admin(db):
    client = APIClient()
    client.force_login(UserFactory(admin=True), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def add_quiz(page):
    return make_lesson_page(page.get_children().get(), "Quiz", [make_quiz()])


def test_releases_are_listed_newest_first_and_cacheable(api, page, django_assert_num_queries):
    add_quiz(page)
    release_course(course_id=page.pk, by=None, note="A quiz.")
    with django_assert_num_queries(3):
        answer = api.get(f"/api/v1/courses/{page.slug}/releases/")
    assert answer.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=300"
    assert [(each["number"], each["note"], each["change_class"]) for each in answer.json()["results"]] == [
        (2, "A quiz.", "major"),
        (1, "The first.", ""),
    ]
    assert set(answer.json()["results"][0]) == {"number", "note", "change_class", "released_at"}
    known = {"If-None-Match": answer.headers["ETag"]}
    assert api.get(f"/api/v1/courses/{page.slug}/releases/", headers=known).status_code == 304


@pytest.mark.parametrize("count", [1, 3])
def test_releases_take_three_queries_for_any_number(api, page, django_assert_num_queries, count):
    for number in range(count - 1):
        make_lesson_page(page.get_children().get(), f"More {number}")
        release_course(course_id=page.pk, by=None)
    with django_assert_num_queries(3):
        answer = api.get(f"/api/v1/courses/{page.slug}/releases/").json()
    assert answer["count"] == len(answer["results"]) == count


def test_releases_of_what_is_not_published_are_not_there(api, page):
    CourseState.objects.update(is_published=False)
    assert api.get(f"/api/v1/courses/{page.slug}/releases/").status_code == 404
    assert api.get("/api/v1/courses/nothing/releases/").status_code == 404


def test_impact_says_what_a_release_would_do_and_changes_nothing(as_admin, page):
    add_quiz(page)
    before = (Release.objects.count(), CourseState.objects.values().get())
    answer = as_admin.get(f"/api/v1/courses/{page.slug}/impact/")
    assert answer.headers["Cache-Control"] == "private, no-store"
    body = answer.json()
    assert len(body.pop("digest")) == 64
    assert body == {
        "source": "published",
        "policy": "everyone",
        "is_news": True,
        "change_class": "major",
        "learners": {"not_started": 1, "in_progress": 0, "completed": 0, "expired": 0},
        "moving": 1,
        "completing": 0,
        "certificates": 0,
        "to_do": {"learners": 1, "blocks": 1, "seconds": 60},
        "attempts": {"open": 0, "to_pass": 0, "to_fail": 0},
        "deadlines": {
            "moved": 0,
            "appearing": 0,
            "vanishing": 0,
            "earliest_shift": None,
            "latest_shift": None,
        },
    }
    assert (Release.objects.count(), CourseState.objects.values().get()) == before
    assert as_admin.get(f"/api/v1/courses/{page.slug}/impact/?policy=keep").json()["moving"] == 0
    assert PLANTED_SECRET not in json.dumps(body)


def test_impact_of_drafts_leaves_out_what_is_withdrawn(as_admin, page):
    page.get_descendants().last().specific.save_revision().publish()
    lesson = page.get_descendants().last().specific
    lesson.body = json.dumps([*lesson.body.raw_data, make_text("word " * 500)])
    lesson.save_revision()
    path = f"/api/v1/courses/{page.slug}/impact/"
    assert as_admin.get(path).json()["is_news"] is False
    drafted = as_admin.get(f"{path}?source=drafts").json()
    assert (drafted["is_news"], drafted["to_do"]) == (True, {"learners": 1, "blocks": 1, "seconds": 180})
    lesson.unpublish()
    lesson.save_revision()
    assert as_admin.get(f"{path}?source=drafts").json()["to_do"]["blocks"] == 0


def test_impact_is_for_those_who_may_edit_the_course(api, as_learner, page):
    path = f"/api/v1/courses/{page.slug}/impact/"
    assert api.get(path).status_code == 401
    assert (as_learner.get(path).status_code, as_learner.get(path).json()["code"]) == (403, "permission_denied")
    editor = APIClient()
    editor.force_login(make_editor(), backend=settings.AUTHENTICATION_BACKENDS[0])
    assert editor.get(path).status_code == 403  # the admin, but not this page
    CourseState.objects.update(is_published=False)
    assert (as_learner.get(path).status_code, as_learner.get("/api/v1/courses/none/impact/").status_code) == (404, 404)


@pytest.mark.parametrize("query", ["source=guesses", "policy=nobody"])
def test_impact_refuses_nonsense(as_admin, page, query):
    answer = as_admin.get(f"/api/v1/courses/{page.slug}/impact/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"][0]) == (400, "?")


def test_impact_of_a_course_that_does_not_compile_says_why(as_admin, page):
    lesson = page.get_descendants().last().specific
    twice = json.dumps([lesson.body.raw_data[0], lesson.body.raw_data[0]])
    LessonPage.objects.filter(pk=lesson.pk).update(body=twice)
    answer = as_admin.get(f"/api/v1/courses/{page.slug}/impact/")
    assert (answer.status_code, answer.json()["code"]) == (409, "does_not_compile")
    assert "block id" in answer.json()["detail"]


def test_impact_of_a_first_release_is_nothing(as_admin, catalogue):
    page = make_course(catalogue, modules=1, lessons=1, live=False)
    body = as_admin.get(f"/api/v1/courses/{page.slug}/impact/").json()
    assert (body["is_news"], body["moving"], body["change_class"]) == (True, 0, "cosmetic")


def test_what_was_predicted_is_what_the_api_says_afterwards(as_admin, page):
    add_quiz(page)
    release_course(course_id=page.pk, by=None)
    continue_carry_overs()
    body = as_admin.get(f"/api/v1/courses/{page.slug}/impact/").json()
    assert (body["is_news"], body["moving"], body["to_do"]["learners"]) == (False, 0, 0)
