"""Sittings under accommodations, cool-downs, score policies, essays and late answers."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from courses.quizzes.definition import Pool
from learners.accommodations.services import end_accommodation, grant_accommodation
from learners.exams.models import Attempt, AttemptResult
from learners.exams.services import AttemptRefusedError, close_overdue_attempts, save_answers, submit_attempt
from learners.progress.models import BlockProgress
from tests.factories.courses import RIGHT_ANSWERS, every_question, part_questions
from tests.factories.learners import AccommodationFactory, GrantFactory
from tests.learners.exams.test_services import RIGHT, WRONG, hand_in, make_exam, sit

pytestmark = pytest.mark.django_db


def refused(enrolment, lesson, quiz) -> AttemptRefusedError:
    with pytest.raises(AttemptRefusedError) as caught:
        sit(enrolment, lesson, quiz)
    return caught.value


def test_an_accommodation_is_kept_on_the_attempt_without_its_note():
    _state, enrolment, lesson, quiz = make_exam(time_limit=30)
    held = AccommodationFactory(user=enrolment.user, extra_attempts=2, note="Private")
    attempt = sit(enrolment, lesson, quiz)
    assert (attempt.base_time_limit, attempt.time_limit) == (1800, 2700)
    assert attempt.deadline_at == attempt.opened_at + timedelta(minutes=45)
    assert attempt.accommodation == {"id": held.pk, "time_factor": "1.50", "extra_attempts": 2, "is_untimed": False}


def test_without_an_accommodation_the_limit_is_the_quizs():
    _state, enrolment, lesson, quiz = make_exam(time_limit=30)
    AccommodationFactory(user=enrolment.user, ended=True)
    AccommodationFactory()
    attempt = sit(enrolment, lesson, quiz)
    assert (attempt.base_time_limit, attempt.time_limit, attempt.accommodation) == (1800, 1800, {})


def test_whoever_is_untimed_has_no_deadline_and_is_never_closed():
    _state, enrolment, lesson, quiz = make_exam(time_limit=1)
    AccommodationFactory(user=enrolment.user, is_untimed=True)
    attempt = sit(enrolment, lesson, quiz)
    assert (attempt.base_time_limit, attempt.time_limit, attempt.deadline_at) == (60, None, None)
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert close_overdue_attempts() == 0
        assert hand_in(enrolment, attempt, RIGHT).passed is True


def test_extra_attempts_count_while_they_are_granted():
    _state, enrolment, lesson, quiz = make_exam(attempts_allowed=1)
    hand_in(enrolment, sit(enrolment, lesson, quiz), WRONG)
    assert refused(enrolment, lesson, quiz).code == "attempts_used_up"
    grant_accommodation(user=enrolment.user, extra_attempts=1, granted_by=None)
    hand_in(enrolment, sit(enrolment, lesson, quiz), WRONG)
    assert refused(enrolment, lesson, quiz).code == "attempts_used_up"
    end_accommodation(user=enrolment.user, ended_by=None)
    assert refused(enrolment, lesson, quiz).code == "attempts_used_up"


def test_granting_extends_the_running_attempt_and_never_shortens_it():
    _state, enrolment, lesson, quiz = make_exam(time_limit=30)
    attempt = sit(enrolment, lesson, quiz)
    granted = grant_accommodation(user=enrolment.user, time_factor=2, note="Private", granted_by=None)
    attempt.refresh_from_db()
    assert attempt.deadline_at == attempt.opened_at + timedelta(minutes=60)
    assert attempt.accommodation == {
        "id": granted.pk,
        "time_factor": "2.00",
        "extra_attempts": 0,
        "is_untimed": False,
        "extended_at": granted.granted_at.isoformat(),
    }
    grant_accommodation(user=enrolment.user, time_factor="1.25", granted_by=None)
    end_accommodation(user=enrolment.user, ended_by=None)
    attempt.refresh_from_db()
    assert (attempt.time_limit, attempt.deadline_at) == (3600, attempt.opened_at + timedelta(minutes=60))
    grant_accommodation(user=enrolment.user, is_untimed=True, granted_by=None)
    attempt.refresh_from_db()
    assert (attempt.time_limit, attempt.deadline_at) == (None, None)


def test_granting_does_not_bring_back_what_is_over():
    _state, enrolment, lesson, quiz = make_exam(time_limit=1)
    attempt = sit(enrolment, lesson, quiz)
    with time_machine.travel(timezone.now() + timedelta(seconds=90)):
        grant_accommodation(user=enrolment.user, time_factor=10, granted_by=None)
        assert close_overdue_attempts() == 1
    attempt.refresh_from_db()
    assert (attempt.state, attempt.time_limit) == ("expired", 60)


def test_granting_leaves_the_attempts_of_others_alone():
    _state, enrolment, lesson, quiz = make_exam(time_limit=1)
    attempt = sit(enrolment, lesson, quiz)
    grant_accommodation(user=AccommodationFactory().user, time_factor=3, granted_by=None)
    attempt.refresh_from_db()
    assert attempt.deadline_at == attempt.opened_at + timedelta(minutes=1)


def test_a_quiz_cools_down_after_the_last_attempt():
    _state, enrolment, lesson, quiz = make_exam(cooldown_minutes=60)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        hand_in(enrolment, sit(enrolment, lesson, quiz), WRONG)
    with time_machine.travel(start + timedelta(minutes=59, seconds=59), tick=False):
        refusal = refused(enrolment, lesson, quiz)
    assert (refusal.code, refusal.available_at) == ("cooling_down", start + timedelta(hours=1))
    with time_machine.travel(start + timedelta(hours=1), tick=False):
        assert sit(enrolment, lesson, quiz).number == 2


def test_the_cool_down_of_an_expired_attempt_counts_from_its_deadline():
    _state, enrolment, lesson, quiz = make_exam(cooldown_minutes=60, time_limit=10)
    attempt = sit(enrolment, lesson, quiz)
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        assert refused(enrolment, lesson, quiz).available_at == attempt.deadline_at + timedelta(hours=1)


@pytest.mark.parametrize(("policy", "score"), [("best", "83.33"), ("last", "33.33"), ("average", "58.33")])
def test_the_score_policy_decides_what_counts_and_nothing_is_uncompleted(policy, score):
    _state, enrolment, lesson, quiz = make_exam(questions=every_question(), pass_percent=60, score_policy=policy)
    hand_in(enrolment, sit(enrolment, lesson, quiz), RIGHT_ANSWERS[1:])
    hand_in(enrolment, sit(enrolment, lesson, quiz), RIGHT_ANSWERS[1:2])
    row = BlockProgress.objects.get(block_id=quiz["id"])
    assert (row.score, row.state) == (Decimal(score), "completed")


def test_an_average_below_the_pass_mark_does_not_complete():
    _state, enrolment, lesson, quiz = make_exam(score_policy="average", pass_percent=60)
    hand_in(enrolment, sit(enrolment, lesson, quiz), WRONG)
    assert hand_in(enrolment, sit(enrolment, lesson, quiz), RIGHT).passed is True
    row = BlockProgress.objects.get(block_id=quiz["id"])
    assert (row.score, row.state) == (Decimal("50.00"), "in_progress")
    hand_in(enrolment, sit(enrolment, lesson, quiz), RIGHT)
    row.refresh_from_db()
    assert (row.score, row.state) == (Decimal("66.67"), "completed")


def test_an_essay_waits_and_so_does_the_course():
    _state, enrolment, lesson, quiz = make_exam(questions=part_questions())
    attempt = hand_in(enrolment, sit(enrolment, lesson, quiz), [{"question": "q9", "text": "Because."}])
    attempt.refresh_from_db()
    result = AttemptResult.objects.get()
    row = BlockProgress.objects.get(block_id=quiz["id"])
    enrolment.refresh_from_db()
    assert (attempt.state, attempt.is_graded, attempt.score, attempt.passed) == ("submitted", False, None, None)
    assert (result.number, result.kind, result.score, result.passed) == (1, "submission", None, None)
    assert (row.score, row.state, enrolment.state) == (None, "in_progress", "in_progress")


def test_handing_in_makes_one_result_with_what_was_graded():
    _state, enrolment, lesson, quiz = make_exam()
    attempt = hand_in(enrolment, sit(enrolment, lesson, quiz), RIGHT)
    hand_in(enrolment, attempt, WRONG)
    result = AttemptResult.objects.get()
    assert (result.attempt, result.number, result.kind) == (attempt, 1, "submission")
    assert (result.key_edition, result.score, result.passed) == (attempt.edition, Decimal("100.00"), True)
    assert result.results == attempt.results


def test_late_saves_are_kept_as_evidence_and_never_scored():
    _state, enrolment, lesson, quiz = make_exam(time_limit=1)
    attempt = sit(enrolment, lesson, quiz)
    save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=WRONG)
    with time_machine.travel(timezone.now() + timedelta(seconds=90)):
        for _time in range(2):  # before and after the scheduler came
            with pytest.raises(AttemptRefusedError) as caught:
                save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT)
            assert (caught.value.code, caught.value.late) == ("time_is_up", ("q1",))
            close_overdue_attempts()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score) == ("expired", Decimal(0))
    assert attempt.answers["q1"]["choices"] == ["wrong"]
    assert attempt.late_answers["q1"]["choices"] == ["right"]


def test_a_late_hand_in_keeps_what_is_new_as_evidence():
    _state, enrolment, lesson, quiz = make_exam(time_limit=1, questions=every_question())
    attempt = sit(enrolment, lesson, quiz)
    save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT_ANSWERS[:1])
    with time_machine.travel(timezone.now() + timedelta(seconds=90)):
        attempt = submit_attempt(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT_ANSWERS[:2])
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score) == ("expired", Decimal("16.67"))
    assert (list(attempt.answers), list(attempt.late_answers)) == (["q1"], ["q2"])


def test_nothing_is_added_to_an_attempt_that_was_handed_in():
    _state, enrolment, lesson, quiz = make_exam(time_limit=1)
    attempt = hand_in(enrolment, sit(enrolment, lesson, quiz), WRONG)
    with time_machine.travel(timezone.now() + timedelta(seconds=90)):
        hand_in(enrolment, attempt, RIGHT)
        with pytest.raises(AttemptRefusedError) as caught:
            save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT)
    attempt.refresh_from_db()
    assert (caught.value.code, attempt.late_answers) == ("already_submitted", {})


def test_saving_again_with_the_same_number_changes_nothing():
    _state, enrolment, lesson, quiz = make_exam()
    attempt = sit(enrolment, lesson, quiz)
    answers = [RIGHT[0] | {"seq": 3}]
    for _time in range(2):
        assert save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=answers).saved == ("q1",)
        attempt.refresh_from_db()
        first = attempt.answers
    assert Attempt.objects.get().answers == first
    late = [WRONG[0] | {"seq": 2}]
    assert save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=late).saved == ()
    assert Attempt.objects.get().answers == first


def test_saving_is_two_queries(django_assert_num_queries):
    _state, enrolment, lesson, quiz = make_exam()
    attempt = sit(enrolment, lesson, quiz)
    with django_assert_num_queries(4):  # a savepoint, because the test itself is a transaction
        save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT)


def test_an_attempt_that_was_opened_may_be_finished_when_the_grant_has_ended():
    state, enrolment, lesson, quiz = make_exam(access="paid")
    grant = GrantFactory(user=enrolment.user, course_key=state.course_key)
    attempt = sit(enrolment, lesson, quiz)
    grant.ends_at = timezone.now() - timedelta(seconds=1)
    grant.save()
    save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT)
    assert hand_in(enrolment, attempt).passed is True
    assert refused(enrolment, lesson, quiz).code == "purchase_required"


def test_an_attempt_that_cannot_be_closed_keeps_no_other_open(caplog):
    exams = [make_exam(time_limit=1) for _number in range(2)]
    attempts = [sit(enrolment, lesson, quiz) for _state, enrolment, lesson, quiz in exams]
    Attempt.objects.filter(pk=attempts[0].pk).update(paper={})
    assert close_overdue_attempts(timezone.now() + timedelta(minutes=10)) == 1
    states = [Attempt.objects.get(pk=attempt.pk).state for attempt in attempts]
    assert states == ["open", "expired"]


def test_questions_that_were_not_drawn_cannot_be_answered():
    questions = every_question()
    pool = Pool("p", "Pool", 2, tuple(question.id for question in questions))
    _state, enrolment, lesson, quiz = make_exam(questions=questions, pools=(pool,))
    attempt = sit(enrolment, lesson, quiz)
    drawn = [question["id"] for question in attempt.paper["questions"]]
    saved = save_answers(user=enrolment.user, attempt_id=attempt.pk, answers=RIGHT_ANSWERS)
    assert sorted(saved.saved) == sorted(drawn)
    attempt = hand_in(enrolment, attempt)
    assert (len(drawn), sorted(attempt.answers), attempt.score) == (2, sorted(drawn), Decimal("100.00"))
