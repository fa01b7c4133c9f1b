"""Time spent, from heartbeats: any order, twice, several tabs, never more than the server's clock."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learners.progress.arithmetic import share_time
from learners.progress.models import BlockProgress
from learners.progress.services import record_progress, touch_lesson
from tests.factories.courses import make_edition, make_lesson, make_module, text_block, video_block
from tests.factories.learners import EnrolmentFactory

pytestmark = pytest.mark.django_db

START = timezone.now().replace(microsecond=0)


class Desk:
    """A learner who opened a lesson with a text and a film of 100 seconds."""

    def __init__(self, *blocks, **facts):
        self.blocks = blocks or (text_block(), video_block(duration=100.0))
        self.lesson = make_lesson(*self.blocks)
        self.enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(self.lesson)], **facts))
        with time_machine.travel(START, tick=False):
            touch_lesson(enrolment=self.enrolment, lesson_key=self.lesson["id"])

    def event(self, place, **changes):
        return {"id": str(uuid.uuid4()), "lesson": self.lesson["id"], "block": self.blocks[place]["id"]} | changes

    def send(self, seconds, *events):
        with time_machine.travel(START + timedelta(seconds=seconds), tick=False):
            return record_progress(user=self.enrolment.user, enrolment_id=self.enrolment.pk, events=list(events))

    def row(self, place):
        return BlockProgress.objects.get(enrolment=self.enrolment, block_id=self.blocks[place]["id"])

    @property
    def seconds_spent(self):
        self.enrolment.refresh_from_db()
        return self.enrolment.seconds_spent


def test_share_time_gives_together_no_more_than_has_passed():
    first, second = ("l", "a"), ("l", "b")
    assert share_time({first: 10, second: 5}, 60) == {first: 10, second: 5}
    assert share_time({first: 10, second: 5}, 12.9) == {first: 10, second: 2}
    assert share_time({first: 10}, None) == {first: 0}
    assert share_time({first: -10}, -5) == {first: 0}


def test_heartbeats_measure_the_time_of_each_block():
    desk = Desk()
    desk.send(30, desk.event(0, active=20), desk.event(1, active=8))
    assert (desk.row(0).seconds_spent, desk.row(1).seconds_spent, desk.seconds_spent) == (20, 8, 28)


def test_heartbeats_of_a_long_time_offline_are_credited():
    desk = Desk()
    desk.send(600, *(desk.event(0, active=15) for _number in range(40)))
    assert desk.seconds_spent == 600


def test_heartbeats_of_two_tabs_share_one_clock():
    desk = Desk()
    for seconds in (15, 30, 45):
        desk.send(seconds, desk.event(0, active=15))
        desk.send(seconds, desk.event(0, active=15))
    assert (desk.row(0).seconds_spent, desk.seconds_spent) == (45, 45)


def test_heartbeats_sent_twice_count_once():
    desk = Desk()
    beat = desk.event(0, active=5)
    desk.send(10, beat)
    assert [each.status for each in desk.send(60, beat).events] == ["duplicate"]
    assert desk.row(0).seconds_spent == 5


def test_heartbeats_that_are_forged_are_capped():
    desk = Desk()
    desk.send(10, desk.event(0, active=3600))
    assert (desk.row(0).seconds_spent, desk.seconds_spent) == (10, 10)


def test_a_forged_hour_of_film_after_ten_seconds_is_capped():
    desk = Desk(video_block(duration=3600.0))
    desk.send(10, desk.event(0, watched=[[0, 3600]]))
    # Ten seconds at two and a half times the speed, and the grace of ten.
    assert (desk.row(0).watched, desk.row(0).state) == ([[0.0, 35.0]], "in_progress")


def test_seeking_to_the_end_gives_one_interval():
    desk = Desk(video_block(duration=100.0))
    desk.send(6, desk.event(0, position=100.0, watched=[[95.0, 100.0]]))
    assert (desk.row(0).watched, desk.row(0).position, desk.row(0).state) == ([[95.0, 100.0]], 100.0, "in_progress")


@pytest.mark.parametrize(("percent", "state"), [(50, "completed"), (60, "completed"), (61, "in_progress")])
def test_media_is_completed_at_the_share_its_editor_asks_for(percent, state):
    desk = Desk(video_block(duration=100.0, required_percent=percent))
    desk.send(60, desk.event(0, watched=[[0, 60]]))
    assert desk.row(0).state == state


def test_position_is_put_in_order_by_the_clients_clock():
    desk = Desk(video_block(duration=100.0))
    moments = [(START + timedelta(seconds=seconds)).isoformat() for seconds in (10, 20)]
    desk.send(30, desk.event(0, position=20, at=moments[1]), desk.event(0, position=10, at=moments[0]))
    desk.send(31, desk.event(0, position=10, at=moments[0]))
    assert desk.row(0).position == 20


def test_position_with_a_clock_that_runs_ahead_does_not_stay_for_ever():
    desk = Desk(video_block(duration=100.0))
    desk.send(10, desk.event(0, position=90, at="2999-01-01T00:00:00Z"))
    desk.send(11, desk.event(0, position=5))
    assert desk.row(0).position == 5


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_repetition_comes_to_the_same(data):
    """Events of two honest minutes, sent at the end of them in batches, shuffled and some of them twice."""
    ordered, shuffled = Desk(), Desk()
    facts = [{"state": "completed"}, {"active": 15}, {"active": 30}]
    film = [{"watched": [[start, start + 10]], "position": start + 10} for start in range(0, 100, 10)]
    plan = [(0, fact) for fact in facts] + [(1, fact) for fact in film]
    ids = [str(uuid.uuid4()) for _each in plan]

    def make(desk, number):
        place, fact = plan[number]
        at = (START + timedelta(seconds=number)).isoformat()
        return desk.event(place, **fact) | {"id": ids[number], "at": at}

    ordered.send(120, *(make(ordered, number) for number in range(len(plan))))
    order = data.draw(st.permutations(range(len(plan))))
    twice = data.draw(st.lists(st.sampled_from(range(len(plan))), max_size=8))
    numbers = [*order, *twice]
    cut = data.draw(st.integers(0, len(numbers)))
    for part in (numbers[:cut], numbers[cut:]):
        shuffled.send(120, *(make(shuffled, number) for number in part))

    for place in (0, 1):
        one, other = ordered.row(place), shuffled.row(place)
        assert (one.state, one.watched, one.position) == (other.state, other.watched, other.position)
    assert ordered.enrolment.percent == shuffled.enrolment.percent
    assert max(ordered.seconds_spent, shuffled.seconds_spent) <= 120
