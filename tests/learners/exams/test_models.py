"""One sitting at a time and one result a sitting, however many tabs there are. Real threads, PostgreSQL only."""

import os
import random
import signal
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from cms.management.commands.tick import Job, tick
from learners.accommodations.services import grant_accommodation
from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt, AttemptResult
from learners.exams.services import (
    AttemptRefusedError,
    close_overdue_attempts,
    open_attempt,
    save_answers,
    submit_attempt,
)
from learners.signals import course_completed
from tests.factories.courses import RIGHT_ANSWERS, every_question, make_edition, make_lesson, make_module, quiz_block
from tests.factories.learners import EnrolmentFactory
from tests.learners.processes import database_url, wait_until

ROOT = Path(__file__).parents[3]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def exam():
    quiz = quiz_block(questions=every_question(), attempts_allowed=2, time_limit=1)
    lesson = make_lesson(quiz)
    enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(lesson)]))

    def sit(_number=0):
        return open_attempt(user=enrolment.user, enrolment=enrolment, lesson_key=lesson["id"], block_id=quiz["id"])

    return enrolment, sit


def test_fifty_openings_at_once_make_one_attempt(exam, run_together):
    _enrolment, sit = exam
    results = run_together(50, sit)
    assert {getattr(attempt, "pk", attempt) for attempt in results} == {Attempt.objects.get().pk}


def test_fifty_submissions_at_once_give_one_result_and_one_completion(exam, run_together):
    enrolment, sit = exam
    attempt = sit()
    completed = []

    def note(sender, enrolment_id, **kwargs):
        completed.append(enrolment_id)

    course_completed.connect(note)
    save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT_ANSWERS)
    results = run_together(50, lambda number: submit_attempt(user=enrolment.user, attempt_id=attempt.pk))
    course_completed.disconnect(note)
    attempt.refresh_from_db()
    assert {(each.score, each.submitted_at) for each in results} == {(attempt.score, attempt.submitted_at)}
    assert list(AttemptResult.objects.values_list("attempt", "number", "kind", "score")) == [
        (attempt.pk, 1, "submission", Decimal(100))
    ]
    assert (completed, Enrolment.objects.get().state) == ([enrolment.pk], "completed")


def test_sixteen_callers_in_a_loop_never_sit_more_often_than_allowed(exam, run_together):
    """Two attempts and one more by accommodation: three in all."""
    enrolment, sit = exam
    grant_accommodation(user=enrolment.user, extra_attempts=1, granted_by=None)

    def call(number):
        codes = []
        for _round in range(4):
            try:
                submit_attempt(user=enrolment.user, attempt_id=sit().pk)
            except AttemptRefusedError as refusal:
                codes.append(refusal.code)
        return codes

    results = run_together(16, call)
    assert {code for codes in results for code in codes} == {"attempts_used_up"}
    assert sorted(Attempt.objects.values_list("number", "state")) == [(n, "submitted") for n in (1, 2, 3)]
    assert AttemptResult.objects.count() == 3


def test_two_hundred_saves_in_any_order_end_with_the_newest(exam, run_together):
    enrolment, sit = exam
    attempt = sit()
    numbers = list(range(200))
    random.Random(7).shuffle(numbers)

    def save(number):
        for seq in numbers[number::8]:
            answer = {"question": "q4", "text": f"text {seq}", "seq": seq}
            save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=[answer])

    assert run_together(8, save) == [None] * 8
    attempt.refresh_from_db()
    assert (attempt.answers["q4"]["text"], attempt.answers["q4"]["seq"]) == ("text 199", 199)


def test_granting_in_the_middle_of_saves_loses_neither(exam, run_together):
    enrolment, sit = exam
    attempt = sit()

    def act(number):
        if number == 0:
            grant_accommodation(user=enrolment.user, time_factor=2, granted_by=None)
        else:
            answer = {"question": f"q{1 + number % 5}"} | RIGHT_ANSWERS[number % 5]
            save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=[answer])

    assert run_together(21, act) == [None] * 21
    attempt.refresh_from_db()
    assert sorted(attempt.answers) == ["q1", "q2", "q3", "q4", "q5"]
    assert (attempt.time_limit, attempt.deadline_at) == (120, attempt.opened_at + timedelta(minutes=2))


def test_an_attempt_opened_while_an_accommodation_is_granted_has_it(exam, run_together):
    """Whichever comes first: the clock starts with the grant, or is extended by it."""
    enrolment, sit = exam

    def act(number):
        return sit() if number % 2 else grant_accommodation(user=enrolment.user, time_factor=3, granted_by=None)

    results = run_together(12, act)
    assert [result for result in results if isinstance(result, Exception)] == []
    attempt = Attempt.objects.get()
    assert (attempt.base_time_limit, attempt.time_limit) == (60, 180)
    assert attempt.deadline_at == attempt.opened_at + timedelta(minutes=3)


def test_a_scheduler_killed_while_closing_loses_nothing(exam, tmp_path):
    """SIGKILL in the middle of a closing: that one is as if never begun, and the next tick closes each once."""
    _enrolment, sit = exam
    attempts = make_overdue(sit(), 7)
    environment = os.environ | {"DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path)}
    with transaction.atomic():
        Attempt.objects.select_for_update().get(pk=attempts[3].pk)  # the scheduler stops here, holding its locks
        process = subprocess.Popen([sys.executable, "manage.py", "tick"], cwd=ROOT, env=environment)
        wait_until(lambda: Attempt.objects.filter(state="expired").count() == 3)
        process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=30) == -signal.SIGKILL
    assert Attempt.objects.filter(state="open").count() == 4
    jobs = (Job("close overdue attempts", close_overdue_attempts),)
    wait_until(lambda: tick(jobs) == [] and not Attempt.objects.filter(state="open").exists())
    assert sorted(AttemptResult.objects.values_list("attempt", "number")) == sorted((each.pk, 1) for each in attempts)


def test_saves_at_once_lose_no_answer(exam, run_together):
    enrolment, sit = exam
    attempt = sit()
    run_together(
        5, lambda number: save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=[RIGHT_ANSWERS[number]])
    )
    attempt.refresh_from_db()
    assert sorted(attempt.answers) == ["q1", "q2", "q3", "q4", "q5"]


def test_sweepers_and_learner_close_an_overdue_attempt_once(exam, run_together):
    enrolment, sit = exam
    attempt = sit()
    Attempt.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))

    def close(number: int) -> int:
        if number % 2:
            return close_overdue_attempts()
        submit_attempt(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT_ANSWERS)
        return 0

    results = run_together(10, close)
    attempt.refresh_from_db()
    assert sum(results) <= 1
    assert (attempt.state, attempt.passed) == ("expired", False)


def make_overdue(attempt: Attempt, count: int) -> list[Attempt]:
    """``count`` attempts whose time is up, one a learner, in the order in which they are swept."""
    made = [attempt]
    for _number in range(count - 1):
        facts = {"course_key": attempt.enrolment.course_key, "edition": attempt.edition}
        other = EnrolmentFactory(course=None, **facts)
        made.append(Attempt.objects.create(**copied(attempt), enrolment=other))
    for number, each in enumerate(made):
        each.deadline_at = timezone.now() - timedelta(hours=2, minutes=-number)
        each.save()
    return made


def copied(attempt: Attempt) -> dict[str, object]:
    names = ("edition_id", "lesson_key", "block_id", "number", "seed", "paper", "opened_at")
    return {name: getattr(attempt, name) for name in names}
