"""Evidence says what the rows say: every block with its edition, every attempt with paper and answers, no key."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.editions.queries import clear_caches
from learners.accommodations.models import Accommodation
from learners.enrolments.models import DeadlineExtension, Enrolment
from learners.exams.services import open_attempt, submit_attempt
from learners.progress.models import BlockProgress, Reopening
from learners.progress.services import complete_lesson, follow_current_edition, touch_lesson
from learners.reporting.evidence import collect_evidence, find_enrolment
from tests.factories.courses import (
    SECRET,
    make_edition,
    make_lesson,
    make_module,
    quiz_block,
    single_question,
    text_block,
    video_block,
)
from tests.factories.learners import EnrolmentFactory, GrantFactory, UserFactory

pytestmark = pytest.mark.django_db


class Study:
    """Somebody who read a text and sat a quiz twice."""

    def __init__(self) -> None:
        self.quiz = quiz_block(questions=(single_question(id="q1"),))
        self.text, self.video = text_block(), video_block()
        self.lesson = make_lesson(self.text, self.video, self.quiz, title="Asking")
        self.state = make_edition(modules=[make_module(self.lesson, title="Basics")])
        self.enrolment: Enrolment = EnrolmentFactory(course=self.state)
        self.user = self.enrolment.user

    def read(self) -> None:
        touch_lesson(enrolment=self.enrolment, lesson_key=self.lesson["id"])
        complete_lesson(user=self.user, enrolment=self.enrolment, lesson_key=self.lesson["id"])

    def sit(self, choice: str) -> None:
        attempt = open_attempt(
            user=self.user, enrolment=self.enrolment, lesson_key=self.lesson["id"], block_id=self.quiz["id"]
        )
        submit_attempt(
            user=self.user, attempt_id=attempt.pk, answers=[{"question": "q1", "choices": [choice], "seq": 1}]
        )

    def evidence(self, viewer: Any = "manager") -> Any:
        enrolment = find_enrolment(self.enrolment.pk)
        assert enrolment is not None
        return collect_evidence(enrolment, viewer=viewer)

    def block(self, viewer: Any = "manager", place: int = 2) -> Any:
        return self.evidence(viewer)["lessons"][0]["blocks"][place]


def test_every_block_tells_state_and_edition() -> None:
    study = Study()
    study.read()
    blocks = study.evidence()["lessons"][0]["blocks"]
    assert [(block["type"], block["state"], block["edition"]) for block in blocks] == [
        ("text", "completed", 1),
        ("video", "not_started", None),
        ("quiz", "not_started", None),
    ]


def test_attempts_hold_paper_answers_and_marks() -> None:
    study = Study()
    study.sit("wrong")
    study.sit("right")
    attempts = study.block()["attempts"]
    assert [(each["number"], each["score"], each["passed"]) for each in attempts] == [
        (1, "0.00", False),
        (2, "100.00", True),
    ]
    question = attempts[1]["questions"][0]
    assert (question["prompt"], question["choices"], question["answer"], question["points"]) == (
        "Which one?",
        ["This", "That"],
        ["This"],
        "1.00",
    )


@pytest.mark.parametrize("viewer", ["owner", "manager", "staff"])
def test_key_is_never_part_of_evidence(viewer: str) -> None:
    study = Study()
    study.sit("wrong")
    text = json.dumps(study.evidence(viewer))
    assert (SECRET in text, "is_correct" in text, "correct_choices" in text) == (False, False, False)


def test_owner_sees_answers_and_results_but_not_the_marks_of_single_questions() -> None:
    study = Study()
    study.sit("wrong")
    attempt = study.block("owner")["attempts"][0]
    assert (attempt["score"], attempt["questions"][0]["answer"], attempt["questions"][0]["points"]) == (
        "0.00",
        ["That"],
        None,
    )


def test_block_names_the_edition_it_was_completed_on_after_a_newer_one_came() -> None:
    study = Study()
    study.read()
    make_edition(modules=[make_module(make_lesson(study.text, key=study.lesson["id"]))], state=study.state)
    follow_current_edition(study.enrolment, study.state)
    evidence = study.evidence()
    assert evidence["course"]["edition"] == 2
    assert evidence["lessons"][0]["blocks"][0]["edition"] == 1


def test_what_the_edition_no_longer_has_comes_last_and_is_marked() -> None:
    study = Study()
    study.read()
    study.sit("right")
    make_edition(modules=[make_module(make_lesson(text_block(), title="New"))], state=study.state)
    Enrolment.objects.update(edition=study.state.edition, state="in_progress")
    lessons = study.evidence()["lessons"]
    assert [(lesson["title"], lesson["is_in_edition"]) for lesson in lessons] == [("New", True), ("", False)]
    gone = lessons[1]["blocks"]
    assert {block["id"] for block in gone} == {study.text["id"], study.quiz["id"]}
    assert [len(block["attempts"]) for block in gone if block["type"] == "quiz"] == [1]
    assert {block["is_in_edition"] for block in gone} == {False}


def test_decisions_of_people_are_named() -> None:
    study = Study()
    boss = UserFactory(name="Ana Ruiz")
    now = timezone.now()
    DeadlineExtension.objects.create(
        enrolment=study.enrolment, due_at=now + timedelta(days=9), note="Parental leave", granted_by=boss
    )
    Accommodation.objects.create(user=study.user, time_factor="1.5", note="Dyslexia", granted_by=boss, granted_at=now)
    GrantFactory(user=study.user, course_key=study.enrolment.course_key, reference="Order 7")
    evidence = study.evidence()
    assert [(each["note"], each["granted_by"]) for each in evidence["extensions"]] == [("Parental leave", "Ana Ruiz")]
    assert [(each["time_factor"], each["granted_by"]) for each in evidence["accommodations"]] == [("1.50", "Ana Ruiz")]
    assert [each["reference"] for each in evidence["grants"]] == ["Order 7"]


@pytest.mark.parametrize(("viewer", "note"), [("owner", ""), ("manager", ""), ("staff", "Dyslexia")])
def test_reason_of_an_accommodation_is_for_staff(viewer: str, note: str) -> None:
    study = Study()
    Accommodation.objects.create(user=study.user, time_factor="1.5", note="Dyslexia", granted_at=timezone.now())
    assert [each["note"] for each in study.evidence(viewer)["accommodations"]] == [note]


def test_watched_intervals_are_told_with_their_sum() -> None:
    study = Study()
    now = timezone.now()
    BlockProgress.objects.create(
        enrolment=study.enrolment,
        lesson_key=study.lesson["id"],
        block_id=study.video["id"],
        started_at=now,
        last_accessed_at=now,
        watched=[[0, 10.5], [20, 30]],
        seconds_spent=25,
    )
    video = study.block(place=1)
    assert (video["watched"], video["watched_seconds"], video["duration"], video["seconds_spent"]) == (
        [[0.0, 10.5], [20.0, 30.0]],
        20.5,
        100.0,
        25,
    )


def test_clocks_of_a_timed_block_are_told_with_who_opened_it_again() -> None:
    study = Study()
    start = timezone.now().replace(microsecond=0) - timedelta(hours=2)
    row = BlockProgress.objects.create(
        enrolment=study.enrolment,
        lesson_key=study.lesson["id"],
        block_id=study.text["id"],
        started_at=start,
        last_accessed_at=start,
        clock_started_at=start + timedelta(hours=1),
        deadline_at=start + timedelta(hours=1, minutes=10),
    )
    Reopening.objects.create(
        progress=row,
        clock_started_at=start,
        deadline_at=start + timedelta(minutes=10),
        note="A power cut",
        reopened_by=UserFactory(name="Ana Ruiz"),
    )
    block = study.block("owner", place=0)
    assert [datetime.fromisoformat(block[name]) for name in ("clock_started_at", "deadline_at")] == [
        row.clock_started_at,
        row.deadline_at,
    ]
    (reopened,) = block["reopenings"]
    assert (datetime.fromisoformat(reopened["clock_started_at"]), reopened["note"], reopened["reopened_by"]) == (
        start,
        "A power cut",
        "Ana Ruiz",
    )
    assert study.block(place=1)["reopenings"] == []


def test_same_rows_give_the_same_digest() -> None:
    study = Study()
    study.read()
    first, second = study.evidence(), study.evidence()
    assert first["digest"] == second["digest"]
    study.sit("right")
    assert study.evidence()["digest"] != first["digest"]


@pytest.mark.parametrize("sittings", [1, 3])
def test_queries_do_not_grow_with_the_attempts(sittings: int) -> None:
    study = Study()
    for _each in range(sittings):
        study.sit("wrong")
    enrolment = find_enrolment(study.enrolment.pk)
    assert enrolment is not None
    clear_caches()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        collect_evidence(enrolment, viewer="staff")
    assert len(queries) == 10


@pytest.mark.parametrize("number", [0, -1, 2**63])
def test_impossible_ids_find_nothing(number: int) -> None:
    assert find_enrolment(number) is None
