"""Attempts: one open sitting, saved answers, graded once, and no key before that."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from api.fields import MomentField
from api.refusals import as_api_exception
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from learners.exams.models import Attempt
from learners.exams.services import AttemptRefusedError
from tests.api.editions import SECRETS, STEPS, Published, make_id, make_quiz
from tests.factories.learners import AccommodationFactory

Answers = list[dict[str, Any]]


@pytest.fixture
def enrolment(learner: User, course: Published) -> Enrolment:
    return enrol(user=learner, state=course.state)[0]


def open_attempt(client: APIClient, enrolment: Enrolment, course: Published) -> Any:
    body = {"enrolment": enrolment.pk, "block": course.block_id("quiz")}
    return client.post("/api/v1/attempts/", body, format="json")


def right_answers(course: Published) -> Answers:
    block = course.block_id("quiz")
    return [
        {"question": make_id(block, "single"), "choices": [make_id(block, "right")]},
        {"question": make_id(block, "multiple"), "choices": [make_id(block, "one"), make_id(block, "two")]},
        {"question": make_id(block, "true_false"), "choices": ["true"]},
        {"question": make_id(block, "short_text"), "text": "secret-accepted"},
        {"question": make_id(block, "numeric"), "number": "424242"},
        {"question": make_id(block, "matching"), "pairs": make_quiz(block).questions[5].right_pairs},
        {"question": make_id(block, "ordering"), "order": [make_id(block, name) for name in STEPS]},
        {"question": make_id(block, "blanks"), "blanks": {"1": "secret-accepted"}},
    ]


def test_opening_gives_one_attempt(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    first, again = (open_attempt(as_learner, enrolment, course) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert first["Cache-Control"] == "private, no-store"


def test_an_open_attempt_has_its_questions_and_no_key(
    as_learner: APIClient, enrolment: Enrolment, course: Published
) -> None:
    response = open_attempt(as_learner, enrolment, course)
    answer = response.json()
    block = course.block_id("quiz")
    assert sorted(answer) == [
        "accommodation", "answers", "base_time_limit", "block", "deadline_at", "enrolment", "id", "is_graded",
        "is_key_shown", "late", "lesson", "number", "opened_at", "passed", "questions", "results", "score",
        "server_time", "state", "submitted_at", "time_limit",
    ]  # fmt: skip
    assert (answer["block"], answer["lesson"], answer["number"]) == (block, course.lesson_ids[0], 1)
    assert (answer["state"], answer["score"], answer["passed"], answer["results"]) == ("open", None, None, [])
    assert answer["questions"][0] == {
        "id": make_id(block, "single"),
        "type": "single",
        "prompt": "A single question?",
        "points": 1,
        "unit": "",
        "choices": [
            {"id": make_id(block, "right"), "text": "right"},
            {"id": make_id(block, "wrong"), "text": "wrong"},
        ],
    }
    assert [secret for secret in SECRETS if secret in response.content.decode()] == []


def test_answers_are_saved_and_come_back(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    path = f"/api/v1/attempts/{open_attempt(as_learner, enrolment, course).json()['id']}/"
    single, _multiple, _true_false, text, number, *parts = right_answers(course)
    saved = as_learner.patch(f"{path}answers/", {"answers": [single | {"seq": 2}, text, number, *parts]}, format="json")
    assert saved.json()["saved"] == [answer["question"] for answer in (single, text, number, *parts)]
    answers = {answer["question"]: answer for answer in as_learner.get(path).json()["answers"]}
    assert answers[single["question"]]["choices"] == single["choices"]
    assert answers[single["question"]]["seq"] == 2
    assert answers[text["question"]]["text"] == "secret-accepted"
    assert answers[number["question"]]["number"] == "424242"
    kept = [{key: answers[part["question"]][key] for key in part} for part in parts]
    assert kept == parts


def test_a_late_answer_is_left_out(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    path = f"/api/v1/attempts/{open_attempt(as_learner, enrolment, course).json()['id']}/answers/"
    question = right_answers(course)[3]["question"]
    as_learner.patch(path, {"answers": [{"question": question, "text": "new", "seq": 5}]}, format="json")
    late = as_learner.patch(path, {"answers": [{"question": question, "text": "old", "seq": 4}]}, format="json")
    assert late.json()["saved"] == []


def test_submitting_grades_once(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    path = f"/api/v1/attempts/{open_attempt(as_learner, enrolment, course).json()['id']}/"
    first = as_learner.post(f"{path}submit/", {"answers": right_answers(course)}, format="json")
    again = as_learner.post(f"{path}submit/", {"answers": []}, format="json")
    assert (first.json()["state"], first.json()["score"], first.json()["passed"]) == ("submitted", 100.0, True)
    assert (again.status_code, again.json()["score"]) == (200, 100.0)
    assert first.json()["results"][1] == {
        "question": make_id(course.block_id("quiz"), "multiple"),
        "points": 2.0,
        "max_points": 2,
        "is_correct": True,
        "chosen": right_answers(course)[1]["choices"],
        "feedback": dict.fromkeys(right_answers(course)[1]["choices"], "SECRET-FEEDBACK"),
        "correct_choices": right_answers(course)[1]["choices"],
        "accepted": [],
        "right_parts": [],
        "right_pairs": {},
        "right_order": [],
        "right_blanks": {},
        "explanation": "SECRET-EXPLANATION",
        "is_pending": False,
        "comment": "",
        "criteria": [],
    }


def test_submitting_without_a_body_grades_what_is_saved(
    as_learner: APIClient, enrolment: Enrolment, course: Published
) -> None:
    path = f"/api/v1/attempts/{open_attempt(as_learner, enrolment, course).json()['id']}/"
    response = as_learner.post(f"{path}submit/")
    assert (response.status_code, response.json()["score"], response.json()["passed"]) == (200, 0.0, False)


def test_saving_after_submitting_is_a_conflict(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    path = f"/api/v1/attempts/{open_attempt(as_learner, enrolment, course).json()['id']}/"
    as_learner.post(f"{path}submit/")
    response = as_learner.patch(f"{path}answers/", {"answers": right_answers(course)}, format="json")
    assert (response.status_code, response.json()["code"]) == (409, "already_submitted")


def test_saving_after_the_deadline_is_a_conflict(
    as_learner: APIClient, enrolment: Enrolment, course: Published
) -> None:
    path = f"/api/v1/attempts/{open_attempt(as_learner, enrolment, course).json()['id']}/"
    Attempt.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))
    response = as_learner.patch(f"{path}answers/", {"answers": right_answers(course)}, format="json")
    assert (response.status_code, response.json()["code"]) == (409, "time_is_up")
    late = [answer["question"] for answer in right_answers(course)]
    assert response.json()["late"] == late
    attempt = as_learner.get(path).json()
    assert (attempt["state"], attempt["score"], attempt["late"]) == ("expired", 0.0, late)


def test_attempts_run_out(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    for _number in range(2):
        as_learner.post(f"/api/v1/attempts/{open_attempt(as_learner, enrolment, course).json()['id']}/submit/")
    response = open_attempt(as_learner, enrolment, course)
    assert (response.status_code, response.json()["code"]) == (409, "attempts_used_up")


def test_attempts_of_somebody_else_are_not_found(
    as_learner: APIClient, as_charlie: APIClient, enrolment: Enrolment, course: Published
) -> None:
    path = f"/api/v1/attempts/{open_attempt(as_learner, enrolment, course).json()['id']}/"
    answers = {"answers": right_answers(course)}
    assert open_attempt(as_charlie, enrolment, course).status_code == 404
    assert as_charlie.get(path).status_code == 404
    assert as_charlie.patch(f"{path}answers/", answers, format="json").status_code == 404
    assert as_charlie.post(f"{path}submit/", answers, format="json").status_code == 404
    assert Attempt.objects.get().state == "open"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/answers"),
        ({"answers": {}}, "#/answers"),
        ({"answers": [7]}, "#/answers/0"),
        ({"answers": [{}]}, "#/answers/0/question"),
        ({"answers": [{"question": "q"}, {"question": "q", "choices": "a"}]}, "#/answers/1/choices"),
        ({"answers": [{"question": "q", "choices": [["a"]]}]}, "#/answers/0/choices/0"),
        ({"answers": [{"question": "q", "text": "a\x00"}]}, "#/answers/0/text"),
        ({"answers": [{"question": "q", "text": "\ud800"}]}, "#/answers/0/text"),
        ({"answers": [{"question": "q", "number": True}]}, "#/answers/0/number"),
        ({"answers": [{"question": "q", "number": "1" * 100}]}, "#/answers/0/number"),
        ({"answers": [{"question": "q", "seq": -1}]}, "#/answers/0/seq"),
    ],
)
def test_malformed_answers_are_refused_with_a_pointer(
    as_learner: APIClient, enrolment: Enrolment, course: Published, body: Any, pointer: str
) -> None:
    path = f"/api/v1/attempts/{open_attempt(as_learner, enrolment, course).json()['id']}/answers/"
    response = as_learner.patch(path, json.dumps(body), content_type="application/json")
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"enrolment": "x", "block": "y"},
        {"enrolment": 10**30, "block": make_id("b")},
        {"enrolment": 0, "block": make_id("b")},
        {"enrolment": 1, "block": [7]},
        {"enrolment": 1, "block": "\ud800"},
    ],
)
def test_opening_refuses_malformed_bodies(as_learner: APIClient, db: None, body: Any) -> None:
    response = as_learner.post("/api/v1/attempts/", json.dumps(body), content_type="application/json")
    assert response.status_code == 400


def test_opening_a_block_that_is_no_quiz_is_not_found(
    as_learner: APIClient, enrolment: Enrolment, course: Published
) -> None:
    for block in (course.block_id("text"), make_id("nothing")):
        body = {"enrolment": enrolment.pk, "block": block}
        assert as_learner.post("/api/v1/attempts/", body, format="json").status_code == 404


def test_reading_an_attempt_needs_three_queries(
    as_learner: APIClient, enrolment: Enrolment, course: Published, django_assert_num_queries: Any
) -> None:
    path = f"/api/v1/attempts/{open_attempt(as_learner, enrolment, course).json()['id']}/"
    with django_assert_num_queries(3):
        as_learner.get(path)


def test_an_attempt_says_how_long_everybody_and_this_learner_has(
    as_learner: APIClient, enrolment: Enrolment, course: Published
) -> None:
    AccommodationFactory(user=enrolment.user, extra_attempts=1, note="Private")
    response = open_attempt(as_learner, enrolment, course)
    answer = response.json()
    assert (answer["base_time_limit"], answer["time_limit"]) == (600, 900)
    assert answer["accommodation"] == {"time_factor": 1.5, "extra_attempts": 1, "is_untimed": False}
    assert (answer["is_graded"], answer["late"]) == (False, [])
    assert "Private" not in response.content.decode()


def test_a_cool_down_says_when_it_is_over(as_learner: APIClient, enrolment: Enrolment, course: Published) -> None:
    opens_at = timezone.now() + timedelta(hours=1)
    refusal = AttemptRefusedError("cooling_down", "Later.", available_at=opens_at)
    error = as_api_exception(refusal)
    assert error is not None
    assert (error.status_code, error.get_codes()) == (409, "cooling_down")
    assert error.members == {"available_at": MomentField().to_representation(opens_at)}


def test_attempts_are_listed_without_their_papers(
    as_learner: APIClient, as_charlie: APIClient, enrolment: Enrolment, course: Published,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    numbers = []
    for _number in range(2):
        attempt = open_attempt(as_learner, enrolment, course).json()
        as_learner.post(f"/api/v1/attempts/{attempt['id']}/submit/")
        numbers.insert(0, attempt["number"])
        with django_assert_num_queries(4):
            listed = as_learner.get("/api/v1/attempts/", {"enrolment": enrolment.pk}).json()
        assert [each["number"] for each in listed["results"]] == numbers
    assert (listed["count"], "questions" in listed["results"][0], "answers" in listed["results"][0]) == (
        2,
        False,
        False,
    )
    assert as_learner.get("/api/v1/attempts/?enrolment=999999").json()["count"] == 0
    assert as_learner.get("/api/v1/attempts/?enrolment=x").status_code == 400
    assert as_charlie.get("/api/v1/attempts/").json()["results"] == []
