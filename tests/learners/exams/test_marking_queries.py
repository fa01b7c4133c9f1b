"""The marking queue: the longest waiting first, never one's own, with a fixed number of queries."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learners.exams.marking import mark_essay
from learners.exams.marking_queries import (
    count_waiting,
    describe_marks,
    describe_waiting,
    find_next_waiting,
    get_essay,
    list_marks,
    list_waiting,
    list_waiting_quizzes,
)
from learners.exams.services import open_attempt
from tests.factories.courses import single_question
from tests.factories.learners import UserFactory
from tests.learners.exams.sittings import choose, essay, make_exam, write

pytestmark = pytest.mark.django_db

FULL = {"facts": 2, "style": 1}


@pytest.fixture
def marker():
    return UserFactory(name="Mia Marker")


def sit_days_ago(exam, *days):
    attempts = []
    for each in days:
        with time_machine.travel(timezone.now() - timedelta(days=each)):
            attempts.append(exam.sit(write()))
    return attempts


def test_the_longest_waiting_comes_first_and_only_what_waits(marker):
    exam = make_exam(single_question(id="q1"), essay())
    new, old = sit_days_ago(exam, 1, 3)
    exam.sit(choose("right"))
    done = exam.sit(write())
    mark_essay(attempt_id=done.pk, question_id="q9", marker=marker, criteria=FULL)
    enrolment = exam.enrol()
    open_attempt(user=enrolment.user, enrolment=enrolment, **exam.unit)
    assert list(list_waiting(marker)) == [old, new]
    assert count_waiting(marker) == 2


def test_nobody_finds_their_own_exam(marker):
    exam = make_exam(essay())
    exam.sit(write(), enrolment=exam.enrol(marker))
    assert (list(list_waiting(marker)), count_waiting(marker), list_waiting_quizzes(marker)) == ([], 0, [])
    assert count_waiting(UserFactory()) == 1


def test_the_queue_is_filtered_by_course_and_quiz(marker):
    first, second = make_exam(essay(), title="First"), make_exam(essay(), title="Second")
    one, two = first.sit(write()), second.sit(write())
    assert list(list_waiting(marker, course_key=first.state.course_key)) == [one]
    assert list(list_waiting(marker, block_id=two.block_id)) == [two]
    assert [(each.quiz_title, each.block_id) for each in list_waiting_quizzes(marker)] == [
        ("First", one.block_id),
        ("Second", two.block_id),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_for_any_number(marker, count):
    for number in range(count):
        exam = make_exam(essay("e1"), essay("e2"), title=f"Quiz {number}")
        waiting, done = (exam.sit(write("e1"), write("e2")) for _time in range(2))
        mark_essay(attempt_id=waiting.pk, question_id="e1", marker=marker, criteria=FULL)
        mark_essay(attempt_id=done.pk, question_id="e1", marker=marker, criteria=FULL)
        mark_essay(attempt_id=done.pk, question_id="e2", marker=marker, criteria=FULL)
    with CaptureQueriesContext(connection) as captured:
        rows = describe_waiting(list(list_waiting(marker)))
        people = {str(row.attempt.enrolment.user) for row in rows}
    assert (len(captured), len(people)) == (3, count)
    assert {(row.open_count, row.quiz_title) for row in rows} == {(1, f"Quiz {number}") for number in range(count)}
    with CaptureQueriesContext(connection) as captured:
        marks = describe_marks(list(list_marks()))
        people = {(str(mark.marked_by), str(mark.attempt.enrolment.user)) for mark, _title in marks}
    assert (len(captured), len(marks), len(people)) == (3, 3 * count, 2 * count)
    with CaptureQueriesContext(connection) as captured:
        list_waiting_quizzes(marker)
    assert len(captured) == 3


def test_an_essay_comes_with_rubric_guidance_and_words(marker):
    attempt = make_exam(essay("e1"), essay("e2"), title="Final").sit(
        write("e1"), write("e2", "Two  words\n\nand <b>three</b> more")
    )
    first = get_essay(attempt.pk)
    assert (first.question.id, first.question.guidance, first.place, first.total) == ("e1", "Because of this.", 1, 2)
    mark_essay(attempt_id=attempt.pk, question_id="e1", marker=marker, criteria=FULL)
    second = get_essay(attempt.pk)
    assert (second.question.id, second.word_count, second.quiz_title, second.mark) == ("e2", 5, "Final", None)
    assert second.text == "Two  words\n\nand <b>three</b> more"
    assert get_essay(attempt.pk, "e1").mark.marked_by == marker


@pytest.mark.parametrize("question", ["q1", "nothing"])
def test_what_is_no_essay_is_not_found(question):
    attempt = make_exam(single_question(id="q1"), essay()).sit(choose("right"), write())
    assert get_essay(attempt.pk, question) is None


def test_running_unknown_and_empty_exams_have_no_essay():
    exam = make_exam(essay())
    enrolment = exam.enrol()
    running = open_attempt(user=enrolment.user, enrolment=enrolment, **exam.unit)
    assert [get_essay(key) for key in (running.pk, "nonsense", exam.sit(write(text=" ")).pk)] == [None] * 3


def test_next_is_behind_and_then_the_first_again(marker):
    old, middle, new = sit_days_ago(make_exam(essay()), 3, 2, 1)
    after = [(each.submitted_at, each.pk) for each in (old, middle, new)]
    found = [find_next_waiting(marker, after=each) for each in (None, *after)]
    assert found == [old.pk, middle.pk, new.pk, old.pk]


def test_alone_in_the_queue_there_is_no_next(marker):
    [only] = sit_days_ago(make_exam(essay()), 1)
    assert find_next_waiting(marker, after=(only.submitted_at, only.pk)) is None
