"""Delta training over the API: what changed, and the cycle for it."""

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from courses.models import CoursePage
from learners.enrolments.models import Enrolment
from tests.factories.courses import make_edition, make_lesson, make_module, quiz_block, text_block
from tests.factories.learners import EnrolmentFactory
from tests.factories.pages import make_course


@pytest.fixture
def completed(catalogue):
    """On the first of two editions; the second has a quiz more, and offers to study it."""
    page = make_course(catalogue, delta_training="offered")
    lesson = make_lesson(text_block(), title="Openings")
    state = make_edition(modules=[make_module(lesson)])
    CoursePage.objects.filter(pk=page.pk).update(translation_key=state.course_key)
    enrolment = EnrolmentFactory(course=state, completed=True)
    quiz = quiz_block()
    make_edition(
        modules=[make_module(make_lesson(*lesson["blocks"], quiz, key=lesson["id"], title="Now"))], state=state
    )
    enrolment.expected = {
        "lesson": lesson["id"],
        "lesson_title": "Now",
        "block": quiz["id"],
        "type": "quiz",
        "title": "Check",
        "kind": "added",
    }
    return enrolment


@pytest.fixture
def as_holder(completed):
    client = APIClient()
    client.force_login(completed.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def test_delta_is_told_and_opened_once(as_holder, completed):
    path = f"/api/v1/enrolments/{completed.pk}/delta/"
    answer = as_holder.get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.json() == {"is_offered": True, "edition": 2, "seconds": 60, "blocks": [completed.expected]}
    opened = as_holder.post(path)
    assert (opened.status_code, opened.json()["state"], opened.json()["percent"]) == (201, "not_started", 0)
    again = as_holder.post(path)
    assert (again.status_code, again.json()["id"]) == (200, opened.json()["id"])
    assert as_holder.get(path).json() == {"is_offered": False, "edition": 1, "seconds": 0, "blocks": []}


def test_delta_of_somebody_else_is_not_there(api, as_charlie, completed):
    path = f"/api/v1/enrolments/{completed.pk}/delta/"
    assert (as_charlie.get(path).status_code, as_charlie.post(path).status_code) == (404, 404)
    assert (api.get(path).status_code, api.post(path).status_code) == (401, 401)
    assert Enrolment.objects.count() == 1


def test_delta_that_is_not_offered_says_so(as_holder, completed):
    CoursePage.objects.update(delta_training="off")
    answer = as_holder.post(f"/api/v1/enrolments/{completed.pk}/delta/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_offered")
