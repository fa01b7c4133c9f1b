"""Carry-over: everybody whom a release takes along is moved once, keeps what is completed, and gets what is due."""

from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certificates.models import Certificate
from courses.editions.models import Edition, Release
from courses.editions.services import release_course
from courses.signals import release_made
from learners.enrolments.deadlines import end_of_day_after
from learners.enrolments.models import Enrolment
from learners.progress import carrying
from learners.progress.carrying import continue_carry_overs
from learners.progress.models import BlockProgress, CarryOver
from learners.progress.services import follow_current_edition
from tests.factories.courses import make_edition, make_lesson, make_module, quiz_block, text_block
from tests.factories.learners import EnrolmentFactory
from tests.factories.pages import make_course
from tests.learners.progress.releases import counters, edition_of, release, start_learner

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    """Two required blocks in one lesson, and edition 1 in force."""

    class Course:
        a, b, c = text_block(), text_block(), text_block()
        lesson = make_lesson(a, b)
        state = make_edition(modules=[make_module(lesson)])

        def release(self, *blocks, **facts):
            modules = [make_module(make_lesson(*blocks, key=self.lesson["id"]))]
            self.state = release(self.state, modules=modules, **facts)
            return self.state

        def learner(self, *blocks, **fields):
            return start_learner(self.state, *((self.lesson, block) for block in blocks), **fields)

    return Course()


def numbers():
    return list(Enrolment.objects.order_by("pk").values_list("edition__number", flat=True))


def states():
    return list(Enrolment.objects.order_by("pk").values_list("state", "required_done", "percent"))


def test_a_removed_block_completes_and_an_added_one_is_to_be_done(course):
    course.learner(course.a)
    course.learner(course.b)
    course.learner(course.a, course.b)
    course.learner()
    course.release(course.a, is_published=True)
    assert continue_carry_overs() == 3
    assert states() == [("completed", 1, 100), ("in_progress", 0, 0), ("completed", 2, 100), ("not_started", 0, 0)]
    assert numbers() == [2, 2, 1, 2]
    assert Certificate.objects.filter(enrolment=Enrolment.objects.first(), edition__number=2).count() == 1
    course.release(course.a, course.c)
    continue_carry_overs()
    assert states()[1:] == [("in_progress", 0, 0), ("completed", 2, 100), ("not_started", 0, 0)]
    assert numbers() == [2, 3, 1, 3]
    assert counters() == [(3, 3, 1, 0, 0, 0), (2, 2, 0, 2, 0, 0)]
    assert CarryOver.objects.filter(finished_at=None).count() == 0
    assert continue_carry_overs() == 0


@pytest.mark.parametrize(
    ("policy", "expected"), [("keep", [1, 1, 1]), ("not_started", [2, 1, 1]), ("everyone", [2, 2, 1])]
)
def test_policies_decide_who_moves_now_and_later(course, policy, expected):
    course.learner()
    course.learner(course.a)
    EnrolmentFactory(course=course.state, completed=True)
    state = course.release(course.a, course.c, policy=policy)
    continue_carry_overs()
    assert numbers() == expected
    for enrolment in Enrolment.objects.select_related("edition"):
        follow_current_edition(enrolment, state)
    assert numbers() == expected
    course.release(course.a)
    continue_carry_overs()
    assert numbers() == [3, 3, 1]


def test_somebody_pinned_by_a_later_release_still_gets_the_edition_before(course):
    pinned = course.learner(course.a)
    state = course.release(course.a, course.b, course.c)
    state = course.release(course.c, policy="keep")
    moved = follow_current_edition(pinned, state)
    assert (moved.edition.number, moved.required_done, moved.percent) == (2, 1, 33)
    course.learner()
    other = EnrolmentFactory(course=course.state, edition=Edition.objects.get(number=1))
    continue_carry_overs()
    assert numbers() == [2, 3, 2]
    assert Enrolment.objects.get(pk=other.pk).state == "not_started"


