"""One sitting at a time and one result a sitting, however many tabs there are. Real threads, PostgreSQL only."""

from datetime import timedelta

import pytest
from django.utils import timezone

from learners.exams.models import Attempt
from learners.exams.services import close_overdue_attempts, open_attempt, save_answers, submit_attempt
from tests.factories.courses import RIGHT_ANSWERS, every_question, make_edition, make_lesson, make_module, quiz_block
from tests.factories.learners import EnrolmentFactory

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


def test_twenty_submissions_at_once_give_one_result(exam, run_together):
    enrolment, sit = exam
    attempt = sit()
    results = run_together(
        20,
        lambda number: submit_attempt(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT_ANSWERS[: number % 6]),
    )
    attempt.refresh_from_db()
    assert {(each.score, each.submitted_at) for each in results} == {(attempt.score, attempt.submitted_at)}


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
