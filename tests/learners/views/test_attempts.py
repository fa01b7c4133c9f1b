"""Sitting a quiz in the browser: plain forms all the way, JSON where scripts help."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from certificates.services import issue_certificate
from learners.accommodations.models import Accommodation
from learners.enrolments.models import Enrolment
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
from tests.factories.learners import AccommodationFactory, EnrolmentFactory, UserFactory

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
        result = client.post(exam.url("submit/"), {"q-q1": "wrong", "confirmed": "1"}, follow=True)
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
    client.post(exam.url("submit/"), {"q-q1": "wrong", "confirmed": "1"})
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
    attempt = Attempt.objects.get()
    assert response.json()["server_time"] == response.json()["saved_at"]
    assert (attempt.state, sorted(attempt.answers)) == ("open", ["q1", "q2", "q3", "q4", "q5"])


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


@pytest.mark.parametrize(("fields", "is_open"), [(RIGHT_FIELDS, True), ({"confirmed": "1"}, False)])
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


def test_open_questions_are_named_before_a_plain_form_is_handed_in(exam, client):
    exam.start()
    page = client.post(exam.url("submit/"), {"q-q1": "right", "q-q4": "Paris"})
    assert [(number, question["id"]) for number, question in page.context["unanswered"]] == [
        (2, "q2"),
        (3, "q3"),
        (5, "q5"),
    ]
    assert f"{exam.url()}#question-3" in page.content.decode()
    assert (Attempt.objects.get().state, page["Cache-Control"]) == ("open", "private, no-store")
    result = client.post(exam.url("submit/"), {"confirmed": "saved"}, follow=True)
    assert [each.is_correct for each in result.context["results"]] == [True, False, False, True, False]


def test_a_plain_form_of_a_second_tab_does_not_bring_back_older_answers(exam, client):
    exam.start()
    client.post(exam.url("save/"), {"q-q4": "Paris", "seq-q4": "0", "seq-q5": "0"})
    client.post(exam.url("save/"), {"q-q4": "", "q-q5": "7", "seq-q4": "0", "seq-q5": "1"})
    answers = Attempt.objects.get().answers
    assert (answers["q4"]["text"], answers["q5"]["number"]) == ("Paris", "7")


def test_the_page_says_how_long_and_that_it_was_extended(client):
    exam = Exam(client, time_limit=30)
    AccommodationFactory(user=exam.enrolment.user, extra_attempts=1, note="Private")
    lesson = f"/courses/{exam.enrolment.edition.slug}/module-1/lesson-1/"
    assert "45 min (extended from 30 min)" in client.get(lesson).content.decode()
    exam.start()
    text = client.get(exam.url()).content.decode()
    assert "45 min (extended from 30 min)" in text
    assert "Private" not in text
    Attempt.objects.all().delete()
    Accommodation.objects.update(is_untimed=True)
    assert "No time limit for you (instead of 30 min)" in client.get(lesson).content.decode()


def test_a_quiz_that_cools_down_says_when_it_opens(client):
    exam = Exam(client, cooldown_minutes=60, score_policy="last")
    exam.start()
    result = client.post(exam.url("submit/"), {"confirmed": "1"}, follow=True)
    card = result.context["retry"]
    assert (card.can_open, card.available_at) == (False, Attempt.objects.get().submitted_at + timedelta(hours=1))
    assert "the next attempt opens on" in result.content.decode()
    assert card.score_note == "Your last attempt counts."
    refused = client.post(
        "/learn/attempts/open/",
        {"enrolment": exam.enrolment.pk, "lesson": exam.lesson["id"], "block": exam.quiz["id"]},
        follow=True,
    )
    assert "Take a break first" in refused.content.decode()


def test_a_result_that_waits_says_so(client):
    exam = Exam(client, questions=part_questions()[3:])
    exam.start()
    text = client.post(exam.url("submit/"), {"q-q9": "Because."}, follow=True).content.decode()
    assert "waiting to be marked" in text
    assert "You scored" not in text
    lesson = client.get(f"/courses/{exam.enrolment.edition.slug}/module-1/lesson-1/").content.decode()
    assert "Waiting to be marked" in lesson


DUE = datetime(2026, 5, 4, 12, tzinfo=UTC)
USELESS = "once you have passed or used your last attempt."


@pytest.mark.parametrize(
    ("settings", "due_at", "note"),
    [
        ({}, None, USELESS),
        ({"review_policy": "when_useless"}, None, USELESS),
        ({"review_policy": "never"}, None, "of this quiz are not shown."),
        ({"review_policy": "after_passing"}, None, "once you have passed."),
        ({"review_policy": "after_deadline"}, None, USELESS),
        ({"review_policy": "after_deadline"}, DUE + timedelta(days=9), "after 13 May 2026, 12:00."),
    ],
)
def test_a_result_without_the_key_says_when_it_is_shown(client, settings, due_at, note):
    exam = Exam(client, attempts_allowed=3, **settings)
    Enrolment.objects.update(due_at=due_at)
    with time_machine.travel(DUE, tick=False):
        exam.start()
        result = client.post(exam.url("submit/"), {"confirmed": "1"}, follow=True)
    assert result.context["review_note"].endswith(note)
    assert (note in result.content.decode(), SECRET in result.content.decode()) == (True, False)


def test_a_result_after_the_deadline_waits_for_the_attempt_that_is_running(client):
    exam = Exam(client, attempts_allowed=3, review_policy="after_deadline")
    exam.start()
    client.post(exam.url("submit/"), {"confirmed": "1"})
    first = exam.url()
    Enrolment.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    shown = client.get(first)
    assert (shown.context["is_key_shown"], SECRET in shown.content.decode()) == (True, True)
    client.post(
        "/learn/attempts/open/",
        {"enrolment": exam.enrolment.pk, "lesson": exam.lesson["id"], "block": exam.quiz["id"]},
    )
    running = client.get(first)
    assert running.context["review_note"].endswith("once the attempt you have begun is handed in.")
    assert SECRET not in running.content.decode()


@pytest.mark.parametrize(
    ("settings", "is_shown"), [({"review_policy": "after_submission"}, True), ({"attempts_allowed": 1}, True)]
)
def test_a_result_with_the_key_says_nothing_about_waiting(client, settings, is_shown):
    exam = Exam(client, **{"attempts_allowed": 3} | settings)
    exam.start()
    result = client.post(exam.url("submit/"), {"confirmed": "1"}, follow=True)
    assert result.context["is_key_shown"] is is_shown
    assert result.context["review_note"] not in result.content.decode()


def test_a_paper_with_an_essay_promises_no_result_at_once(client):
    exam = Exam(client, questions=part_questions()[3:])
    exam.start()
    assert "a person reads your text" in client.get(exam.url()).content.decode()
    other = Exam(client)
    other.start()
    assert "you see the result at once" in client.get(other.url()).content.decode()