def test_those_who_are_pinned_cost_no_query_more_than_once(course, django_assert_num_queries):
    pinned = [course.learner(course.a) for _number in range(2)]
    state = course.release(course.c, policy="keep")
    for enrolment, count in zip(pinned, (1, 0), strict=True):
        with django_assert_num_queries(count):
            assert follow_current_edition(enrolment, state) is enrolment


def test_what_has_expired_stays_where_it_was(course):
    course.learner(course.a)
    Enrolment.objects.update(expired_at=timezone.now())
    course.release(course.a)
    continue_carry_overs()
    assert (numbers(), states()) == ([1], [("in_progress", 1, 50)])


def test_an_older_carry_over_leaves_the_rest_to_a_newer_one(course):
    course.learner(course.a)
    course.release(course.a)
    course.release(course.a, course.b, course.c)
    continue_carry_overs()
    assert states() == [("in_progress", 1, 33)]
    assert counters() == [(0, 0, 0, 0, 0, 0), (1, 1, 0, 1, 0, 0)]
    assert CarryOver.objects.filter(finished_at=None).count() == 0


def test_due_dates_move_with_changed_rules_and_only_then(course):
    later = timezone.now() + timedelta(days=99)
    course.learner(course.a, due_at=later)
    course.release(course.a, course.c)
    continue_carry_overs()
    assert Enrolment.objects.get().due_at == later
    course.release(course.a, course.c, completion_days=20)
    continue_carry_overs()
    enrolment = Enrolment.objects.get()
    assert enrolment.due_at == end_of_day_after(enrolment.enrolled_at, 20, UTC)
    assert (enrolment.due_sequence, enrolment.edition.number) == (1, 3)


def test_other_courses_and_other_languages_are_left_alone(course):
    other = EnrolmentFactory()
    german = Edition.objects.create(
        course_key=course.state.course_key, language="de", number=1, digest="d" * 64, title="Kurs", slug="kurs",
        outline=edition_of(course.state).outline, contents=edition_of(course.state).contents,
        created_at=timezone.now(),
    )  # fmt: skip
    translated = EnrolmentFactory(course=course.state, edition=german)
    course.release(course.a)
    continue_carry_overs()
    assert Enrolment.objects.get(pk=other.pk).edition == other.edition
    assert Enrolment.objects.get(pk=translated.pk).edition == german


def test_a_release_makes_its_row_and_a_task(course, django_capture_on_commit_callbacks, catalogue):
    page = make_course(catalogue, modules=1, lessons=1)
    with django_capture_on_commit_callbacks(execute=True):
        release_course(course_id=page.pk, by=None)
    assert CarryOver.objects.count() == 0  # nobody studied it before
    lesson = page.get_descendants().last().specific
    lesson.title = "Another title"
    lesson.save()
    with django_capture_on_commit_callbacks(execute=True):
        made = release_course(course_id=page.pk, by=None)
    assert CarryOver.objects.get().release == made


def test_a_release_whose_signal_was_lost_is_found(course):
    course.learner(course.a)
    state = course.release(course.a)
    assert CarryOver.objects.count() == 0
    release_made.send_robust(sender=Release, release_id=-1)
    assert (CarryOver.objects.count(), continue_carry_overs()) == (0, 1)
    release_made.send_robust(sender=Release, release_id=edition_of(state).release.pk)
    assert counters() == [(1, 1, 1, 0, 0, 0)]


def test_a_lease_in_force_is_respected_and_one_that_ran_out_is_not(course):
    course.learner(course.a)
    course.release(course.a)
    carrying.begin_carry_over(Release.objects.get().pk)
    CarryOver.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))
    assert continue_carry_overs() == 0
    CarryOver.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert continue_carry_overs() == 1


def test_a_short_budget_leaves_the_rest_for_the_next_call(course, monkeypatch):
    monkeypatch.setattr(carrying, "BATCH", 1)
    for _number in range(3):
        course.learner(course.a)
    course.release(course.a)
    taken = [continue_carry_overs(timedelta(0)) for _call in range(5)]
    assert (taken, CarryOver.objects.get().finished_at is None) == ([1, 1, 1, 0, 0], False)


