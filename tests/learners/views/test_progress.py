"""The progress beacon and the buttons without JavaScript."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learners.enrolments.models import Enrolment
from learners.progress.models import BlockProgress
from tests.factories.courses import make_edition, make_lesson, make_module, quiz_block, text_block
from tests.factories.learners import EnrolmentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(client):
    """Somebody signed in, enrolled on a course of two lessons: (enrolment, first lesson, second lesson)."""
    lessons = [make_lesson(text_block(), title=f"Lesson {number}") for number in (1, 2)]
    enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(*lessons)]))
    client.force_login(enrolment.user)
    return enrolment, *lessons


def event(lesson, **changes):
    return {"id": str(uuid.uuid4()), "lesson": lesson["id"], "block": lesson["blocks"][0]["id"]} | changes


def post_json(client, enrolment, body, **headers):
    return client.post(f"/learn/enrolments/{enrolment.pk}/progress/", body, content_type="application/json", **headers)


def test_receive_progress_answers_with_the_new_state(client, study):
    enrolment, lesson, _second = study
    response = post_json(client, enrolment, {"events": [event(lesson, state="completed")]})
    answer = response.json()
    assert (answer["percent"], answer["state"], answer["lesson_state"]) == (50, "in_progress", "completed")
    assert answer["results"] == [
        {
            "lesson": lesson["id"],
            "block": lesson["blocks"][0]["id"],
            "state": "completed",
            "position": 0,
            "deadline_at": None,
        }
    ]
    assert response["Cache-Control"] == "private, no-store"


def test_receive_progress_takes_a_bare_list_and_a_form_field(client, study):
    enrolment, lesson, second = study
    post_json(client, enrolment, [event(lesson, state="completed")])
    url = f"/learn/enrolments/{enrolment.pk}/progress/"
    client.post(url, {"events": json.dumps([event(second, state="completed")])})
    enrolment.refresh_from_db()
    assert enrolment.state == "completed"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[" * 100_000, 400),
        ('{"events": "x"}', 400),
        ("null", 400),
        (json.dumps([{}] * 201), 413),
        (json.dumps([{"id": "\u0000"}]), 200),
    ],
)
def test_receive_progress_never_breaks_on_bad_bodies(client, study, body, status):
    assert post_json(client, study[0], body).status_code == status
    assert BlockProgress.objects.count() == 0


def test_receive_progress_needs_its_own_person_and_a_token(client, study):
    enrolment, lesson, _second = study
    body = {"events": [event(lesson, state="completed")]}
    client.handler.enforce_csrf_checks = True
    assert post_json(client, enrolment, body).status_code == 403
    client.handler.enforce_csrf_checks = False
    client.force_login(UserFactory())
    assert post_json(client, enrolment, body).status_code == 404
    client.logout()
    assert post_json(client, enrolment, body).status_code == 401
    assert BlockProgress.objects.count() == 0


def test_receive_progress_survives_numbers_no_database_can_hold(client, study):
    url = "/learn/enrolments/99999999999999999999999/progress/"
    assert client.post(url, "[]", content_type="application/json").status_code == 404


def test_receive_progress_after_completion_keeps_the_record_as_it_was(client, study):
    enrolment, lesson, second = study
    post_json(client, enrolment, [event(lesson, state="completed"), event(second, state="completed")])
    enrolment.refresh_from_db()
    completed_at = enrolment.completed_at
    post_json(client, enrolment, [event(lesson, state="in_progress")])
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.percent, enrolment.completed_at) == ("completed", 100, completed_at)


def test_receive_progress_takes_six_queries_in_all(client, study):
    enrolment, lesson, _second = study
    post_json(client, enrolment, {"events": [event(lesson, active=1)]})
    with CaptureQueriesContext(connection) as captured:
        post_json(client, enrolment, {"events": [event(lesson, active=1) for _number in range(20)]})
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == 6


def test_mark_lesson_complete_goes_on_to_the_next_lesson(client, study):
    enrolment, lesson, second = study
    slug = enrolment.edition.slug
    response = client.post(f"/learn/lessons/{enrolment.pk}/{lesson['id']}/complete/")
    assert response["Location"] == f"/courses/{slug}/module-1/lesson-2/"
    response = client.post(f"/learn/lessons/{enrolment.pk}/{second['id']}/complete/", follow=True)
    assert response.redirect_chain == [(f"/courses/{slug}/", 302)]
    assert "You have completed the course" in response.content.decode()


def test_mark_lesson_complete_says_what_is_missing(client):
    quiz = quiz_block(title="Final check")
    lesson = make_lesson(text_block(), quiz, title="Lesson 1")
    enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(lesson)]))
    client.force_login(enrolment.user)
    response = client.post(f"/learn/lessons/{enrolment.pk}/{lesson['id']}/complete/", follow=True)
    assert response.redirect_chain[0][0].endswith(f"/lesson-1/#block-{quiz['id']}")
    assert "Still to do: pass the quiz “Final check”." in response.content.decode()


def test_mark_block_complete_returns_to_the_block(client, study):
    enrolment, lesson, _second = study
    block = lesson["blocks"][0]["id"]
    response = client.post(f"/learn/lessons/{enrolment.pk}/{lesson['id']}/blocks/{block}/complete/")
    assert response["Location"] == f"/courses/{enrolment.edition.slug}/module-1/lesson-1/#block-{block}"
    assert BlockProgress.objects.get().state == "completed"


def test_buttons_do_not_know_what_is_not_there(client, study):
    enrolment, lesson, _second = study
    stranger = uuid.uuid4()
    assert client.post(f"/learn/lessons/{enrolment.pk}/{stranger}/complete/").status_code == 404
    assert client.post(f"/learn/lessons/{enrolment.pk}/{lesson['id']}/blocks/{stranger}/complete/").status_code == 404
    client.force_login(UserFactory())
    assert client.post(f"/learn/lessons/{enrolment.pk}/{lesson['id']}/complete/").status_code == 404
    assert BlockProgress.objects.count() == 0


def test_receive_progress_takes_the_beacon_of_a_heartbeat(client, study):
    enrolment, lesson, _second = study
    Enrolment.objects.update(last_accessed_at=timezone.now() - timedelta(seconds=30))
    beat = event(lesson, active=20)
    url = f"/learn/enrolments/{enrolment.pk}/progress/"
    statuses = [client.post(url, {"events": json.dumps([beat])}).json()["events"][0]["status"] for _time in (1, 2)]
    assert statuses == ["applied", "duplicate"]
    assert BlockProgress.objects.get().seconds_spent == 20


def test_start_block_is_not_found_for_somebody_elses_enrolment(client, study):
    _enrolment, lesson, _second = study
    other = EnrolmentFactory()
    url = f"/learn/lessons/{other.pk}/{lesson['id']}/blocks/{lesson['blocks'][0]['id']}/start/"
    assert client.post(url).status_code == 404
