"""Essays are marked once, changed only knowingly, and the last mark gives the attempt its score."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from learners.enrolments.models import Enrolment
from learners.exams.marking import MarkingRefusedError, mark_essay
from learners.exams.models import Attempt, AttemptResult, EssayMark
from learners.exams.review import results_by_question
from learners.exams.services import open_attempt
from learners.progress.models import BlockProgress
from learners.signals import course_completed
from tests.factories.courses import single_question
from tests.factories.learners import UserFactory
from tests.learners.exams.sittings import choose, essay, make_exam, write

pytestmark = pytest.mark.django_db

FULL = {"facts": "2", "style": "1"}


@pytest.fixture
def marker():
    return UserFactory(name="Mia Marker")


def mark(attempt, marker, question="q9", **changes):
    facts = {"criteria": FULL, "comment": "Well argued."} | changes
    return mark_essay(attempt_id=attempt.pk, question_id=question, marker=marker, **facts)


def refused(*args, **kwargs) -> MarkingRefusedError:
    with pytest.raises(MarkingRefusedError) as caught:
        mark(*args, **kwargs)
    return caught.value


def test_the_last_mark_grades_the_attempt_and_completes_the_course(marker, django_capture_on_commit_callbacks):
    exam = make_exam(single_question(id="q1"), essay(), pass_percent=80)
    attempt = exam.sit(choose("right"), write())
    completed = []

    def note(sender, enrolment_id, **kwargs):
        completed.append(enrolment_id)

    course_completed.connect(note)
    with django_capture_on_commit_callbacks(execute=True):
        marked = mark(attempt, marker)
    course_completed.disconnect(note)
    attempt.refresh_from_db()
    assert (attempt.is_graded, attempt.score, attempt.passed) == (True, Decimal(100), True)
    assert (marked.is_new, marked.is_course_completed, completed) == (True, True, [attempt.enrolment_id])
    assert BlockProgress.objects.get(block_id=exam.quiz["id"]).score == Decimal(100)
    assert Enrolment.objects.get().state == "completed"


def test_marks_and_comment_reach_the_learner(marker):
    attempt = make_exam(essay()).sit(write())
    mark(attempt, marker, criteria={"facts": "1.5", "style": 0})
    attempt.refresh_from_db()
    result = results_by_question(attempt)["q9"]
    assert (result["points"], result["is_pending"], result["comment"]) == ("1.50", False, "Well argued.")
    assert result["criteria"] == [
        {"title": "Facts", "points": "1.50", "max_points": 2},
        {"title": "Style", "points": "0.00", "max_points": 1},
    ]


def test_an_essay_without_a_rubric_takes_points(marker):
    attempt = make_exam(essay(rubric=())).sit(write())
    mark(attempt, marker, points="2.25", criteria=None)
    attempt.refresh_from_db()
    assert (attempt.score, EssayMark.objects.get().criteria) == (Decimal("75.00"), {})


def test_every_mark_is_a_result_beside_the_earlier_ones(marker):
    attempt = make_exam(essay("e1"), essay("e2")).sit(write("e1"), write("e2"))
    mark(attempt, marker, "e1")
    attempt.refresh_from_db()
    assert (attempt.is_graded, attempt.score, attempt.results["is_pending"]) == (False, None, True)
    mark(attempt, marker, "e2", criteria={"facts": 0, "style": 0})
    rows = AttemptResult.objects.values_list("number", "kind", "score", "author__name")
    assert list(rows) == [
        (1, "submission", None, None),
        (2, "marking", None, "Mia Marker"),
        (3, "marking", Decimal("50.00"), "Mia Marker"),
    ]


def test_the_same_mark_again_changes_nothing(marker):
    attempt = make_exam(essay()).sit(write())
    first = mark(attempt, marker)
    again = mark(attempt, marker, criteria={"facts": Decimal("2.00"), "style": "1.0"})
    assert (again.is_new, again.mark.marked_at) == (False, first.mark.marked_at)
    assert AttemptResult.objects.count() == 2


def test_a_second_marker_is_told_who_was_first(marker):
    attempt = make_exam(essay()).sit(write())
    with time_machine.travel("2026-03-04 10:30 +0000", tick=False):
        mark(attempt, marker)
    refusal = refused(attempt, UserFactory(), criteria={"facts": 0, "style": 0})
    assert refusal.code == "already_marked"
    assert "Mia Marker on 4 Mar 2026, 10:30" in refusal.message
    attempt.refresh_from_db()
    assert attempt.score == Decimal(100)


def test_a_mark_is_changed_knowingly_with_a_reason_and_a_history(marker):
    attempt = make_exam(essay()).sit(write())
    first = mark(attempt, marker)
    other = UserFactory(name="Otto Other")
    changed = {"criteria": {"facts": 0, "style": 0}, "comment": "Copied.", "replaces": first.mark.marked_at}
    assert refused(attempt, other, **changed).code == "reason_missing"
    assert refused(attempt, other, **changed, reason="r" * 501).code == "bad_reason"
    mark(attempt, other, **changed, reason="Found the source.")
    attempt.refresh_from_db()
    assert (attempt.score, attempt.passed) == (Decimal(0), False)
    results = AttemptResult.objects.order_by("number")
    assert [each.results["questions"][0]["comment"] for each in results] == ["", "Well argued.", "Copied."]
    assert (results[2].reason, results[2].author) == ("Found the source.", other)
    assert refused(attempt, marker, replaces=first.mark.marked_at, reason="Late").code == "already_marked"


def test_what_was_completed_stays_completed_when_a_mark_is_lowered(marker):
    exam = make_exam(essay())
    attempt = exam.sit(write())
    first = mark(attempt, marker)
    mark(attempt, marker, criteria={"facts": 0, "style": 0}, replaces=first.mark.marked_at, reason="Copied.")
    row = BlockProgress.objects.get(block_id=exam.quiz["id"])
    assert (row.score, row.state, Enrolment.objects.get().state) == (Decimal(0), "completed", "completed")


def test_marking_is_no_activity_of_the_learner(marker):
    exam = make_exam(essay())
    attempt = exam.sit(write())
    before = Enrolment.objects.get()
    row = BlockProgress.objects.get(block_id=exam.quiz["id"])
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        mark(attempt, marker)
    after = Enrolment.objects.get()
    assert (after.seconds_spent, after.last_accessed_at) == (before.seconds_spent, before.last_accessed_at)
    assert BlockProgress.objects.get(pk=row.pk).last_accessed_at == row.last_accessed_at
    assert after.completed_at > before.last_accessed_at


@pytest.mark.parametrize(
    ("criteria", "field"),
    [
        ({"facts": "2"}, "style"),
        ({"facts": "2.01", "style": "1"}, "facts"),
        ({"facts": "-1", "style": "1"}, "facts"),
        ({"facts": "1.005", "style": "1"}, "facts"),
        ({"facts": "NaN", "style": "1"}, "facts"),
        ({"facts": "lots", "style": "1"}, "facts"),
        ({"facts": "", "style": "1"}, "facts"),
    ],
)
def test_points_outside_the_rubric_are_refused(marker, criteria, field):
    attempt = make_exam(essay()).sit(write())
    refusal = refused(attempt, marker, criteria=criteria)
    assert (refusal.code, refusal.field, EssayMark.objects.count()) == ("bad_points", field, 0)


@pytest.mark.parametrize("points", ["3.01", "-0.01", None, "Infinity"])
def test_points_outside_the_question_are_refused(marker, points):
    attempt = make_exam(essay(rubric=())).sit(write())
    assert refused(attempt, marker, points=points).code == "bad_points"


def test_a_rubric_that_promises_more_than_the_question_is_capped(marker):
    attempt = make_exam(essay(points=2)).sit(write())
    assert refused(attempt, marker).code == "bad_points"


@pytest.mark.parametrize("comment", ["c" * 5001, "a\x00b"])
def test_comments_that_cannot_be_kept_are_refused(marker, comment):
    assert refused(make_exam(essay()).sit(write()), marker, comment=comment).code == "bad_comment"


def test_nobody_marks_their_own_exam(marker):
    exam = make_exam(essay())
    attempt = exam.sit(write(), enrolment=exam.enrol(marker))
    assert refused(attempt, marker).code == "own_attempt"


@pytest.mark.parametrize("question", ["q1", "q2", "unknown"])
def test_only_answers_that_a_person_must_read_are_marked(marker, question):
    exam = make_exam(single_question(id="q1"), essay("q2"), essay("q9"))
    attempt = exam.sit(choose("right"), write("q2", "  "), write("q9"))
    assert refused(attempt, marker, question).code == "nothing_to_mark"


def test_a_running_exam_is_not_marked(marker):
    exam = make_exam(essay())
    enrolment = exam.enrol()
    attempt = open_attempt(user=enrolment.user, enrolment=enrolment, **exam.unit)
    assert refused(attempt, marker).code == "still_open"


@pytest.mark.parametrize("key", [uuid.uuid4(), "nonsense"])
def test_unknown_attempts_are_not_found(marker, key):
    assert refused(Attempt(pk=key), marker).code == "not_found"


def test_the_result_of_a_time_before_results_were_kept_stays(marker):
    attempt = make_exam(essay()).sit(write())
    AttemptResult.objects.all().delete()
    mark(attempt, marker)
    assert list(AttemptResult.objects.values_list("number", "kind")) == [(1, "submission"), (2, "marking")]


def test_later_attempts_decide_the_policy_of_the_block(marker):
    """The last sitting was under "last": marking the first one afterwards does not bring "best" back."""
    exam = make_exam(single_question(id="q1"), essay(), pass_percent=100, score_policy="best")
    enrolment = exam.enrol()
    first = exam.sit(choose("right"), write(), enrolment=enrolment)
    enrolment.edition = exam.release(single_question(id="q1"), essay(), score_policy="last")
    enrolment.save()
    exam.sit(choose("right"), enrolment=enrolment)
    mark(first, marker)
    assert BlockProgress.objects.get(block_id=exam.quiz["id"]).score == Decimal("25.00")