def test_a_damaged_row_stops_no_other(course, caplog):
    enrolments = [course.learner(course.a) for _number in range(3)]
    damaged = make_edition(modules=[]).edition
    Edition.objects.filter(pk=damaged.pk).update(course_key=course.state.course_key, number=0, outline='{"course": {}}')
    Enrolment.objects.filter(pk=enrolments[1].pk).update(edition=damaged)
    course.release(course.a)
    continue_carry_overs()
    assert numbers() == [2, 0, 2]
    assert counters() == [(3, 2, 2, 0, 0, 1)]
    assert "could not be moved" in caplog.text


def _statements(course, count):
    for _number in range(count):
        course.learner(course.a)
    course.release(course.a, course.c)
    carrying.begin_carry_over(Release.objects.latest("pk").pk)
    key = CarryOver.objects.latest("pk").pk
    with CaptureQueriesContext(connection) as captured:
        assert carrying._claim(key)
        assert carrying._continue(key) == count
    return [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_takes_the_same_queries_for_any_number(course, count):
    """Eleven when the editions are new to this process, two fewer after that."""
    assert len(_statements(course, count)) == 11


def test_later_batches_take_no_more_queries(course, monkeypatch):
    monkeypatch.setattr(carrying, "BATCH", 2)
    for _number in range(6):
        course.learner(course.a)
    course.release(course.a, course.c)
    carrying.begin_carry_over(Release.objects.get().pk)
    key = CarryOver.objects.get().pk
    counts = []
    for _batch in range(3):
        carrying._claim(key)
        with CaptureQueriesContext(connection) as captured:
            carrying._continue(key)
        counts.append(len(captured))
    assert counts[1] == counts[2] <= counts[0]


class Killed(BaseException):
    """Whatever ends a process: nothing in between may catch it."""


@pytest.mark.parametrize("seed", range(5))
def test_killed_anywhere_it_ends_the_same(course, monkeypatch, seed):
    """The n-th statement of the work never comes back, again and again, with another n each time: over 20 in all."""
    monkeypatch.setattr(carrying, "BATCH", 4)
    for number in range(10):
        course.learner(*([course.b] if number % 3 else [course.a]))
    before = set(BlockProgress.objects.filter(state="completed").values_list("enrolment", "block_id"))
    course.release(course.a, completion_days=9)
    kills = 0
    for number in range(200):
        left = 3 + (seed * 37 + number * 29) % 75

        def kill(execute, sql, params, many, context):
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(kill):
                continue_carry_overs()
        except Killed:
            kills += 1
        CarryOver.objects.update(claimed_until=None)  # the lease runs out
        if CarryOver.objects.exclude(finished_at=None).exists():
            break
    assert kills >= 4
    assert counters() == [(10, 10, 4, 0, 0, 0)]
    assert states() == [("in_progress", 0, 0) if number % 3 else ("completed", 1, 100) for number in range(10)]
    assert Certificate.objects.count() == 4
    assert set(BlockProgress.objects.filter(state="completed").values_list("enrolment", "block_id")) == before
    assert {row.due_at for row in Enrolment.objects.all()} == {
        end_of_day_after(row.enrolled_at, 9, UTC) for row in Enrolment.objects.all()
    }


def test_a_quiz_taken_out_changes_the_score_that_counts():
    first, second = quiz_block(pass_percent=0), quiz_block(pass_percent=0)
    lesson = make_lesson(first, second)
    state = make_edition(modules=[make_module(lesson)], passing_percentage=80)
    enrolment = start_learner(state)
    now = timezone.now()
    for block, score in ((first, 90), (second, 40)):
        BlockProgress.objects.create(
            enrolment=enrolment, lesson_key=lesson["id"], block_id=block["id"], edition=state.edition, score=score,
            state="completed", started_at=now, last_accessed_at=now, completed_at=now,
        )  # fmt: skip
    Enrolment.objects.update(state="in_progress", required_done=2, percent=100, score=65)
    release(state, modules=[make_module(make_lesson(first, key=lesson["id"]))], passing_percentage=80)
    continue_carry_overs()
    row = Enrolment.objects.get()
    assert (row.state, row.score, row.required_done) == ("completed", 90, 1)
