"""Enrolments: enrolling once, refusals with a code, one's own list, progress that joins with the outline."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import override_settings
from rest_framework.test import APIClient

from courses.editions.models import CourseState
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from learners.progress.services import record_progress
from tests.api.editions import Published, make_id, publish
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory


def test_enrolling_creates_once(as_learner: APIClient, course: Published) -> None:
    first = as_learner.post("/api/v1/enrolments/", {"course": "selling-well"}, format="json")
    again = as_learner.post("/api/v1/enrolments/", {"course": "selling-well"}, format="json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Enrolment.objects.count() == 1


def test_enrolling_answers_the_enrolment(as_learner: APIClient, course: Published) -> None:
    answer = as_learner.post("/api/v1/enrolments/", {"course": str(course.state.course_key)}, format="json").json()
    enrolled_at = answer.pop("enrolled_at")
    assert enrolled_at.endswith("Z")
    assert answer == {
        "id": Enrolment.objects.get().pk,
        "course": {
            "id": make_id("selling-well"),
            "slug": "selling-well",
            "title": "Selling Well",
            "path": "/courses/selling-well/",
        },
        "edition": {"number": 1, "digest": course.edition.digest, "language": "en"},
        "cycle": 1,
        "state": "not_started",
        "percent": 0,
        "score": None,
        "required_done": 0,
        "seconds_spent": 0,
        "due_at": None,
        "overdue_at": None,
        "expired_at": None,
        "deadline": None,
        "renewal": None,
        "started_at": None,
        "completed_at": None,
        "last_accessed_at": None,
    }


@pytest.mark.parametrize(("access", "code"), [("invitation", "invitation_required"), ("paid", "purchase_required")])
def test_enrolling_is_refused_with_a_code(as_learner: APIClient, db: None, access: str, code: str) -> None:
    publish("closed", access=access)
    response = as_learner.post("/api/v1/enrolments/", {"course": "closed"}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, code)
    assert Enrolment.objects.count() == 0


def test_enrolling_on_an_archived_course_is_refused_and_those_on_it_go_on(
    as_learner: APIClient, as_charlie: APIClient, learner: User, course: Published
) -> None:
    enrolment, _is_new = enrol(user=learner, state=course.state)
    CourseState.objects.update(is_archived=True)
    response = as_charlie.post("/api/v1/enrolments/", {"course": "selling-well"}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "archived")
    assert as_learner.post("/api/v1/enrolments/", {"course": "selling-well"}, format="json").status_code == 200
    lesson = f"/api/v1/lessons/{course.lesson_ids[0]}/"
    own = [f"/api/v1/enrolments/{enrolment.pk}/", f"/api/v1/enrolments/{enrolment.pk}/outline/", lesson]
    assert [as_learner.get(path).status_code for path in own] == [200] * 3
    assert as_charlie.get(lesson).status_code == 404


def test_enrolling_needs_a_person(api: APIClient, course: Published) -> None:
    response = api.post("/api/v1/enrolments/", {"course": "selling-well"}, format="json")
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_enrolling_by_session_needs_the_csrf_token(learner: User, course: Published) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(learner, backend=settings.AUTHENTICATION_BACKENDS[0])
    response = client.post("/api/v1/enrolments/", {"course": "selling-well"}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")
    assert Enrolment.objects.count() == 0


@pytest.mark.parametrize("named", ["no-such", "withdrawn", make_id("nothing"), "ünïcode", "a b", '"'])
def test_enrolling_on_an_unknown_course_is_not_found(as_learner: APIClient, db: None, named: str) -> None:
    publish("withdrawn", is_published=False)
    assert as_learner.post("/api/v1/enrolments/", {"course": named}, format="json").status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"course": None}, {"course": ""}, {"course": []}, {"course": "a\x00"}, [], "x", 7]
)
def test_enrolling_refuses_malformed_bodies(as_learner: APIClient, db: None, body: Any) -> None:
    response = as_learner.post("/api/v1/enrolments/", body, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_list_has_only_ones_own(as_learner: APIClient, as_charlie: APIClient, learner: User, course: Published) -> None:
    enrol(user=learner, state=course.state)
    assert as_learner.get("/api/v1/enrolments/").json()["count"] == 1
    assert as_charlie.get("/api/v1/enrolments/").json() == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_eight_queries(
    as_learner: APIClient, learner: User, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        enrol(user=learner, state=publish(f"course-{number}").state)
    with django_assert_num_queries(8):
        as_learner.get("/api/v1/enrolments/")


def test_detail_of_somebody_else_is_not_found(as_charlie: APIClient, learner: User, course: Published) -> None:
    enrolment, _is_new = enrol(user=learner, state=course.state)
    assert as_charlie.get(f"/api/v1/enrolments/{enrolment.pk}/").status_code == 404


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999999", "9" * 5000])
def test_detail_survives_any_number(as_learner: APIClient, pk: str) -> None:
    assert as_learner.get(f"/api/v1/enrolments/{pk}/").status_code == 404


def test_detail_gives_progress_by_lesson_and_block(as_learner: APIClient, learner: User, course: Published) -> None:
    enrolment, _is_new = enrol(user=learner, state=course.state)
    lesson, audio = course.lesson_ids[1], course.block_id("audio", 2)
    event = {"id": make_id("event"), "lesson": lesson, "block": audio, "position": 12.5}
    record_progress(user=learner, enrolment_id=enrolment.pk, events=[event])
    progress = as_learner.get(f"/api/v1/enrolments/{enrolment.pk}/").json()["progress"]
    assert progress == {
        "percent": 0,
        "score": None,
        "state": "in_progress",
        "required_done": 0,
        "required_total": 4,
        "lessons": {
            course.lesson_ids[0]: {"state": "not_started", "required_left": 2, "lock": None, "blocks": {}},
            lesson: {
                "state": "in_progress",
                "required_left": 2,
                "lock": None,
                "blocks": {audio: {"state": "in_progress", "position": 12.5, "score": None}},
            },
        },
        "next": {
            "lesson": lesson,
            "title": "Lesson 2",
            "path": "/courses/selling-well/module-1/lesson-2/",
            "block": audio,
            "position": 12.5,
            "lock": None,
        },
    }


@pytest.mark.parametrize("lessons", [1, 3])
def test_detail_needs_eight_queries(
    as_learner: APIClient, learner: User, django_assert_num_queries: Any, lessons: int
) -> None:
    enrolment, _is_new = enrol(user=learner, state=publish("measured", lessons=lessons).state)
    with django_assert_num_queries(8):
        as_learner.get(f"/api/v1/enrolments/{enrolment.pk}/")


def test_a_renamed_course_keeps_its_enrolments_reachable(
    as_learner: APIClient, learner: User, course: Published
) -> None:
    enrolment, _is_new = enrol(user=learner, state=course.state)
    CourseState.objects.update(slug="selling-better")
    answer = as_learner.get(f"/api/v1/enrolments/{enrolment.pk}/").json()
    assert answer["course"]["slug"] == "selling-better"
    assert answer["progress"]["next"]["path"] == "/courses/selling-better/module-1/lesson-1/"


def test_study_outline_is_the_one_of_the_enrolment(
    as_learner: APIClient, as_charlie: APIClient, learner: User, course: Published
) -> None:
    enrolment, _is_new = enrol(user=learner, state=course.state)
    path = f"/api/v1/enrolments/{enrolment.pk}/outline/"
    response = as_learner.get(path)
    assert response.json()["edition"]["digest"] == course.edition.digest
    assert response["Cache-Control"] == "private, no-store"
    assert as_charlie.get(path).status_code == 404


@override_settings(TIME_ZONE="Asia/Ho_Chi_Minh")
def test_moments_are_utc_wherever_the_site_is(as_learner: APIClient, learner: User, course: Published) -> None:
    enrolment, _is_new = enrol(user=learner, state=course.state)
    Enrolment.objects.update(due_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
    assert as_learner.get(f"/api/v1/enrolments/{enrolment.pk}/").json()["due_at"] == "2026-03-01T09:30:00Z"


def test_the_deadline_says_why(as_learner: APIClient, learner: User) -> None:
    as_learner.force_authenticate(learner)  # the session will have run out by then
    with time_machine.travel(datetime(2030, 1, 1, 12, tzinfo=UTC), tick=False):
        state = make_edition(completion_days=7, expires_after_days=3)
        enrolment, _is_new = enrol(user=learner, state=state)
        for path in (f"/api/v1/enrolments/{enrolment.pk}/", "/api/v1/enrolments/"):
            answer = as_learner.get(path).json()
            assert answer.get("results", [answer])[0]["deadline"] == {
                "due_at": "2030-01-08T23:59:59Z",
                "time_zone": "UTC",
                "closes_at": "2030-01-11T23:59:59Z",
                "reasons": [
                    {
                        "code": "course_days",
                        "due_at": "2030-01-08T23:59:59Z",
                        "time_zone": "UTC",
                        "text": "Within 7 days of enrolling: by 8 January 2030",
                    }
                ],
            }


def test_an_expired_enrolment_takes_no_progress(as_learner: APIClient, learner: User, course: Published) -> None:
    enrolment, _is_new = enrol(user=learner, state=course.state)
    Enrolment.objects.update(expired_at=datetime(2026, 3, 1, tzinfo=UTC))
    event = {
        "id": make_id("event"),
        "lesson": course.lesson_ids[0],
        "block": course.lesson_ids[0],
        "state": "completed",
    }
    response = as_learner.post(f"/api/v1/enrolments/{enrolment.pk}/progress/", {"events": [event]}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "expired")
    lesson = as_learner.get(f"/api/v1/lessons/{course.lesson_ids[0]}/")
    assert (lesson.status_code, lesson.json()["code"]) == (403, "expired")
    assert "Ask your manager" in lesson.json()["detail"]


def test_renewing_answers_the_next_cycle(as_learner: APIClient, as_charlie: APIClient, learner: User) -> None:
    as_learner.force_authenticate(learner)
    as_charlie.force_authenticate(User.objects.get(email="charlie@example.com"))
    with time_machine.travel(datetime(2030, 1, 1, 12, tzinfo=UTC), tick=False):
        done = EnrolmentFactory(
            course=make_edition(certificate_validity_months=12),
            user=learner,
            completed=True,
            completed_at=datetime(2029, 2, 10, tzinfo=UTC),
        )
        assert as_learner.get(f"/api/v1/enrolments/{done.pk}/").json()["renewal"] == {
            "opens_at": "2029-12-12T00:00:00Z",
            "runs_out_at": "2030-02-10T00:00:00Z",
            "is_open": True,
        }
        path = f"/api/v1/enrolments/{done.pk}/renew/"
        assert as_charlie.post(path).status_code == 404
        first, again = as_learner.post(path), as_learner.post(path)
        assert (first.status_code, again.status_code, first.json()["id"]) == (201, 200, again.json()["id"])
        assert (first.json()["cycle"], first.json()["due_at"]) == (2, "2030-02-09T23:59:59Z")


def test_renewing_too_early_says_when(as_learner: APIClient, learner: User) -> None:
    done = EnrolmentFactory(course=make_edition(certificate_validity_months=36), user=learner, completed=True)
    response = as_learner.post(f"/api/v1/enrolments/{done.pk}/renew/")
    assert (response.status_code, response.json()["code"]) == (409, "too_early")


def test_detail_says_why_a_lesson_is_shut_and_what_opens_it(as_learner: APIClient, learner: User) -> None:
    first = make_lesson(text_block(), title="Basics")
    second = make_lesson(text_block(), requires=[{"id": first["id"], "minimum_score": None}])
    third = make_lesson(text_block(), release_at="2999-01-01T00:00:00Z")
    enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(first, second, third)]), user=learner)
    lessons = as_learner.get(f"/api/v1/enrolments/{enrolment.pk}/").json()["progress"]["lessons"]
    assert [lessons[lesson["id"]]["lock"] for lesson in (first, second, third)] == [
        None,
        {
            "code": "prerequisite_lesson",
            "message": "This lesson opens after “Basics”.",
            "unlock": "Complete “Basics”.",
            "unlock_lesson": first["id"],
            "opens_at": None,
        },
        {
            "code": "not_released_yet",
            "message": "This lesson opens on 1 Jan 2999, 00:00.",
            "unlock": "Come back then.",
            "unlock_lesson": None,
            "opens_at": "2999-01-01T00:00:00Z",
        },
    ]


def test_enrolling_without_the_required_course_is_refused(as_learner: APIClient, learner: User) -> None:
    first = make_edition(title="Foundations")
    rule = {"id": str(first.course_key), "title": "Foundations", "slug": first.slug, "minimum_score": None}
    state = make_edition(requires=[rule])
    response = as_learner.post("/api/v1/enrolments/", {"course": state.slug}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "prerequisite_course")
    EnrolmentFactory(course=first, user=learner, completed=True)
    assert as_learner.post("/api/v1/enrolments/", {"course": state.slug}, format="json").status_code == 201
