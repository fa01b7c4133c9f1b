"""Sitting a quiz in the browser: plain forms all the way, JSON where scripts help."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from certificates.services import issue_certificate
from learners.exams.models import Attempt
from tests.factories.courses import (
    MATCHING,
    RIGHT_ANSWERS,
    SECRET,
    every_question,
    make_edition,
    make_lesson,
    make_module,
    part_questions,
    quiz_block,
    text_block,
)
from tests.factories.learners import EnrolmentFactory, UserFactory

pytestmark = pytest.mark.django_db

RIGHT_FIELDS = {"q-q1": "right", "q-q2": ["a", "b"], "q-q3": "true", "q-q4": "Paris", "q-q5": "1,5 kg"}


class Exam:
    """One quiz with a question of every type, and somebody signed in and enrolled."""

    def __init__(self, client, progression=None, **settings):
        self.client = client
        settings.setdefault("questions", every_question())
        self.quiz = quiz_block(**settings)
        self.lesson = make_lesson(self.quiz, title="Lesson 1")
        lessons = [self.lesson]
        facts = {}
        if progression:
            lessons.append(make_lesson(text_block(), title="Lesson 2"))
            facts = {"progression": progression}
        self.enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(*lessons)], **facts))
        self.client.force_login(self.enrolment.user)

    def start(self, **changes):
        fields = {"enrolment": self.enrolment.pk, "lesson": self.lesson["id"], "block": self.quiz["id"]}
        return self.client.post("/learn/attempts/open/", fields | changes)

    def url(self, action=""):
        return f"/learn/attempts/{Attempt.objects.latest('opened_at').pk}/{action}"


@pytest.fixture
def exam(client):
    return Exam(client)


def test_an_exam_from_start_to_review_with_plain_forms(exam, client):
    assert exam.start()["Location"] == exam.url()
    page = client.get(exam.url())
    assert page["Cache-Control"] == "private, no-store"
    assert [question.id for question in page.context["attempt"].questions] == ["q1", "q2", "q3", "q4", "q5"]
    assert SECRET not in page.content.decode()
    client.post(exam.url("save/"), {"q-q4": "London"})
    assert [question.text for question in client.get(exam.url()).context["attempt"].questions][3] == "London"

    result = client.post(exam.url("submit/"), RIGHT_FIELDS, follow=True)

    assert [each.is_correct for each in result.context["results"]] == [True] * 5
    assert (result.context["attempt"].score, result.context["course_completed"]) == (100, True)
    assert SECRET in result.content.decode()
    assert (result.context["retry"].passed, result.context["next_url"]) == (True, None)


def test_questions_in_parts_are_answered_with_plain_forms(client):
    exam = Exam(client, questions=part_questions()[:3])
    exam.start()
    text = client.get(exam.url()).content.decode()
    assert (text.count("<select"), text.count('aria-label="Blank')) == (2 + 3, 2)
    right = MATCHING.right_pairs
    fields = {"q-q6-fr": right["fr"], "q-q6-it": right["it"], "q-q7-a": "1", "q-q7-b": "2", "q-q7-c": "3"}
    result = client.post(exam.url("submit/"), fields | {"q-q8-1": "100", "q-q8-2": "celsius"}, follow=True)
    assert [(each.is_correct, each.points) for each in result.context["results"]] == [(True, 2)] * 3


def test_an_essay_is_handed_in_and_waits(client):
    exam = Exam(client, questions=part_questions()[3:])
    exam.start()
    result = client.post(exam.url("submit/"), {"q-q9": "Because."}, follow=True)
    [essay] = result.context["results"]
    assert (essay.is_pending, essay.answer_text, result.context["attempt"].passed) == (True, "Because.", None)
    assert "Because of this." not in result.content.decode()  # the guidance for marking


def test_a_failed_attempt_can_be_tried_again_until_they_are_used_up(client):
    exam = Exam(client, attempts_allowed=2)
    for number in (1, 2):
        exam.start()
        result = client.post(exam.url("submit/"), {"q-q1": "wrong"}, follow=True)
        assert (result.context["attempt"].number, result.context["attempt"].passed) == (number, False)
    assert (result.context["retry"].can_open, result.context["retry"].attempts_left) == (False, 0)
    refused = client.post(
        "/learn/attempts/open/",
        {"enrolment": exam.enrolment.pk, "lesson": exam.lesson["id"], "block": exam.quiz["id"]},
        follow=True,
    )
    assert refused.redirect_chain[-1][0].endswith("/module-1/lesson-1/")
    assert "You have used all attempts" in refused.content.decode()


def test_a_failed_attempt_is_not_congratulated_after_the_course_was_completed(exam, client):
    exam.start()
    failed = exam.url()
    client.post(exam.url("submit/"), {"q-q1": "wrong"})
    exam.start()
    client.post(exam.url("submit/"), RIGHT_FIELDS)
    result = client.get(failed)
    assert (result.context["enrolment"].state, result.context["course_completed"]) == ("completed", False)


def test_the_result_that_completed_the_course_leads_to_the_certificate(exam, client):
    exam.start()
    client.post(exam.url("submit/"), RIGHT_FIELDS)
    certificate = issue_certificate(enrolment_id=exam.enrolment.pk)
    assert f'href="/certificates/{certificate.number}/"' in client.get(exam.url()).content.decode()


def test_save_attempt_answers_scripts_in_json(exam, client):
    exam.start()
    response = client.post(exam.url("save/"), {"answers": RIGHT_ANSWERS}, content_type="application/json")
    assert (response.status_code, response.json()["saved"]) == (200, ["q1", "q2", "q3", "q4", "q5"])
    client.post(exam.url("submit/"))  # an empty form empties nothing it does not show
    assert Attempt.objects.get().state == "submitted"


@pytest.mark.parametrize("body", ["{", '{"answers": 5}', "[" * 100_000])
def test_save_attempt_never_breaks_on_bad_bodies(exam, client, body):
    exam.start()
    assert client.post(exam.url("save/"), body, content_type="application/json").status_code == 400
    assert client.post(exam.url("submit/"), body, content_type="application/json").status_code == 400
    assert Attempt.objects.get().state == "open"


def test_save_attempt_after_the_deadline_is_told_so(client):
    exam = Exam(client, time_limit=1)
    exam.start()
    Attempt.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))
    response = client.post(exam.url("save/"), {"answers": RIGHT_ANSWERS}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (409, "time_is_up")
    page = client.get(exam.url())
    assert (page.context["attempt"].state, page.context["attempt"].score) == ("expired", 0)
    assert "The time was up" in page.content.decode()


def test_hand_in_attempt_as_json_answers_with_the_address_of_the_result(exam, client):
    exam.start()
    response = client.post(exam.url("submit/"), {"answers": RIGHT_ANSWERS}, content_type="application/json")
    assert response.json() == {"url": exam.url()}
    assert Attempt.objects.get().passed is True


@pytest.mark.parametrize(("fields", "is_open"), [(RIGHT_FIELDS, True), ({}, False)])
def test_the_result_leads_on_only_to_a_lesson_that_is_open(client, fields, is_open):
    exam = Exam(client, progression="in_order")
    exam.start()
    result = client.post(exam.url("submit/"), fields, follow=True)
    next_url = f"/courses/{exam.enrolment.edition.slug}/module-1/lesson-2/"
    assert result.context["next_url"] == (next_url if is_open else None)


def test_attempts_of_others_are_404(exam, client):
    exam.start()
    client.force_login(UserFactory())
    assert client.get(exam.url()).status_code == 404
    assert client.post(exam.url("save/"), {"q-q1": "right"}).status_code == 404
    assert client.post(exam.url("submit/"), {"q-q1": "right"}).status_code == 404
    assert exam.start().status_code == 404
    assert Attempt.objects.get().state == "open"


@pytest.mark.parametrize(
    "changes",
    [
        {"enrolment": "x"},
        {"enrolment": "999999999999999999999"},
        {"enrolment": ""},
        {"lesson": "no uuid"},
        {"block": "\x00"},
        {"block": str(uuid.uuid4())},
    ],
)
def test_start_attempt_does_not_know_what_is_not_there(exam, changes):
    assert exam.start(**changes).status_code == 404
    assert Attempt.objects.count() == 0


def test_attempts_are_for_people_who_are_signed_in(exam, client):
    exam.start()
    client.logout()
    assert client.get(exam.url())["Location"].startswith("/accounts/login/")
    assert client.post(exam.url("save/"), {}).status_code == 401
    assert client.post(exam.url("submit/"), {})["Location"].startswith("/accounts/login/")
    assert Attempt.objects.get().state == "open"
