"""Lesson documents: who gets them, with which addresses, and that reading counts as opening."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from tests.api.editions import SECRETS, Published, make_id, publish
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory


def test_lesson_has_every_block_with_its_addresses(as_learner: APIClient, learner: User, course: Published) -> None:
    enrol(user=learner, state=course.state)
    response = as_learner.get(f"/api/v1/lessons/{course.lesson_ids[0]}/?course=selling-well")
    blocks = {block["type"]: block for block in response.json()["blocks"]}
    assert response.json()["id"] == course.lesson_ids[0]
    assert list(blocks) == [
        "text", "markdown", "image", "video", "audio", "quiz", "file", "embed", "code", "table", "callout"
    ]  # fmt: skip
    assert blocks["video"]["file"]["url"].startswith("http://testserver/files/")
    assert blocks["video"]["poster"]["src"].startswith("http://testserver/images/")
    assert blocks["quiz"]["question_count"] == 8
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response


def test_lesson_holds_no_key(as_learner: APIClient, learner: User, course: Published) -> None:
    enrol(user=learner, state=course.state)
    text = as_learner.get(f"/api/v1/lessons/{course.lesson_ids[0]}/").content.decode()
    assert [secret for secret in SECRETS if secret in text] == []


def test_lesson_is_found_without_naming_its_course(as_learner: APIClient, learner: User, course: Published) -> None:
    enrol(user=learner, state=course.state)
    assert as_learner.get(f"/api/v1/lessons/{course.lesson_ids[1]}/").json()["title"] == "Lesson 2"


def test_lesson_takes_the_course_by_id(as_learner: APIClient, learner: User, course: Published) -> None:
    enrol(user=learner, state=course.state)
    path = f"/api/v1/lessons/{course.lesson_ids[1]}/?course={course.state.course_key}"
    assert as_learner.get(path).json()["title"] == "Lesson 2"


def test_lesson_of_an_open_course_is_for_everyone(api: APIClient, db: None) -> None:
    free = publish("free-for-all", access="open")
    assert api.get(f"/api/v1/lessons/{free.lesson_ids[0]}/?course=free-for-all").status_code == 200


def test_lesson_asks_visitors_to_sign_in(api: APIClient, course: Published) -> None:
    response = api.get(f"/api/v1/lessons/{course.lesson_ids[0]}/?course=selling-well")
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == 'X-Session-Token realm="api"'


@pytest.mark.parametrize(
    ("access", "code"),
    [("enrolled", "enrolment_required"), ("invitation", "invitation_required"), ("paid", "purchase_required")],
)
def test_lesson_says_what_unlocks_it(as_charlie: APIClient, db: None, access: str, code: str) -> None:
    course = publish("closed", access=access)
    response = as_charlie.get(f"/api/v1/lessons/{course.lesson_ids[0]}/?course=closed")
    assert (response.status_code, response.json()["code"]) == (403, code)
    assert "harbour" not in response.content.decode()


def test_lesson_in_order_is_locked(as_learner: APIClient, learner: User, db: None) -> None:
    course = publish("in-order", progression="in_order")
    enrol(user=learner, state=course.state)
    response = as_learner.get(f"/api/v1/lessons/{course.lesson_ids[1]}/?course=in-order")
    assert (response.status_code, response.json()["code"]) == (403, "locked_in_order")
    assert "Lesson 1" in response.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        f"{make_id('nothing')}/",
        f"{make_id('nothing')}/?course=selling-well",
        f"{make_id('selling-well', 'lesson', 1)}/?course=no-such-course",
        f"{make_id('selling-well', 'lesson', 1)}/?course=%22%00",
        "not-a-uuid/",
    ],
)
def test_unknown_lessons_are_not_found(as_learner: APIClient, learner: User, course: Published, path: str) -> None:
    enrol(user=learner, state=course.state)
    assert as_learner.get(f"/api/v1/lessons/{path}").status_code in (400, 404)


def test_reading_a_lesson_opens_it(as_learner: APIClient, learner: User, course: Published) -> None:
    enrol(user=learner, state=course.state)
    as_learner.get(f"/api/v1/lessons/{course.lesson_ids[1]}/")
    assert str(Enrolment.objects.get().last_lesson_key) == course.lesson_ids[1]


@pytest.mark.parametrize("lessons", [1, 3])
def test_lesson_needs_the_same_queries_in_any_course(
    as_learner: APIClient, learner: User, db: None, django_assert_num_queries: Any, lessons: int
) -> None:
    course = publish("measured", lessons=lessons)
    enrol(user=learner, state=course.state)
    path = f"/api/v1/lessons/{course.lesson_ids[0]}/?course=measured"
    as_learner.get(path)
    # Session, person, course, enrolment; the documents are parsed already.
    with django_assert_num_queries(4):
        as_learner.get(path)


def test_lesson_that_is_shut_names_what_opens_it(as_learner: APIClient, learner: User) -> None:
    first = make_lesson(text_block(), title="Basics")
    rules = [{"id": first["id"], "minimum_score": None}]
    second = make_lesson(text_block(), requires=rules, release_at="2999-01-01T00:00:00Z")
    state = make_edition(modules=[make_module(first, second)])
    EnrolmentFactory(course=state, user=learner)
    response = as_learner.get(f"/api/v1/lessons/{second['id']}/?course={state.slug}")
    body = response.json()
    assert (response.status_code, body["code"], body["unlock_lesson"], body["opens_at"]) == (
        403, "prerequisite_lesson", first["id"], "2999-01-01T00:00:00Z"
    )  # fmt: skip


def test_lesson_keeps_a_timed_block_back_until_it_is_started(as_learner: APIClient, learner: User) -> None:
    text = text_block(html="<p>Against the clock.</p>", time_limit=10)
    lesson = make_lesson(text)
    enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(lesson)]), user=learner)
    path = f"/api/v1/lessons/{lesson['id']}/?course={enrolment.course_key}"
    waiting = as_learner.get(path).json()["blocks"][0]
    event = {"id": make_id("event"), "lesson": lesson["id"], "block": text["id"], "state": "in_progress"}
    as_learner.post(f"/api/v1/enrolments/{enrolment.pk}/progress/", {"events": [event]}, format="json")
    started = as_learner.get(path).json()["blocks"][0]
    assert (waiting["html"], waiting["is_started"], waiting["deadline_at"]) == ("", False, None)
    assert (started["html"], started["is_started"]) == ("<p>Against the clock.</p>", True)
    assert started["deadline_at"].endswith("Z")
