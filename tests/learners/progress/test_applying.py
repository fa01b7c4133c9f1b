"""One event on the rows of a ledger."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from learners.progress.applying import KEPT_EVENT_IDS, apply_event
from learners.progress.events import Event
from learners.progress.ledger import Ledger
from tests.factories.courses import make_edition, make_lesson, make_module, video_block
from tests.factories.learners import EnrolmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def film():
    lesson = make_lesson(video_block(duration=100.0))
    enrolment = EnrolmentFactory(course=make_edition(modules=[make_module(lesson)]))
    ledger = Ledger(enrolment, timezone.now())
    ledger.load([lesson["id"]])
    return ledger, lesson["id"], lesson["blocks"][0]["id"]


def watch(lesson, block, *watched):
    return Event(str(uuid.uuid4()), lesson, block, watched=watched)


def test_apply_event_credits_a_new_block_with_the_grace_only(film):
    ledger, lesson, block = film
    apply_event(ledger, ledger.enrolment.user, watch(lesson, block, (0.0, 90.0)))
    assert ledger.rows[lesson, block].watched == [[0.0, 10.0]]


def test_apply_event_shares_the_elapsed_time_among_the_events_of_a_batch(film):
    ledger, lesson, block = film
    ledger.open((lesson, block))
    later = Ledger(ledger.enrolment, ledger.now + timedelta(seconds=20), rows=ledger.rows)
    ledger.rows[lesson, block].last_accessed_at = ledger.now
    for start in (0.0, 20.0, 40.0, 60.0, 80.0):
        apply_event(later, ledger.enrolment.user, watch(lesson, block, (start, start + 20)))
    assert later.rows[lesson, block].watched == [[0.0, 60.0]]
    assert later.newly_completed == []


def test_apply_event_remembers_the_last_hundred_ids(film):
    ledger, lesson, block = film
    events = [Event(str(uuid.uuid4()), lesson, block, "in_progress") for _number in range(KEPT_EVENT_IDS + 5)]
    for event in events:
        apply_event(ledger, ledger.enrolment.user, event)
    assert ledger.rows[lesson, block].recent_events == [event.id for event in events[5:]]


def test_apply_event_makes_no_row_for_what_it_refuses(film):
    ledger, lesson, block = film
    result = apply_event(ledger, ledger.enrolment.user, Event(str(uuid.uuid4()), lesson, block, "completed"))
    assert (result.status, result.code, ledger.rows, ledger.changed) == ("refused", "media_is_measured", {}, {})
