"""Carry-over beside learners at work, with several workers, in killed processes. Real ones, PostgreSQL only."""

import pytest

from learners.enrolments.models import Enrolment
from learners.progress import carrying
from learners.progress.carrying import continue_carry_overs
from learners.progress.models import BlockProgress, CarryOver
from learners.progress.services import follow_current_edition, record_progress
from learners.signals import course_completed
from tests.factories.courses import make_edition, make_lesson, make_module, new_id, text_block
from tests.learners.processes import kill_workers
from tests.learners.progress.releases import counters, release, start_learner

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tasks")]


class Course:
    """Half of the learners have completed the block that stays, half the one that is removed."""

    def __init__(self, learners: int) -> None:
        self.stays, self.goes, self.comes = text_block(), text_block(), text_block()
        self.lesson = make_lesson(self.stays, self.goes)
        self.state = make_edition(modules=[make_module(self.lesson)])
        for number in range(learners):
            start_learner(self.state, (self.lesson, self.goes if number % 2 else self.stays))
        self.before = done()

    def release(self, *blocks):
        modules = [make_module(make_lesson(*blocks, key=self.lesson["id"]))]
        self.state = release(self.state, modules=modules)

    def assert_carried_over_once(self, learners: int) -> None:
        assert counters() == [(learners, learners, learners // 2, 0, 0, 0)]
        rows = Enrolment.objects.order_by("pk").values_list("edition__number", "state", "required_done")
        assert list(rows) == [(2, "completed", 1), (2, "in_progress", 0)] * (learners // 2)
        assert done() == self.before


def done():
    return set(BlockProgress.objects.filter(state="completed").values_list("enrolment", "block_id"))


def finish():
    while continue_carry_overs():
        pass


@pytest.fixture
def completions():
    seen = []

    def note(sender, enrolment_id, **kwargs):
        seen.append(enrolment_id)

    course_completed.connect(note)
    yield seen
    course_completed.disconnect(note)


def test_two_workers_at_once_do_each_enrolment_once(run_together, monkeypatch, completions):
    monkeypatch.setattr(carrying, "BATCH", 5)
    course = Course(24)
    course.release(course.stays)
    results = run_together(2, lambda _number: continue_carry_overs())
    assert [each for each in results if isinstance(each, Exception)] == []
    finish()
    course.assert_carried_over_once(24)
    assert len(completions) == len(set(completions)) == 12


def test_workers_that_ignore_the_lease_still_do_each_once(run_together, monkeypatch, completions):
    """As when a lease runs out under a worker that is only slow."""
    monkeypatch.setattr(carrying, "BATCH", 5)
    monkeypatch.setattr(carrying, "_claim", lambda key: CarryOver.objects.filter(pk=key, finished_at=None).exists())
    course = Course(24)
    course.release(course.stays)
    results = run_together(4, lambda _number: continue_carry_overs())
    assert [each for each in results if isinstance(each, Exception)] == []
    finish()
    course.assert_carried_over_once(24)
    assert len(completions) == len(set(completions)) == 12


def test_learners_at_work_meanwhile_lose_nothing(run_together, monkeypatch, completions):
    """Each completes the block that stays, opens the course or does both while everybody is carried over."""
    monkeypatch.setattr(carrying, "BATCH", 3)
    course = Course(18)
    course.release(course.stays, course.comes)
    people = list(Enrolment.objects.select_related("user", "edition").order_by("pk"))

    def work(number):
        if number < 2:
            return continue_carry_overs()
        for enrolment in people[number - 2 :: 6]:
            follow_current_edition(enrolment, course.state)
            event = {"id": new_id(), "lesson": course.lesson["id"], "block": course.stays["id"], "state": "completed"}
            result = record_progress(user=enrolment.user, enrolment_id=enrolment.pk, events=[event])
            assert [each.status for each in result.events] == ["applied"]
        return None

    results = run_together(8, work)
    assert [each for each in results if isinstance(each, Exception)] == []
    finish()
    rows = Enrolment.objects.values_list("edition__number", "state", "required_done", "percent")
    assert set(rows) == {(2, "in_progress", 1, 50)}
    assert done() >= course.before
    assert BlockProgress.objects.filter(state="completed", block_id=course.stays["id"]).count() == 18


WORK = """
from learners.progress import carrying
carrying.BATCH = 2
def work():
    while carrying.continue_carry_overs(): pass
"""


def test_a_worker_killed_twenty_times_ends_the_same():
    """SIGKILL of the real process at a random moment of its work, twenty times, then once to the end."""
    course = Course(120)
    course.release(course.stays)

    def is_due(number):
        return _seen() > 4 * number

    assert kill_workers(20, work=WORK, before=_let_the_lease_run_out, is_due=is_due, seconds=1 / 50) >= 15
    _let_the_lease_run_out()
    finish()
    course.assert_carried_over_once(120)


def _let_the_lease_run_out() -> None:
    CarryOver.objects.update(claimed_until=None)


def _seen() -> int:
    return CarryOver.objects.values_list("seen", flat=True).first() or 0
